//! The way from what is to what the structs want, as data.

mod alter;
mod check;
mod class;
mod dependents;
mod draft;
mod drop_code;
mod drop_table;
mod full_text;
mod going;
mod key;
mod problem;
mod rebuild;
mod rehearse;
mod rename;
mod reshape;
mod sides;
mod sources;
mod step;
mod uncertain;
mod uses;
mod validate;
mod work;

pub use self::step::{Step, StepChange, StepClass, Strategy};

pub(crate) use self::check::violated;
pub(crate) use self::draft::{Draft, Planner};
pub(crate) use self::problem::error_of;
pub(crate) use self::rename::Renames;
pub(crate) use self::reshape::is_copy;
pub(crate) use self::sides::Sides;
