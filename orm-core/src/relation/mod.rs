//! Relations between models: constants that the derive writes, which lift expressions from one model to another and load
//! related rows in a fixed number of statements.

mod belongs_to;
mod children;
mod columns;
mod has_many;
mod has_one;
mod insert_with;
mod join;
mod key;
mod link;
mod load;
mod many_to_many;
mod number;
mod parent;
mod path;
#[allow(clippy::module_inception, reason = "the trait is what the folder is about")]
mod relation;
mod request;
mod route;
mod search;
mod target;

pub use self::belongs_to::BelongsTo;
pub use self::children::Children;
pub use self::has_many::HasMany;
pub use self::has_one::HasOne;
pub use self::insert_with::Insertable;
pub use self::join::Joined;
pub use self::load::Loadable;
pub use self::many_to_many::ManyToMany;
pub use self::parent::Parent;
pub use self::relation::{Counted, Relation};
pub use self::target::Target;
