use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

/// Why a value could not be stored in, or read from, a column: what was expected and what was found.
///
/// It never contains the value itself. The session adds table, column and Rust type and turns it into an
/// [`Error`](crate::Error) whose [`kind`](crate::Error::kind) is [`ErrorKind::Conversion`](crate::ErrorKind::Conversion).
///
/// ```
/// use orm_core::ConversionError;
///
/// let error = ConversionError::new("an even integer", "an odd one");
/// assert_eq!(error.to_string(), "expected an even integer, found an odd one");
/// ```
#[derive(Debug)]
pub struct ConversionError(Box<Mismatch>);

#[derive(Debug)]
struct Mismatch {
    expected: Cow<'static, str>,
    found: Cow<'static, str>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl ConversionError {
    /// Says what the Rust type can hold and what was there instead. Do not put the value into either text.
    #[cold]
    pub fn new(expected: impl Into<Cow<'static, str>>, found: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Mismatch { expected: expected.into(), found: found.into(), source: None }))
    }

    /// The same, with the error of a parser or serializer behind it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(super) fn into_source(self) -> Option<Box<dyn StdError + Send + Sync>> {
        self.0.source
    }
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.0.expected, self.0.found)
    }
}

impl StdError for ConversionError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
