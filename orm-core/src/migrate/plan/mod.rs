//! The way from what is to what the structs want, as data.

mod check;
mod class;
mod consent;
mod dependents;
mod draft;
mod problem;
mod rebuild;
mod rehearse;
mod rename;
mod reshape;
mod sides;
mod sources;
mod step;
mod validate;
mod work;

pub use self::step::{Step, StepChange, StepClass, Strategy};

pub(crate) use self::check::violated;
pub(crate) use self::consent::Consent;
pub(crate) use self::draft::{Draft, Planner};
pub(crate) use self::problem::error_of;
pub(crate) use self::rename::Renames;
