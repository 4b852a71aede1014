//! The derive macros of `orm-core`, which re-exports and documents them.
//!
//! A derive reads (`attr`), resolves (`ir`), checks (`check`) and only then writes code (`expand`), which cannot fail.

mod attr;
mod case;
mod check;
mod derive;
mod diag;
mod expand;
mod ir;

use proc_macro::TokenStream;

/// Makes a struct a table's row.
#[proc_macro_derive(Model, attributes(orm))]
pub fn model(input: TokenStream) -> TokenStream {
    derive::run(input, derive::model)
}

/// Makes an enum or a newtype the type of a column.
#[proc_macro_derive(Field, attributes(orm))]
pub fn field(input: TokenStream) -> TokenStream {
    derive::run(input, derive::field)
}

/// Makes a struct what a row of raw SQL can become.
#[proc_macro_derive(FromRow, attributes(orm))]
pub fn from_row(input: TokenStream) -> TokenStream {
    derive::run(input, derive::from_row)
}
