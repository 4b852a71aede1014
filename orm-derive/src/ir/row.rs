use proc_macro2::{Ident, Span};
use syn::{Field, Path, Type};

use crate::attr::{RowAttrs, RowFieldAttrs, Text, unraw};
use crate::diag::Diag;

/// A struct that is a row of a result but no table.
pub(crate) struct RowStruct {
    pub(crate) ident: Ident,
    pub(crate) krate: Option<Path>,
    pub(crate) columns: Vec<RowColumn>,
    pub(crate) skipped: Vec<(Ident, Type)>,
}

/// A field that is read from a column.
pub(crate) struct RowColumn {
    pub(crate) field: Ident,
    pub(crate) ty: Type,
    pub(crate) name: Text,
    pub(crate) json: Option<Span>,
}

impl RowStruct {
    pub(crate) fn read(ident: &Ident, attrs: RowAttrs, fields: &[&Field], diag: &mut Diag) -> Self {
        let mut out =
            Self { ident: ident.clone(), krate: attrs.krate, columns: Vec::new(), skipped: Vec::new() };
        for field in fields {
            let Some(ident) = field.ident.clone() else { continue };
            let said = RowFieldAttrs::read(&field.attrs, diag);
            if let Some(skip) = said.skip {
                if said.column.is_some() || said.json.is_some() {
                    diag.at(skip, "`skip` leaves the field out, so nothing else can be said about it");
                }
                out.skipped.push((ident, field.ty.clone()));
                continue;
            }
            let name = said.column.unwrap_or_else(|| {
                let text = unraw(&ident);
                Text::implied(
                    attrs.rename_all.map_or_else(|| text.clone(), |style| style.of_field(&text)),
                    ident.span(),
                )
            });
            out.columns.push(RowColumn { field: ident, ty: field.ty.clone(), name, json: said.json });
        }
        out
    }
}
