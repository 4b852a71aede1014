//! Each derive from its input to its output: read, check, expand; stubs where there was a mistake.

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput};

use crate::attr::{EnumAttrs, RowAttrs};
use crate::check;
use crate::diag::Diag;
use crate::expand::{self, Paths};
use crate::ir::{Enumeration, Newtype, RowStruct, Table};

/// Parses the item and adds the mistakes that were found to the output.
pub(crate) fn run(
    input: proc_macro::TokenStream,
    derive: fn(&DeriveInput, &mut Diag) -> TokenStream,
) -> proc_macro::TokenStream {
    let input = match syn::parse::<DeriveInput>(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error().into(),
    };
    let mut diag = Diag::default();
    let mut output = derive(&input, &mut diag);
    output.extend(diag.into_compile_errors());
    output.into()
}

pub(crate) fn model(input: &DeriveInput, diag: &mut Diag) -> TokenStream {
    let fields = check::named_fields(&input.ident, &input.data, "Model", diag);
    check::no_generics(&input.ident, &input.generics, "Model", diag);
    let table = Table::read(&input.ident, &input.vis, &input.generics, &input.attrs, &fields, diag);
    check::table(&table, diag);
    if diag.is_clean() { expand::model(&table) } else { expand::stub(&table) }
}

pub(crate) fn from_row(input: &DeriveInput, diag: &mut Diag) -> TokenStream {
    let fields = check::named_fields(&input.ident, &input.data, "FromRow", diag);
    check::no_generics(&input.ident, &input.generics, "FromRow", diag);
    let attrs = RowAttrs::read(&input.attrs, diag);
    let paths = Paths::new(attrs.krate.as_ref());
    let row = RowStruct::read(&input.ident, attrs, &fields, diag);
    if diag.is_clean() {
        expand::row_struct(&row)
    } else {
        expand::row_stub(&input.ident, &input.generics, &paths)
    }
}

pub(crate) fn field(input: &DeriveInput, diag: &mut Diag) -> TokenStream {
    let ident = &input.ident;
    check::no_generics(ident, &input.generics, "Field", diag);
    let attrs = EnumAttrs::read(&input.attrs, diag);
    let paths = Paths::new(attrs.krate.as_ref());
    let output = match &input.data {
        Data::Enum(data) => {
            Some(expand::enumeration(&Enumeration::read(ident, attrs, data.variants.iter(), diag)))
        }
        Data::Struct(data) => Newtype::read(ident, attrs, &data.fields, diag).map(|it| expand::newtype(&it)),
        Data::Union(_) => {
            diag.at(
                ident.span(),
                format!("`derive(Field)` needs an enum or a struct with one field; `{ident}` is a union"),
            );
            None
        }
    };
    match output {
        Some(output) if diag.is_clean() => output,
        _ => expand::field_stub(ident, &input.generics, &paths),
    }
}
