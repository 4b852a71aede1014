//! Statements as data, and their text in a [`Dialect`](crate::dialect::Dialect).
//!
//! What the typed layers and the migrations send is put together here, one statement in one file, and nowhere else.

mod alter_table;
mod chosen;
mod compound;
mod create_index;
mod create_table;
mod delete;
mod drop;
mod expr;
mod full_text;
mod insert;
mod load;
mod nested;
mod related;
mod returning;
mod select;
mod structure;
#[cfg(test)]
mod tests;
mod update;
mod whole_row;
mod writer;

pub use self::alter_table::AlterTable;
pub use self::create_index::CreateIndex;
pub use self::create_table::{CreateTable, is_strict};
pub use self::delete::Delete;
pub use self::drop::Drop;
pub use self::expr::Expr;
pub use self::full_text::FullText;
pub use self::insert::Insert;
#[doc(hidden)]
pub use self::nested::Subquery;
pub use self::select::{Order, Select};
pub use self::update::{Assignment, Update};
pub use self::whole_row::{delete_by_key, insert_rows, select_by_key, update_by_key};
pub use self::writer::Rendered;

pub(crate) use self::chosen::{Chosen, Limited};
pub(crate) use self::compound::{Compound, Nth, SetOperator};
pub(crate) use self::expr::{Arithmetic, Collated, Comparison, Path, Question, Related, Rows, Step, Window};
pub(crate) use self::full_text::{explain_missing_fts5, rebuild as rebuild_full_text, trigger_names};
pub(crate) use self::insert::{Conflict, ConflictAction, ConflictTarget, Inserted};
pub(crate) use self::load::Load;
pub(crate) use self::nested::{Asked, Body, Nested};
pub(crate) use self::related::Join;
pub(crate) use self::returning::Returning;
pub(crate) use self::select::{Columns, Further, Nulls, Source, Terms, row_count};
pub(crate) use self::structure::{Arrangement, Composed, Structure, row_update, write};
use self::writer::Writer;
