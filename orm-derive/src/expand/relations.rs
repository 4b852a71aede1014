use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Visibility};

use super::{Paths, assertions, foreign_key};
use crate::attr::{HasAttr, ManyToManyAttr, Number, Parent, unraw};
use crate::case::constant_name;
use crate::ir::{ForeignKey, Table};

/// The constants of foreign keys, to stand where parents have their names inside the expansion:
///
/// ```text
/// const AUTHOR: BelongsTo<Self, <i64 as Field>::Rel<User>> =
///     BelongsTo::__new("author", &["author_id"], <User as Record>::KEY, false);
/// ```
pub(super) fn foreign_keys(table: &Table, paths: &Paths) -> TokenStream {
    let constants = (0..table.foreign_keys.len())
        .filter_map(|position| belongs_to(table, position, Parents::Named, paths));
    constants_impl(table, &constants.collect::<Vec<_>>())
}

/// The constants of `has_many`, `has_one` and `many_to_many`.
pub(super) fn declared(table: &Table, paths: &Paths) -> TokenStream {
    let has = table.has.iter().map(|has| has_constant(table, has, paths));
    let many_to_many = table.many_to_many.iter().map(|relation| many_to_many(table, relation, paths));
    let uniques = table.has.iter().filter(|has| has.number == Number::One).map(|has| {
        let path = &has.child;
        let message = "`has_one` needs a foreign key that is `unique`; without it write `has_many`";
        assertions::assert(path.span(), &quote!(#path.__is_unique()), message)
    });
    let constants = constants_impl(table, &has.chain(many_to_many).collect::<Vec<_>>());
    quote!(#constants #(#uniques)*)
}

/// All of them after a mistake was reported: others may use them.
pub(super) fn stubs(table: &Table, paths: &Paths) -> TokenStream {
    if !table.generics.params.is_empty() {
        return TokenStream::new();
    }
    let mut seen: Vec<Ident> = table.columns.iter().map(|column| column.constant.clone()).collect();
    let mut is_new = |name: &Ident| {
        let new = !seen.contains(name);
        seen.push(name.clone());
        new
    };
    let mut constants = Vec::new();
    for (position, key) in table.foreign_keys.iter().enumerate() {
        let name = table.relation_name(key).map(|name| Ident::new(&constant_name(&name.value), name.span));
        // `json` beside `references` is a mistake that was reported
        let is_json = key.columns.iter().any(|&at| table.columns[at].attrs.json.is_some());
        if !is_json && name.is_some_and(|name| is_new(&name)) {
            constants.extend(belongs_to(table, position, Parents::AsWritten, paths));
        }
    }
    constants.extend(
        table
            .has
            .iter()
            .filter(|has| is_new(&constant(&has.name)))
            .map(|has| has_constant(table, has, paths)),
    );
    let many = table.many_to_many.iter().filter(|relation| is_new(&constant(&relation.name)));
    constants.extend(many.map(|relation| many_to_many(table, relation, paths)));
    constants_impl(table, &constants)
}

fn constants_impl(table: &Table, constants: &[TokenStream]) -> TokenStream {
    if constants.is_empty() {
        return TokenStream::new();
    }
    let ident = &table.ident;
    quote! {
        #[automatically_derived]
        #[allow(dead_code, unreachable_pub, non_upper_case_globals, private_interfaces)]
        impl #ident {
            #(#constants)*
        }
    }
}

/// What parents are called.
#[derive(Clone, Copy)]
enum Parents {
    /// By their names inside the expansion.
    Named,
    /// As they were written.
    AsWritten,
}

fn belongs_to(table: &Table, position: usize, parents: Parents, paths: &Paths) -> Option<TokenStream> {
    let key = &table.foreign_keys[position];
    let private = &paths.private;
    let name = table.relation_name(key)?;
    let constant = Ident::new(&constant_name(&name.value), name.span);
    let parent = match (&key.parent, parents) {
        (Parent::Key(model), Parents::Named) => {
            let alias = foreign_key::alias(position, model);
            quote!(#alias)
        }
        (Parent::Key(model), Parents::AsWritten) => quote!(#model),
        (Parent::Columns(columns), _) => {
            let model = model_of(&columns[0]);
            quote!(#model)
        }
    };
    let parent_columns = match &key.parent {
        Parent::Key(_) => quote!(<#parent as #private::Record>::KEY),
        Parent::Columns(columns) => quote!(&[#(#columns.name()),*]),
    };
    let target = target(table, key, &parent, paths);
    let child = key.columns.iter().map(|&at| &table.columns[at].name.value);
    let unique = is_unique(table, key);
    let name = name.value;
    let doc = format!("The relation `{name}` of table `{}`.", table.name.value);
    let vis = visibility(table, key);
    Some(quote! {
        #[doc = #doc]
        #vis const #constant: #private::BelongsTo<Self, #target> =
            #private::BelongsTo::__new(#name, &[#(#child),*], #parent_columns, #unique);
    })
}

/// `User`, or `Option<User>` where a column of the key is optional.
fn target(table: &Table, key: &ForeignKey, parent: &TokenStream, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    if let [only] = key.columns.as_slice() {
        let rel = paths.field(&table.columns[*only].ty, "Rel");
        return quote!(#rel<#parent>);
    }
    let nullable = key.columns.iter().map(|&at| paths.field(&table.columns[at].ty, "NULLABLE"));
    quote!(<#private::Choose<{ #(#nullable)||* }> as #private::Chosen>::Rel<#parent>)
}

/// Whether a parent has at most one child: the key's columns hold a unique constraint.
fn is_unique(table: &Table, key: &ForeignKey) -> bool {
    let holds = |columns: &[usize]| !columns.is_empty() && columns.iter().all(|at| key.columns.contains(at));
    let by_index =
        table.indexes.iter().filter(|index| index.unique && index.predicate.is_none()).any(|index| {
            let columns: Option<Vec<usize>> = index.terms.iter().map(|term| term.target.column()).collect();
            columns.is_some_and(|columns| holds(&columns))
        });
    by_index || holds(&table.key) || table.uniques.iter().any(|unique| holds(&unique.columns))
}

/// A field's, or the struct's for a key of several.
fn visibility<'t>(table: &'t Table, key: &ForeignKey) -> &'t Visibility {
    match key.columns.as_slice() {
        [only] => &table.columns[*only].vis,
        _ => &table.vis,
    }
}

fn has_constant(table: &Table, has: &HasAttr, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let (constant, vis, path) = (constant(&has.name), &table.vis, &has.child);
    let child = model_of(path);
    let kind = match has.number {
        Number::Many => Ident::new("HasMany", Span::call_site()),
        Number::One => Ident::new("HasOne", Span::call_site()),
    };
    let doc = relation_doc(table, &has.name);
    let value = quote_spanned!(path.span()=> #private::#kind::<Self, #child>::__new(#path));
    quote! {
        #[doc = #doc]
        #vis const #constant: #private::#kind<Self, #child> = #value;
    }
}

fn many_to_many(table: &Table, relation: &ManyToManyAttr, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let ManyToManyAttr { name, target, near, far } = relation;
    let (constant, vis, link) = (constant(name), &table.vis, model_of(near));
    let doc = relation_doc(table, name);
    let value =
        quote_spanned!(near.span()=> #private::ManyToMany::<Self, #target, #link>::__new(#near, #far));
    quote! {
        #[doc = #doc]
        #vis const #constant: #private::ManyToMany<Self, #target, #link> = #value;
    }
}

fn constant(name: &Ident) -> Ident {
    Ident::new(&constant_name(&unraw(name)), name.span())
}

fn relation_doc(table: &Table, name: &Ident) -> String {
    format!("The relation `{name}` of table `{}`.", table.name.value)
}

/// `User` of `User::EMAIL`.
pub(super) fn model_of(constant: &Path) -> Path {
    let mut model = constant.clone();
    model.segments.pop();
    model.segments.pop_punct();
    model
}
