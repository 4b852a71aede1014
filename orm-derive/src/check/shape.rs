use proc_macro2::Ident;
use syn::{Data, Field, Fields, Generics};

use crate::diag::Diag;

/// The fields of a struct with named fields; the derive works on nothing else.
pub(crate) fn named_fields<'a>(
    ident: &Ident,
    data: &'a Data,
    derive: &str,
    diag: &mut Diag,
) -> Vec<&'a Field> {
    let found = match data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if fields.named.is_empty() => "has none",
            Fields::Named(fields) => return fields.named.iter().collect(),
            Fields::Unnamed(_) => "is a tuple struct",
            Fields::Unit => "is a unit struct",
        },
        Data::Enum(_) => "is an enum",
        Data::Union(_) => "is a union",
    };
    diag.at(ident.span(), format!("`derive({derive})` needs a struct with named fields; `{ident}` {found}"));
    Vec::new()
}

/// Neither types nor lifetimes nor constants.
pub(crate) fn no_generics(ident: &Ident, generics: &Generics, derive: &str, diag: &mut Diag) {
    if !generics.params.is_empty() {
        diag.on(
            &generics.params,
            format!("`derive({derive})` does not work on generic types; `{ident}` has parameters"),
        );
    }
}
