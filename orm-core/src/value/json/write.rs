use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::error::Category;
use serde_json::ser::Formatter;

use super::finite::is_finite;
use crate::error::ConversionError;

/// `serde_json` reads no deeper than this.
const MAX_DEPTH: u32 = 127;

/// The text, without spaces, once it is sure that it can be read again.
pub(super) fn json_text<T: Serialize + ?Sized>(value: &T) -> Result<String, ConversionError> {
    let mut text = Vec::new();
    let mut has_null = false;
    let formatter = Compact { depth: 0, has_null: &mut has_null };
    value
        .serialize(&mut Serializer::with_formatter(&mut text, formatter))
        .map_err(|error| unwritable(&error))?;
    // `serde_json` writes NaN and the infinities as null
    if has_null && !is_finite(value) {
        return Err(ConversionError::new("a value that JSON can hold", "a float that is no number"));
    }
    String::from_utf8(text).map_err(|_| ConversionError::new("JSON text", "bytes that are not UTF-8"))
}

/// The compact form of `serde_json`, watched.
struct Compact<'a> {
    depth: u32,
    has_null: &'a mut bool,
}

impl Compact<'_> {
    fn enter(&mut self) -> io::Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(io::ErrorKind::InvalidInput.into()) } else { Ok(()) }
    }
}

impl Formatter for Compact<'_> {
    fn write_null<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        *self.has_null = true;
        writer.write_all(b"null")
    }

    fn begin_array<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.enter()?;
        writer.write_all(b"[")
    }

    fn end_array<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        writer.write_all(b"]")
    }

    fn begin_object<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.enter()?;
        writer.write_all(b"{")
    }

    fn end_object<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        writer.write_all(b"}")
    }
}

// serde's errors may have the value in their text, so they are not the source.
#[cold]
fn unwritable(error: &serde_json::Error) -> ConversionError {
    let found = match error.classify() {
        Category::Io => "one nested too deeply to be read again",
        Category::Data | Category::Syntax | Category::Eof => {
            "one that its `Serialize` refused, or a map key that is no text"
        }
    };
    ConversionError::new("a value that JSON can hold", found)
}
