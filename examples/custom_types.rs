//! Types of your own as columns: enums, newtypes, JSON, and the traits by hand.
//!
//! `cargo run --example custom_types`

use orm_core::{
    ConversionError, Engine, ErrorKind, Field, LogicalType, Model, Result, ToValue, ToValueOutput, Value,
    ValueRef, class,
};
use serde::{Deserialize, Serialize};

/// Stored as text: `open`, `in_progress`, `done`.
#[derive(Debug, Clone, Copy, PartialEq, Field)]
#[orm(rename_all = "snake_case")]
enum Status {
    Open,
    InProgress,
    #[orm(rename = "done")]
    Finished,
}

/// Stored as the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Field)]
#[orm(repr = "integer")]
enum Priority {
    Low = 1,
    High = 10,
}

/// Stored as what it wraps, and able to do in SQL what that can; but not to be mixed up with another number.
#[derive(Debug, Clone, Copy, PartialEq, Field)]
struct Minutes(u32);

/// Any serde type, stored as JSON text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Labels {
    colours: Vec<String>,
    private: bool,
}

/// By hand: a colour as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Colour(u8, u8, u8);

impl ToValue for Colour {
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        let Self(red, green, blue) = self;
        Ok(ToValueOutput::Owned(Value::Text(format!("#{red:02x}{green:02x}{blue:02x}"))))
    }
}

impl Field for Colour {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Text;
    const TYPE: LogicalType = LogicalType::Text;

    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        let text = String::from_value(value)?;
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let [_, red, green, blue] =
            number.ok_or_else(|| ConversionError::new("`#rrggbb`", "other text"))?.to_be_bytes();
        Ok(Self(red, green, blue))
    }
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "tasks")]
struct Task {
    #[orm(primary_key, auto)]
    id: i64,
    status: Status,
    priority: Option<Priority>,
    estimate: Minutes,
    colour: Colour,
    #[orm(json)]
    labels: Labels,
    /// Not a column.
    #[orm(skip)]
    selected: bool,
}

fn main() -> Result<()> {
    let engine = Engine::open_in_memory()?;
    engine.migrate(&[Task::TABLE])?;
    let session = engine.session()?;

    println!("An enum, as it is stored:");
    for status in [Status::Open, Status::InProgress, Status::Finished] {
        println!("  {status:?} is `{}`", session.raw("SELECT ?1", (status,)).one::<String>()?);
    }

    let task = session.create(Task {
        id: 0,
        status: Status::InProgress,
        priority: Some(Priority::High),
        estimate: Minutes(90),
        colour: Colour(255, 128, 0),
        labels: Labels { colours: vec!["red".into()], private: true },
        selected: true,
    })?;
    println!("A row, as any other program sees it:");
    let stored = session.raw("SELECT status, priority, estimate, colour, labels FROM tasks", ()).one::<(
        String,
        i64,
        i64,
        String,
        String,
    )>()?;
    println!("  {stored:?}");
    let labels = r#"{"colours":["red"],"private":true}"#;
    assert_eq!(stored, ("in_progress".into(), 10, 90, "#ff8000".into(), labels.into()));

    println!("What comes back:");
    let read = session.get::<Task>(task.id)?;
    println!("  {read:?}");
    assert_eq!(read, Some(Task { selected: false, ..task.clone() }));

    println!("A value that no variant has is an error that names the column, never a guess:");
    session.raw("UPDATE tasks SET status = 'someday'", ()).execute()?;
    let error = session.get::<Task>(task.id).unwrap_err();
    println!("  {error}");
    assert_eq!((error.kind(), error.column()), (ErrorKind::Conversion, Some("status")));

    println!("Enums, newtypes and types by hand are ordinary parameters:");
    let set = "UPDATE tasks SET status = ?1, estimate = ?2, colour = ?3, priority = ?4";
    session.raw(set, (Status::Finished, Minutes(5), Colour(0, 0, 0), Priority::Low)).execute()?;
    let done = session.get::<Task>(task.id)?;
    println!("  {done:?}");
    assert_eq!(done.map(|it| (it.status, it.priority)), Some((Status::Finished, Some(Priority::Low))));
    assert_eq!(session.raw("SELECT status FROM tasks", ()).one::<Status>()?, Status::Finished);
    Ok(())
}
