//! The workloads, the same for every subject, and how one process measures one of them.

mod checksum;
mod measure;
mod plot;
mod subject;
mod workload;

pub use self::checksum::Checksum;
pub use self::measure::{Request, Setting, answer};
pub use self::plot::Ratios;
pub use self::subject::{Comment, Place, Post, SCHEMA, Subject, Tree, User, Wide};
pub use self::workload::Workload;

/// What the picture of the ratios says above it.
pub const HEADING: &str = "Time as a ratio to the C API, in memory (further left is faster)";
