use std::ffi::CString;
use std::fmt;
use std::marker::PhantomData;
use std::os::raw::c_int;
use std::ptr::NonNull;

use rusqlite::ffi;

use crate::error::{ConversionError, Error, ErrorKind, Result};
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

/// Why a field could not be bound.
#[doc(hidden)]
#[derive(Debug)]
pub enum Unbound {
    /// Its value is none that its column can hold.
    Unfit(ConversionError),
    /// SQLite did not take it.
    Refused(Error),
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
        self.bind_at(self.given, value)
    }

    /// [`bind`](Self::bind) for what a field gives. Always in place, so that only what the field can be is left of it.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "called once for each field, whose type decides what is left")]
    pub fn bind_field(&mut self, value: Result<ToValueOutput<'p>, ConversionError>) -> Result<(), Unbound> {
        match value {
            Ok(value) => {
                self.given += 1;
                self.bind_at(self.given, &value).map_err(Unbound::Refused)
            }
            Err(error) => Err(Unbound::Unfit(error)),
        }
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

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "see `bind_field`")]
    fn bind_at(&mut self, index: c_int, value: &ToValueOutput<'p>) -> Result<()> {
        match value {
            ToValueOutput::Borrowed(ValueRef::Text(text)) => self.text(index, text, ffi::SQLITE_STATIC()),
            ToValueOutput::Borrowed(ValueRef::Blob(bytes)) => self.blob(index, bytes, ffi::SQLITE_STATIC()),
            ToValueOutput::Borrowed(ValueRef::Null) | ToValueOutput::Owned(Value::Null) => self.null(index),
            ToValueOutput::Borrowed(ValueRef::Integer(integer))
            | ToValueOutput::Owned(Value::Integer(integer)) => self.integer(index, *integer),
            ToValueOutput::Borrowed(ValueRef::Real(real)) | ToValueOutput::Owned(Value::Real(real)) => {
                self.real(index, *real)
            }
            ToValueOutput::Owned(Value::Text(text)) => self.text(index, text, ffi::SQLITE_TRANSIENT()),
            ToValueOutput::Owned(Value::Blob(bytes)) => self.blob(index, bytes, ffi::SQLITE_TRANSIENT()),
        }
    }

    fn null(&mut self, index: c_int) -> Result<()> {
        // SAFETY: the statement is live and reset.
        self.place(index, ValueRef::Null, |stmt| unsafe { ffi::sqlite3_bind_null(stmt, index) })
    }

    fn integer(&mut self, index: c_int, integer: i64) -> Result<()> {
        let value = ValueRef::Integer(integer);
        // SAFETY: as above.
        self.place(index, value, |stmt| unsafe { ffi::sqlite3_bind_int64(stmt, index, integer) })
    }

    fn real(&mut self, index: c_int, real: f64) -> Result<()> {
        // SAFETY: as above.
        self.place(index, ValueRef::Real(real), |stmt| unsafe { ffi::sqlite3_bind_double(stmt, index, real) })
    }

    /// With `SQLITE_STATIC`, text that is borrowed for `'p`.
    fn text(&mut self, index: c_int, text: &str, lifetime: ffi::sqlite3_destructor_type) -> Result<()> {
        let (start, length) = (text.as_ptr().cast(), text.len() as u64);
        // SAFETY: the statement is live and reset. Pointer and length come from a slice, whose pointer is not null even
        // when it is empty. `bind_at` passes SQLITE_STATIC for what is borrowed for `'p` only, and the contract of `new`
        // says that no step happens after that.
        self.place(index, ValueRef::Text(text), |stmt| unsafe {
            ffi::sqlite3_bind_text64(stmt, index, start, length, lifetime, ffi::SQLITE_UTF8 as u8)
        })
    }

    /// With `SQLITE_STATIC`, bytes that are borrowed for `'p`.
    fn blob(&mut self, index: c_int, bytes: &[u8], lifetime: ffi::sqlite3_destructor_type) -> Result<()> {
        let (start, length) = (bytes.as_ptr().cast(), bytes.len() as u64);
        // SAFETY: as for text.
        self.place(index, ValueRef::Blob(bytes), |stmt| unsafe {
            ffi::sqlite3_bind_blob64(stmt, index, start, length, lifetime)
        })
    }

    /// Binds, where there is such a parameter and values are not only collected.
    #[inline]
    fn place(
        &mut self,
        index: c_int,
        value: ValueRef<'_>,
        bind: impl FnOnce(*mut ffi::sqlite3_stmt) -> c_int,
    ) -> Result<()> {
        if index > self.expected {
            // counted, and reported by `finish` with both numbers
            return Ok(());
        }
        if let Some(values) = &mut self.collected {
            values[index as usize - 1] = value.to_owned();
            return Ok(());
        }
        match bind(self.stmt.as_ptr()) {
            ffi::SQLITE_OK => Ok(()),
            code => Err(refused(index, code)),
        }
    }

    /// Makes sure that every parameter was given, once.
    #[inline]
    pub(super) fn finish(&self) -> Result<()> {
        if self.given == self.expected { Ok(()) } else { Err(miscounted(self.expected, self.given)) }
    }

    /// What was collected.
    pub(super) fn into_collected(self) -> Vec<Value> {
        self.collected.unwrap_or_default()
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
