//! The derive macros of `orm-core`.

use proc_macro::TokenStream;

/// x
#[proc_macro_derive(Model, attributes(orm))]
pub fn model(_: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// x
#[proc_macro_derive(Field, attributes(orm))]
pub fn field(_: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// x
#[proc_macro_derive(FromRow, attributes(orm))]
pub fn from_row(_: TokenStream) -> TokenStream {
    TokenStream::new()
}
