//! Columns of a model by name.

use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::query::Shape;
use crate::value::Value;

pub(super) fn positions<M: Model>(names: &[&'static str]) -> Result<Vec<usize>> {
    let positions = names.iter().map(|name| {
        let error = || {
            Error::new(ErrorKind::Internal, "a relation names a column that is not there: please report it")
        };
        M::TABLE.position(name).ok_or_else(error)
    });
    positions.collect()
}

pub(super) fn values<M: Model>(model: &M, columns: impl IntoIterator<Item = usize>) -> Result<Vec<Value>> {
    columns.into_iter().map(|column| <M as Shape>::value(model, column)).collect()
}
