//! What a statement says apart from its values, so that its text is found without being written.

use std::collections::BTreeMap;
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;

use super::expr::Step;
use super::{Rendered, Writer};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::schema::{TableDef, Text};
use crate::value::Value;

/// A statement that is put together while the application runs.
pub(crate) trait Composed {
    /// Lists all that its text depends on. A part that cannot be listed says so by [`Structure::by_text`].
    ///
    /// Implementations take their struct apart field by field, so that a new clause is not forgotten.
    fn structure<'q>(&'q self, out: &mut Structure<'q>);

    /// Writes the text.
    fn write_to(&self, out: &mut Writer<'_>) -> Result<()>;
}

/// A list of words that two statements share only where they have the same text, and the values of a statement beside it.
///
/// Each part is a word that says what it is and how long, then what is in it, so that a list can be read in one way only.
/// Text of the program itself is its address, which nothing else ever has. A value is not in the list, except for whether it
/// is NULL.
#[derive(Debug, Default)]
pub(crate) struct Structure<'q> {
    words: Vec<u64>,
    values: Vec<&'q Value>,
    /// Those seen so far: which tables are joined once depends on which steps are the same.
    steps: Vec<&'q Arc<Step>>,
    by_text: bool,
}

/// What a word stands for.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub(crate) enum Word {
    All,
    Any,
    Arithmetic,
    Between,
    Bool,
    Case,
    Cast,
    Column,
    ColumnBeyond,
    Compare,
    CountAll,
    Delete,
    Excluded,
    Filtered,
    Fragment,
    Function,
    In,
    InOrder,
    Infix,
    Insert,
    IsNull,
    Join,
    JsonHas,
    KnownStep,
    Like,
    Limited,
    List,
    Literal,
    Match,
    ModelColumns,
    Negate,
    Nothing,
    Not,
    Null,
    Order,
    Over,
    OwnedText,
    Path,
    Related,
    Returning,
    RowUpdate,
    Select,
    StaticText,
    Step,
    Update,
    Value,
}

/// Longer ones are not kept, such as that of a list of thousands of keys.
const MOST_WORDS: usize = 2048;

/// Most statements have no more, so that each list is allocated once.
const USUAL_WORDS: usize = 64;
const USUAL_VALUES: usize = 8;

impl<'q> Structure<'q> {
    pub(crate) fn of(statement: &'q impl Composed) -> Self {
        let mut out = Self {
            words: Vec::with_capacity(USUAL_WORDS),
            values: Vec::with_capacity(USUAL_VALUES),
            steps: Vec::new(),
            by_text: false,
        };
        statement.structure(&mut out);
        out
    }

    /// The list, where it says all that the text depends on.
    pub(crate) fn words(&self) -> Option<&[u64]> {
        (!self.by_text && self.words.len() <= MOST_WORDS).then_some(&*self.words)
    }

    pub(crate) fn into_values(self) -> Vec<&'q Value> {
        self.values
    }

    /// Says that the text depends on more than can be listed, so that it is written each time.
    pub(super) fn by_text(&mut self) {
        self.by_text = true;
    }

    /// A word with what it counts.
    #[inline]
    pub(super) fn word(&mut self, word: Word, count: usize) {
        self.words.push(word_of(word, count));
    }

    #[inline]
    pub(super) fn text(&mut self, text: &Text) {
        match text {
            Text::Borrowed(text) => self.static_text(text),
            Text::Owned(text) => self.owned_text(text),
        }
    }

    #[inline]
    pub(super) fn static_text(&mut self, text: &'static str) {
        self.words.extend_from_slice(&static_text(text));
    }

    /// A column of the statement's own table, under that word.
    #[inline]
    pub(super) fn own_column(&mut self, word: Word, count: usize, name: &Text) {
        if let Text::Borrowed(name) = name {
            let [length, address] = static_text(name);
            self.words.extend_from_slice(&[word_of(word, count), length, address]);
        } else {
            self.word(word, count);
            self.text(name);
        }
    }

    pub(super) fn owned_text(&mut self, text: &str) {
        self.word(Word::OwnedText, text.len());
        let (words, rest) = text.as_bytes().as_chunks::<8>();
        self.words.extend(words.iter().map(|word| u64::from_le_bytes(*word)));
        self.words.extend(rest.iter().map(|&byte| u64::from(byte)));
    }

    /// All columns of a model.
    #[inline]
    pub(super) fn columns_of(&mut self, table: &'static TableDef) {
        let address = ptr::from_ref(table).addr() as u64;
        self.words.extend_from_slice(&[word_of(Word::ModelColumns, 0), address]);
    }

    /// A value that becomes a parameter.
    #[inline]
    pub(super) fn value(&mut self, value: &'q Value) {
        self.word(if *value == Value::Null { Word::Null } else { Word::Value }, 0);
        self.values.push(value);
    }

    pub(super) fn list<T>(&mut self, items: &'q [T], each: impl Fn(&'q T, &mut Self)) {
        self.word(Word::List, items.len());
        items.iter().for_each(|item| each(item, self));
    }

    pub(super) fn optional<T>(&mut self, item: Option<&'q T>, each: impl FnOnce(&'q T, &mut Self)) {
        match item {
            Some(item) => each(item, self),
            None => self.word(Word::Nothing, 0),
        }
    }

    /// Whether the step was not seen before: then all that it says is to follow.
    pub(super) fn is_new(&mut self, step: &'q Arc<Step>) -> bool {
        if let Some(known) = self.steps.iter().position(|known| Arc::ptr_eq(known, step)) {
            self.word(Word::KnownStep, known);
            return false;
        }
        // two models of one table are two, but what they are called does not matter
        let model = self.steps.iter().position(|known| known.model == step.model);
        self.word(Word::Step, model.unwrap_or(self.steps.len()));
        self.steps.push(step);
        true
    }

    /// The text, and which value each parameter takes: nothing where that cannot be said of every statement with this
    /// structure, since a value that stands in the text, or that only shaped it, may be another one next time.
    pub(crate) fn arrange(&self, written: &Written) -> Option<Arrangement> {
        if written.has_literals {
            return None;
        }
        let mut places = BTreeMap::new();
        for (place, value) in self.values.iter().enumerate() {
            // what two places share cannot be told apart, and need not be shared next time
            if places.insert(ptr::from_ref(*value).addr(), place).is_some() {
                return None;
            }
        }
        let place = |source| places.get(source).copied();
        let chosen: Vec<usize> = written.sources.iter().map(place).collect::<Option<_>>()?;
        if chosen.iter().copied().eq(0..self.values.len()) {
            return Some(Arrangement::AsListed);
        }
        let is_used = |(place, value): (usize, &&Value)| **value == Value::Null || chosen.contains(&place);
        self.values.iter().enumerate().all(is_used).then(|| Arrangement::Chosen(chosen.into()))
    }
}

#[inline]
fn static_text(text: &'static str) -> [u64; 2] {
    [word_of(Word::StaticText, text.len()), text.as_ptr().addr() as u64]
}

#[inline]
fn word_of(word: Word, count: usize) -> u64 {
    word as u64 | (count as u64) << 8
}

/// Which value of a [`Structure`] each parameter takes.
#[derive(Debug, Clone)]
pub(crate) enum Arrangement {
    /// The first the first, and so on.
    AsListed,
    /// Those of these numbers.
    Chosen(Rc<[usize]>),
}

/// A statement's text, and where its parameters come from.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) rendered: Rendered,
    /// The address of each parameter's value while the text was written.
    pub(super) sources: Vec<usize>,
    /// Whether a value stands in the text.
    pub(super) has_literals: bool,
}

/// The text of a composed statement, with what says which related rows can be seen.
pub(crate) fn write(
    statement: &impl Composed,
    dialect: &dyn Dialect,
    context: &dyn std::any::Any,
) -> Result<Written> {
    let mut out = Writer::within(dialect, context);
    statement.write_to(&mut out)?;
    Ok(out.finish_written())
}

/// The structure of a write to one row of a model, whose values are bound from the struct: the model's number, and the
/// columns that are written.
pub(crate) fn row_update(model: usize, columns: &[usize]) -> Vec<u64> {
    let mut words = Vec::with_capacity(columns.len() + 1);
    words.push(word_of(Word::RowUpdate, model));
    words.extend(columns.iter().map(|&column| column as u64));
    words
}

#[cfg(test)]
mod tests;
