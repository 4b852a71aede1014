//! The workloads, the same for every subject, and how one process measures one of them.

mod checksum;
mod measure;
mod subject;
mod workload;

pub use self::checksum::Checksum;
pub use self::measure::{Request, Setting, answer};
pub use self::subject::{Comment, Post, SCHEMA, Subject, Tree, User, Wide};
pub use self::workload::Workload;
