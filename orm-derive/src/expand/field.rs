use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::Paths;
use crate::diag::alternatives;
use crate::ir::{Enumeration, Newtype, Stored};

/// `ToValue` and `Field` for an enum of unit variants.
pub(crate) fn enumeration(it: &Enumeration) -> TokenStream {
    let paths = Paths::new(it.krate.as_ref());
    match &it.stored {
        Stored::Text(texts) => as_text(it, texts, &paths),
        Stored::Integer => as_integer(it, &paths),
    }
}

fn as_text(it: &Enumeration, texts: &[String], paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let (ident, variants) = (&it.ident, &it.variants);
    let accepted = alternatives(texts);
    let body = quote! {
        type Class = #private::class::Text;
        const TYPE: #private::LogicalType = #private::LogicalType::Text;

        fn from_value(__value: #private::ValueRef<'_>) -> #private::Result<Self, #private::ConversionError> {
            match __value {
                #(#private::ValueRef::Text(#texts) => ::core::result::Result::Ok(Self::#variants),)*
                #private::ValueRef::Text(_) => ::core::result::Result::Err(
                    #private::not_a_variant(#accepted, "another text"),
                ),
                __other => ::core::result::Result::Err(
                    #private::not_a_variant(#accepted, #private::ValueRef::storage_class(__other)),
                ),
            }
        }
    };
    let to_value = quote! {
        ::core::result::Result::Ok(#private::ToValueOutput::Borrowed(#private::ValueRef::Text(match self {
            #(Self::#variants => #texts,)*
        })))
    };
    impls(ident, &Ident::new("Self", ident.span()), &to_value, &body, paths)
}

fn as_integer(it: &Enumeration, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let (ident, variants) = (&it.ident, &it.variants);
    let names: Vec<String> = variants.iter().map(crate::attr::unraw).collect();
    let accepted = format!("the discriminant of {}", alternatives(&names));
    let body = quote! {
        type Class = #private::class::Integer;
        const TYPE: #private::LogicalType = #private::LogicalType::Integer { bits: 64, signed: true };

        fn from_value(__value: #private::ValueRef<'_>) -> #private::Result<Self, #private::ConversionError> {
            match __value {
                #(#private::ValueRef::Integer(__value) if __value == Self::#variants as ::core::primitive::i64 => {
                    ::core::result::Result::Ok(Self::#variants)
                })*
                #private::ValueRef::Integer(_) => ::core::result::Result::Err(
                    #private::not_a_variant(#accepted, "another integer"),
                ),
                __other => ::core::result::Result::Err(
                    #private::not_a_variant(#accepted, #private::ValueRef::storage_class(__other)),
                ),
            }
        }
    };
    let to_value = quote! {
        ::core::result::Result::Ok(#private::ToValueOutput::Borrowed(#private::ValueRef::Integer(match self {
            #(Self::#variants => Self::#variants as ::core::primitive::i64,)*
        })))
    };
    let fits = variants.iter().map(|variant| fits_64_bits(ident, variant));
    let impls = impls(ident, &Ident::new("Self", ident.span()), &to_value, &body, paths);
    quote!(#impls #(#fits)*)
}

/// A discriminant of `#[repr(u64)]` may be larger than what SQLite stores.
fn fits_64_bits(ident: &Ident, variant: &Ident) -> TokenStream {
    let message = format!("the discriminant of `{variant}` is beyond SQLite's 64 bits");
    quote_spanned! {variant.span()=>
        const _: () = if (#ident::#variant as ::core::primitive::i64) as ::core::primitive::i128
            != #ident::#variant as ::core::primitive::i128
        {
            ::core::panic!(#message)
        };
    }
}

/// `own` is `Self`, with the span that an error in the class shall have.
fn impls(
    ident: &Ident,
    own: &Ident,
    to_value: &TokenStream,
    body: &TokenStream,
    paths: &Paths,
) -> TokenStream {
    let private = &paths.private;
    quote! {
        #[automatically_derived]
        impl #private::ToValue for #ident {
            #[inline]
            fn to_value(&self) -> #private::Result<#private::ToValueOutput<'_>, #private::ConversionError> {
                #to_value
            }
        }

        #[automatically_derived]
        impl #private::Field for #ident {
            type Inner = #own;
            type Rel<__P> = __P;
            #body
        }

        #[automatically_derived]
        impl #private::BorrowValue for #ident {
            type Borrowed<'__r> = Self;

            #[inline]
            fn borrow_value(__value: #private::ValueRef<'_>) -> #private::Result<Self, #private::ConversionError> {
                <Self as #private::Field>::from_value(__value)
            }
        }
    }
}

/// `ToValue` and `Field` for a struct with one field, which stores what that field stores.
pub(crate) fn newtype(it: &Newtype) -> TokenStream {
    let paths = Paths::new(it.krate.as_ref());
    let private = &paths.private;
    let (ident, ty, member) = (&it.ident, &it.ty, &it.member);
    let [class, logical_type, nullable, from_value, encode] =
        ["Class", "TYPE", "NULLABLE", "from_value", "__encode"].map(|member| paths.field(ty, member));
    let body = quote! {
        type Class = #class;
        const TYPE: #private::LogicalType = #logical_type;

        #[inline]
        fn from_value(__value: #private::ValueRef<'_>) -> #private::Result<Self, #private::ConversionError> {
            match #from_value(__value) {
                ::core::result::Result::Ok(__value) => ::core::result::Result::Ok(Self { #member: __value }),
                ::core::result::Result::Err(__error) => ::core::result::Result::Err(__error),
            }
        }
    };
    let to_value = quote!(#encode(&self.#member));
    let own = Ident::new("Self", ty.span());
    let impls = impls(ident, &own, &to_value, &body, &paths);
    let message = format!("a newtype cannot wrap an `Option`; write `Option<{ident}>` in the model instead");
    let not_optional = quote_spanned! {ty.span()=>
        const _: () = if #nullable { ::core::panic!(#message) };
    };
    quote!(#impls #not_optional)
}

/// What makes the rest compile after a mistake was reported.
pub(crate) fn field_stub(ident: &Ident, generics: &syn::Generics, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let (impl_generics, type_generics, _) = generics.split_for_impl();
    let bounds = generics.where_clause.as_ref().map(|clause| &clause.predicates);
    quote! {
        #[automatically_derived]
        impl #impl_generics #private::ToValue for #ident #type_generics where #bounds {
            fn to_value(&self) -> #private::Result<#private::ToValueOutput<'_>, #private::ConversionError> {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl #impl_generics #private::Field for #ident #type_generics where #ident #type_generics: 'static, #bounds {
            type Inner = Self;
            type Rel<__P> = __P;
            type Class = #private::class::Text;
            const TYPE: #private::LogicalType = #private::LogicalType::Text;

            fn from_value(_: #private::ValueRef<'_>) -> #private::Result<Self, #private::ConversionError> {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl #impl_generics #private::BorrowValue for #ident #type_generics where #ident #type_generics: 'static, #bounds {
            type Borrowed<'__r> = Self;

            fn borrow_value(_: #private::ValueRef<'_>) -> #private::Result<Self, #private::ConversionError> {
                ::core::unreachable!()
            }
        }
    }
}
