use proc_macro2::{Ident, Span};
use syn::{Attribute, Field, Generics, Path, Visibility};

use super::{Column, Skipped};
use crate::attr::{
    Borrowed, CheckAttr, FieldAttrs, FtsAttr, HasAttr, IndexAttr, ManyToManyAttr, ModelAttrs, Parent,
    Relation, TermTarget, Text, unraw,
};
use crate::case::table_name;
use crate::diag::{Diag, closest, listed};

/// A struct that is a table.
pub(crate) struct Table {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) generics: Generics,
    pub(crate) krate: Option<Path>,
    pub(crate) name: Text,
    pub(crate) columns: Vec<Column>,
    pub(crate) skipped: Vec<Skipped>,
    /// Positions in `columns`, in key order.
    pub(crate) key: Vec<usize>,
    /// Whether a key was meant, even where it could not be read.
    pub(crate) says_key: bool,
    /// `primary_key(…)` on the struct.
    pub(crate) key_list: Option<Span>,
    pub(crate) uniques: Vec<Unique>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) checks: Vec<Check>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) fts: Option<Fts>,
    pub(crate) has: Vec<HasAttr>,
    pub(crate) many_to_many: Vec<ManyToManyAttr>,
    pub(crate) strict: Option<bool>,
    pub(crate) without_rowid: Option<Span>,
    pub(crate) renamed_from: Vec<Text>,
    pub(crate) hooks: bool,
    /// The name of the struct of borrowed rows, where one is wanted.
    pub(crate) borrowed: Option<Ident>,
}

/// A CHECK constraint of the table.
pub(crate) type Check = CheckAttr;

/// A unique constraint.
pub(crate) struct Unique {
    pub(crate) name: Option<Text>,
    pub(crate) columns: Vec<usize>,
}

/// An index.
pub(crate) struct Index {
    pub(crate) name: Option<Text>,
    pub(crate) terms: Vec<Term>,
    pub(crate) predicate: Option<Text>,
    pub(crate) unique: bool,
}

/// One term of an index.
pub(crate) struct Term {
    pub(crate) target: Target,
    pub(crate) descending: bool,
    pub(crate) collate: Option<Text>,
}

/// A column by position, or an SQL expression.
pub(crate) enum Target {
    Column(usize),
    Expression(Text),
}

impl Target {
    /// The column's position, where it is one.
    pub(crate) fn column(&self) -> Option<usize> {
        match self {
            Self::Column(position) => Some(*position),
            Self::Expression(_) => None,
        }
    }
}

/// A full-text index.
pub(crate) struct Fts {
    pub(crate) name: Option<Text>,
    /// Positions in the table's columns, with where each was named.
    pub(crate) columns: Vec<usize>,
    pub(crate) spans: Vec<Span>,
    pub(crate) tokenize: Option<Text>,
    pub(crate) prefix: Vec<u16>,
    /// The attribute's name.
    pub(crate) span: Span,
}

/// A foreign key of one field or several.
pub(crate) struct ForeignKey {
    pub(crate) columns: Vec<usize>,
    pub(crate) parent: Parent,
    pub(crate) relation: Relation,
    /// The attribute's name.
    pub(crate) span: Span,
}

impl Borrowed {
    /// The name that was given, or the model's with `Ref` behind it; a clash is reported at the attribute.
    fn name_for(&self, model: &Ident) -> Ident {
        let implied = || Ident::new(&format!("{}Ref", unraw(model)), self.span);
        self.name.clone().unwrap_or_else(implied)
    }
}

impl Table {
    /// Reads a struct's attributes and fields and resolves the names of fields.
    pub(crate) fn read(
        ident: &Ident,
        vis: &Visibility,
        generics: &Generics,
        attributes: &[Attribute],
        fields: &[&Field],
        diag: &mut Diag,
    ) -> Self {
        let attrs = ModelAttrs::read(attributes, diag);
        let name = attrs.table.clone();
        let mut out = Self {
            ident: ident.clone(),
            vis: vis.clone(),
            generics: generics.clone(),
            krate: attrs.krate.clone(),
            name: name.unwrap_or_else(|| Text::implied(table_name(&unraw(ident)), ident.span())),
            columns: Vec::new(),
            skipped: Vec::new(),
            key: Vec::new(),
            says_key: attrs.says("primary_key"),
            key_list: attrs.primary_key.as_ref().map(|(_, span)| *span),
            uniques: Vec::new(),
            indexes: Vec::new(),
            checks: Vec::new(),
            foreign_keys: Vec::new(),
            fts: None,
            has: Vec::new(),
            many_to_many: Vec::new(),
            strict: attrs.strict,
            without_rowid: attrs.without_rowid,
            renamed_from: attrs.renamed_from.clone(),
            hooks: attrs.hooks,
            borrowed: attrs.borrowed.as_ref().map(|borrowed| borrowed.name_for(ident)),
        };
        out.read_fields(fields, &attrs, diag);
        out.resolve_fields();
        out.resolve_struct(attrs, diag);
        out
    }

    fn read_fields(&mut self, fields: &[&Field], attrs: &ModelAttrs, diag: &mut Diag) {
        for field in fields {
            let Some(ident) = field.ident.clone() else { continue };
            let field_attrs = FieldAttrs::read(&field.attrs, diag);
            if field_attrs.skip.is_some() {
                self.skipped.push(Skipped { field: ident, ty: field.ty.clone(), attrs: field_attrs });
            } else {
                self.columns.push(Column::of(field, ident, field_attrs, attrs.rename_all));
            }
        }
    }

    /// What is said on single fields.
    fn resolve_fields(&mut self) {
        for (position, column) in self.columns.iter_mut().enumerate() {
            let attrs = &mut column.attrs;
            self.says_key |= attrs.says("primary_key");
            if attrs.primary_key.is_some() {
                self.key.push(position);
            }
            if attrs.unique.is_some() {
                self.uniques.push(Unique { name: None, columns: vec![position] });
            }
            if attrs.index.is_some() {
                let term = Term { target: Target::Column(position), descending: false, collate: None };
                self.indexes.push(Index { name: None, terms: vec![term], predicate: None, unique: false });
            }
            let span = attrs.written.iter().find(|(name, _)| name == "references").map(|&(_, span)| span);
            if let Some((parent, span)) = attrs.references.take().zip(span) {
                let relation = std::mem::take(&mut attrs.relation);
                self.foreign_keys.push(ForeignKey { columns: vec![position], parent, relation, span });
            }
        }
    }

    /// What is said on the struct.
    fn resolve_struct(&mut self, attrs: ModelAttrs, diag: &mut Diag) {
        if let Some((fields, span)) = attrs.primary_key {
            if self.key.is_empty() {
                self.key = self.positions("primary_key", &fields, diag);
            } else {
                diag.at(span, "the primary key is given twice: on the struct and on a field");
            }
        }
        for unique in attrs.uniques {
            let columns = self.positions("unique", &unique.fields, diag);
            self.uniques.push(Unique { name: unique.name, columns });
        }
        for index in attrs.indexes {
            let index = self.index(index, diag);
            self.indexes.push(index);
        }
        for key in attrs.foreign_keys {
            let columns = self.positions("columns", &key.columns, diag);
            // an unknown field was reported; the number of columns is not a second mistake
            if columns.len() == key.columns.len() {
                let (parent, relation, span) = (key.parent, key.relation, key.span);
                self.foreign_keys.push(ForeignKey { columns, parent, relation, span });
            }
        }
        self.fts = attrs.fts.map(|fts| self.fts(fts, diag));
        self.checks = attrs.checks;
        self.has = attrs.has;
        self.many_to_many = attrs.many_to_many;
    }

    fn index(&self, index: IndexAttr, diag: &mut Diag) -> Index {
        let mut seen = Vec::new();
        let mut terms = Vec::new();
        for term in index.terms {
            let target = match term.target {
                TermTarget::Expression(expression) => Some(Target::Expression(expression)),
                TermTarget::Field(field) => {
                    self.new_position("index", &field, &mut seen, diag).map(Target::Column)
                }
            };
            let (descending, collate) = (term.descending, term.collate);
            terms.extend(target.map(|target| Term { target, descending, collate }));
        }
        Index { name: index.name, terms, predicate: index.predicate, unique: index.unique }
    }

    fn fts(&self, fts: FtsAttr, diag: &mut Diag) -> Fts {
        let (mut columns, mut spans) = (Vec::new(), Vec::new());
        for field in &fts.fields {
            if self.new_position("fts", field, &mut columns, diag).is_some() {
                spans.push(field.span());
            }
        }
        let FtsAttr { name, tokenize, prefix, span, fields: _ } = fts;
        Fts { name, columns, spans, tokenize, prefix, span }
    }

    fn positions(&self, list: &str, fields: &[Ident], diag: &mut Diag) -> Vec<usize> {
        let mut seen = Vec::new();
        fields.iter().filter_map(|field| self.new_position(list, field, &mut seen, diag)).collect()
    }

    fn new_position(
        &self,
        list: &str,
        field: &Ident,
        seen: &mut Vec<usize>,
        diag: &mut Diag,
    ) -> Option<usize> {
        let position = self.position(field, diag)?;
        if seen.contains(&position) {
            diag.at(field.span(), format!("`{field}` is in this `{list}` twice"));
            return None;
        }
        seen.push(position);
        Some(position)
    }

    fn position(&self, field: &Ident, diag: &mut Diag) -> Option<usize> {
        let wanted = unraw(field);
        let found = self.columns.iter().position(|column| column.field_name() == wanted);
        if found.is_none() {
            diag.at(field.span(), self.no_such_field(&wanted));
        }
        found
    }

    fn no_such_field(&self, wanted: &str) -> String {
        let ident = &self.ident;
        if self.skipped.iter().any(|skipped| unraw(&skipped.field) == wanted) {
            return format!("`{wanted}` has `#[orm(skip)]`, so it is no column");
        }
        if let Some(column) = self.columns.iter().find(|column| column.name.value == wanted) {
            return format!("attributes name fields, not columns; did you mean `{}`?", column.field_name());
        }
        let fields: Vec<String> = self.columns.iter().map(Column::field_name).collect();
        let names: Vec<&str> = fields.iter().map(String::as_str).collect();
        match closest(wanted, &names) {
            Some(near) => format!("`{ident}` has no field `{wanted}`; did you mean `{near}`?"),
            None => format!("`{ident}` has no field `{wanted}`, only {}", listed(&fields)),
        }
    }
}
