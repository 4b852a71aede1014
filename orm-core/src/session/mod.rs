//! placeholder
/// placeholder
#[derive(Debug)]
pub struct Session(());
