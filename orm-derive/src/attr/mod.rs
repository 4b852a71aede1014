//! The syntax of `#[orm(...)]`: what was written, each piece with its span.

mod check;
mod default;
mod field;
mod fts;
mod index;
mod item;
mod model;
mod reference;
mod relation;
mod value;
mod variant;

pub(crate) use self::check::CheckAttr;
pub(crate) use self::default::{DefaultAttr, Literal};
pub(crate) use self::field::{FieldAttrs, Role};
pub(crate) use self::fts::FtsAttr;
pub(crate) use self::index::{IndexAttr, TermTarget};
pub(crate) use self::item::unraw;
pub(crate) use self::model::{Borrowed, ModelAttrs};
pub(crate) use self::reference::{Action, Parent, Relation};
pub(crate) use self::relation::{HasAttr, ManyToManyAttr, Number};
pub(crate) use self::value::Text;
pub(crate) use self::variant::{EnumAttrs, RowAttrs, RowFieldAttrs, VariantAttrs};
