use std::ffi::CString;
use std::fmt;
use std::marker::PhantomData;
use std::os::raw::c_int;
use std::ptr::NonNull;

use rusqlite::ffi;

use crate::error::{Error, ErrorKind, Result};
use crate::value::{ToValueOutput, Value, ValueRef};

/// The parameters of one execution, in order.
#[doc(hidden)]
pub trait Bind {
    /// Gives every parameter to the binder. What is borrowed from `self` is bound without a copy.
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()>;
}

impl Bind for () {
    fn bind<'p>(&'p self, _: &mut Binder<'p>) -> Result<()> {
        Ok(())
    }
}

impl Bind for [Value] {
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        self.iter().try_for_each(|value| binder.bind(&ToValueOutput::Borrowed(value.as_ref())))
    }
}

/// Binds parameters one after the other to a statement that is reset.
#[doc(hidden)]
pub struct Binder<'p> {
    stmt: NonNull<ffi::sqlite3_stmt>,
    expected: c_int,
    given: c_int,
    named: Vec<c_int>,
    collected: Option<Vec<Value>>,
    borrowed: PhantomData<&'p ()>,
}

impl fmt::Debug for Binder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Binder").field("expected", &self.expected).field("given", &self.given).finish()
    }
}

impl<'p> Binder<'p> {
    /// # Safety
    ///
    /// `stmt` is a live, reset statement with `expected` parameters, used by this thread alone. It is not stepped after
    /// `'p` ends unless everything is bound anew.
    pub(super) unsafe fn new(stmt: NonNull<ffi::sqlite3_stmt>, expected: c_int) -> Self {
        Self { stmt, expected, given: 0, named: Vec::new(), collected: None, borrowed: PhantomData }
    }

    /// One that collects the values and binds nothing.
    pub(super) fn collecting(stmt: NonNull<ffi::sqlite3_stmt>, expected: c_int) -> Self {
        let values = vec![Value::Null; usize::try_from(expected).unwrap_or(0)];
        Self { stmt, expected, given: 0, named: Vec::new(), collected: Some(values), borrowed: PhantomData }
    }

    /// Binds the next parameter.
    #[inline]
    pub fn bind(&mut self, value: &ToValueOutput<'p>) -> Result<()> {
        self.given += 1;
        let index = self.given;
        self.bind_at(index, value)
    }

    /// How many were given so far.
    #[must_use]
    pub fn given(&self) -> i32 {
        self.given
    }

    /// Binds a parameter by its name with prefix, such as `:age`.
    pub fn bind_named(&mut self, name: &str, value: &ToValueOutput<'p>) -> Result<()> {
        let index = CString::new(name).map_or(0, |name| {
            // SAFETY: the statement is live and the name ends with NUL.
            unsafe { ffi::sqlite3_bind_parameter_index(self.stmt.as_ptr(), name.as_ptr()) }
        });
        if index == 0 {
            return Err(Error::new(
                ErrorKind::Parameters,
                format!("the statement has no parameter `{name}`"),
            ));
        }
        if self.named.contains(&index) {
            return Err(Error::new(ErrorKind::Parameters, format!("the parameter `{name}` is given twice")));
        }
        self.named.push(index);
        self.given += 1;
        self.bind_at(index, value)
    }

    #[inline]
    fn bind_at(&mut self, index: c_int, value: &ToValueOutput<'p>) -> Result<()> {
        if index > self.expected {
            // counted, and reported by `finish` with both numbers
            return Ok(());
        }
        if let Some(values) = &mut self.collected {
            values[index as usize - 1] = value.as_ref().to_owned();
            return Ok(());
        }
        let code = match value {
            ToValueOutput::Borrowed(value) => self.bind_value(index, *value, ffi::SQLITE_STATIC()),
            ToValueOutput::Owned(value) => self.bind_value(index, value.as_ref(), ffi::SQLITE_TRANSIENT()),
        };
        match code {
            ffi::SQLITE_OK => Ok(()),
            code => Err(refused(index, code)),
        }
    }

    #[inline]
    fn bind_value(
        &mut self,
        index: c_int,
        value: ValueRef<'_>,
        lifetime: ffi::sqlite3_destructor_type,
    ) -> c_int {
        let stmt = self.stmt.as_ptr();
        // SAFETY: the statement is live and reset. Pointers and lengths come from slices, whose pointer is not null even
        // when they are empty. With SQLITE_STATIC the value is borrowed for `'p` (`bind_at` passes SQLITE_STATIC for
        // borrowed values only), and the contract of `new` says that no step happens after that.
        unsafe {
            match value {
                ValueRef::Null => ffi::sqlite3_bind_null(stmt, index),
                ValueRef::Integer(integer) => ffi::sqlite3_bind_int64(stmt, index, integer),
                ValueRef::Real(real) => ffi::sqlite3_bind_double(stmt, index, real),
                ValueRef::Text(text) => ffi::sqlite3_bind_text64(
                    stmt,
                    index,
                    text.as_ptr().cast(),
                    text.len() as u64,
                    lifetime,
                    ffi::SQLITE_UTF8 as u8,
                ),
                ValueRef::Blob(bytes) => {
                    ffi::sqlite3_bind_blob64(stmt, index, bytes.as_ptr().cast(), bytes.len() as u64, lifetime)
                }
            }
        }
    }

    /// Makes sure that every parameter was given, once. Gives what was collected.
    #[inline]
    pub(super) fn finish(self) -> Result<Vec<Value>> {
        if self.given == self.expected {
            Ok(self.collected.unwrap_or_default())
        } else {
            Err(miscounted(self.expected, self.given))
        }
    }
}

#[cold]
fn refused(index: c_int, code: c_int) -> Error {
    let message = match code {
        ffi::SQLITE_TOOBIG => "the value is larger than SQLite's limit",
        ffi::SQLITE_NOMEM => "SQLite ran out of memory",
        _ => "SQLite refused the value",
    };
    Error::new(ErrorKind::Limit, format!("parameter `?{index}`: {message}")).with_code(code)
}

#[cold]
fn miscounted(expected: c_int, given: c_int) -> Error {
    let plural = if expected == 1 { "" } else { "s" };
    Error::new(
        ErrorKind::Parameters,
        format!("the statement takes {expected} parameter{plural}, {given} given"),
    )
}
