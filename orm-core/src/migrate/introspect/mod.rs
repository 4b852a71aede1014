//! A database's schema as data, read by PRAGMAs and, for what they do not show, from its own SQL.

mod compile;
mod facts;
mod full_text;
mod objects;
mod rows;
mod table;
mod target;
mod uses;

pub(crate) use self::compile::{Code, broken, newly_broken};
pub(crate) use self::facts::{
    Affinity, Check, Column, ForeignKey, FullText, Index, KeyTerm, Schema, Table, Trigger, Unique,
};
pub(crate) use self::full_text::names;
pub(crate) use self::objects::introspect;
pub(crate) use self::rows::{integer, text};
pub(crate) use self::target::{create_statements, target};
pub(crate) use self::uses::{Use, uses};
