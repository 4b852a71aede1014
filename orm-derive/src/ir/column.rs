use proc_macro2::{Ident, Span};
use syn::{Field, Type, Visibility};

use crate::attr::{FieldAttrs, Role, Text, unraw};
use crate::case::{Style, constant_name};

/// A field that is a column.
pub(crate) struct Column {
    pub(crate) field: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    /// The name of its constant.
    pub(crate) constant: Ident,
    /// Its name in the database.
    pub(crate) name: Text,
    pub(crate) attrs: FieldAttrs,
}

/// A field that is no column.
pub(crate) struct Skipped {
    pub(crate) field: Ident,
    pub(crate) ty: Type,
    pub(crate) attrs: FieldAttrs,
}

impl Column {
    pub(super) fn of(field: &Field, ident: Ident, attrs: FieldAttrs, style: Option<Style>) -> Self {
        let text = unraw(&ident);
        let name = attrs.column.clone().unwrap_or_else(|| {
            Text::implied(style.map_or_else(|| text.clone(), |style| style.of_field(&text)), ident.span())
        });
        let constant = Ident::new(&constant_name(&text), ident.span());
        Self { field: ident, vis: field.vis.clone(), ty: field.ty.clone(), constant, name, attrs }
    }

    /// The field's name without `r#`.
    pub(crate) fn field_name(&self) -> String {
        unraw(&self.field)
    }

    /// Where the database is asked to assign the key.
    pub(crate) fn auto(&self) -> Option<Span> {
        self.attrs.auto.or(self.attrs.autoincrement)
    }

    /// What the session does with it.
    pub(crate) fn role(&self) -> Option<(Role, Span)> {
        self.attrs.roles.first().copied()
    }
}
