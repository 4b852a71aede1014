use proc_macro2::{Ident, Span, TokenStream};
use syn::Path;
use syn::parse::Parser;

use super::item::{Item, ItemValue, Vocabulary, split};
use super::value::{Text, found};
use crate::diag::Diag;

/// What a foreign key refers to.
pub(crate) enum Parent {
    /// A model's primary key.
    Key(Path),
    /// Columns by their constants, such as `User::EMAIL`.
    Columns(Vec<Path>),
}

/// What else is said about a foreign key.
#[derive(Default)]
pub(crate) struct Relation {
    pub(crate) on_delete: Option<(Action, Span)>,
    pub(crate) on_update: Option<(Action, Span)>,
    pub(crate) deferred: Option<Span>,
    pub(crate) name: Option<Text>,
}

/// `foreign_key(columns(…), references(…), …)`.
pub(crate) struct ForeignKeyAttr {
    pub(crate) columns: Vec<Ident>,
    pub(crate) parent: Parent,
    pub(crate) relation: Relation,
    pub(crate) span: Span,
}

/// What happens to a row when its parent goes or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::enum_variant_names, reason = "these are SQL's words")]
pub(crate) enum Action {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

const ACTIONS: [(&str, Action); 5] = [
    ("cascade", Action::Cascade),
    ("set null", Action::SetNull),
    ("set default", Action::SetDefault),
    ("restrict", Action::Restrict),
    ("no action", Action::NoAction),
];

const FOREIGN_KEY: Vocabulary = Vocabulary {
    place: "`foreign_key(…)`",
    names: &["columns", "references", "on_delete", "on_update", "deferred", "as"],
    repeatable: &[],
    elsewhere: (&[], ""),
};

impl Action {
    pub(super) fn read(item: &Item, diag: &mut Diag) -> Option<(Self, Span)> {
        let text = item.one_of(&ACTIONS.map(|(word, _)| word), diag)?;
        let (_, action) = ACTIONS.into_iter().find(|(word, _)| *word == text.value)?;
        Some((action, text.span))
    }
}

impl Relation {
    /// `as = "writer"`, which becomes a constant's name.
    pub(super) fn read_name(item: &Item, diag: &mut Diag) -> Option<Text> {
        let text = item.string(diag)?;
        if syn::parse_str::<Ident>(&text.value).is_ok() {
            return Some(text);
        }
        diag.at(
            text.span,
            format!("`{}` is no Rust name, which the constant of a relation needs", text.value),
        );
        None
    }
}

impl Parent {
    /// `references = User` or `references(User::EMAIL)` on a field.
    pub(super) fn of_field(item: &Item, diag: &mut Diag) -> Option<Self> {
        let ItemValue::List(list) = &item.value else {
            return item
                .assigned("a model or a column", "= User` or `references(User::EMAIL)", diag)
                .map(Self::Key);
        };
        let columns = columns(item, list, diag)?;
        if columns.len() == 1 {
            return Some(Self::Columns(columns));
        }
        diag.on(list, "a field refers to one column; for several write `foreign_key(…)` on the struct");
        None
    }

    /// The same in `foreign_key(…)`, where the columns may be several.
    fn of_struct(item: &Item, diag: &mut Diag) -> Option<Self> {
        match &item.value {
            ItemValue::List(list) => columns(item, list, diag).map(Self::Columns),
            ItemValue::Absent | ItemValue::Assigned(_) => item
                .assigned("a model or columns", "= Order` or `references(Order::SHOP, Order::NUMBER)", diag)
                .map(Self::Key),
        }
    }
}

fn columns(item: &Item, list: &TokenStream, diag: &mut Diag) -> Option<Vec<Path>> {
    if list.is_empty() {
        diag.at(item.span(), "`references()` is empty; expected a column, as in `references(User::EMAIL)`");
        return None;
    }
    split(list.clone()).into_iter().map(|piece| column(&piece, diag)).collect()
}

/// The path of a constant of a model: `User::EMAIL`.
pub(super) fn constant(piece: &TokenStream) -> Option<Path> {
    Path::parse_mod_style.parse2(piece.clone()).ok().filter(|path| path.segments.len() > 1)
}

fn column(piece: &TokenStream, diag: &mut Diag) -> Option<Path> {
    match Path::parse_mod_style.parse2(piece.clone()) {
        Ok(path) if path.segments.len() > 1 => Some(path),
        Ok(path) if path.segments.len() == 1 => {
            let name = &path.segments[0].ident;
            diag.on(
                &path,
                format!("`{name}` is no column; write `references = {name}` for its key, or `references({name}::EMAIL)`"),
            );
            None
        }
        Ok(_) | Err(_) => {
            diag.on(piece, format!("expected a column such as `User::EMAIL`, found {}", found(piece)));
            None
        }
    }
}

impl ForeignKeyAttr {
    pub(super) fn read(item: &Item, diag: &mut Diag) -> Option<Self> {
        const EXAMPLE: &str = "foreign_key(columns(shop, number), references(Order::SHOP, Order::NUMBER))";
        item.list(EXAMPLE, diag)?;
        let ItemValue::List(list) = &item.value else { return None };
        let entries = FOREIGN_KEY.read_list(list.clone(), diag);
        let (mut fields, mut parent, mut relation) = (None, None, Relation::default());
        for entry in &entries {
            match entry.text().as_str() {
                "columns" => fields = entry.fields("columns(shop, number)", diag),
                "references" => parent = Parent::of_struct(entry, diag),
                "on_delete" => relation.on_delete = Action::read(entry, diag),
                "on_update" => relation.on_update = Action::read(entry, diag),
                "deferred" => relation.deferred = entry.flag(diag),
                _ => relation.name = Relation::read_name(entry, diag),
            }
        }
        for needed in ["columns", "references"] {
            if !entries.iter().any(|entry| entry.text() == needed) {
                diag.at(item.span(), format!("`foreign_key` needs `{needed}(…)`, as in `{EXAMPLE}`"));
            }
        }
        Some(Self { columns: fields?, parent: parent?, relation, span: item.span() })
    }
}
