// Enums and newtypes as columns.
use orm_core::{ConversionError, Field, LogicalType, Model, ToValue, Value, ValueRef};

#[derive(Debug, PartialEq, Field)]
#[orm(rename_all = "kebab-case")]
enum State {
    InProgress,
    Done,
    #[orm(rename = "given up")]
    Abandoned,
}

#[derive(Debug, PartialEq, Field)]
#[orm(repr = "integer")]
#[repr(u8)]
enum Level {
    Low = 1,
    High = 200,
}

#[derive(Debug, PartialEq, Clone, Copy, Field)]
struct UserId(i64);

#[derive(Debug, PartialEq, Field)]
struct Name {
    text: String,
}

#[derive(Model)]
struct User {
    #[orm(primary_key, auto)]
    id: UserId,
    #[orm(default = "done")]
    state: State,
    #[orm(default = 200)]
    level: Level,
    name: Option<Name>,
    #[orm(references = User)]
    parent_id: Option<UserId>,
}

#[derive(Model)]
struct Unsaved {
    #[orm(primary_key, auto)]
    id: Option<u32>,
}

fn stored<T: ToValue>(value: T) -> Value {
    value.to_value().unwrap().into()
}

fn refusal<T: Field + std::fmt::Debug>(value: ValueRef<'_>) -> String {
    let error: ConversionError = T::from_value(value).unwrap_err();
    error.to_string()
}

fn main() -> Result<(), ConversionError> {
    assert_eq!(stored(State::InProgress), Value::from("in-progress"));
    assert_eq!(State::from_value(ValueRef::Text("given up"))?, State::Abandoned);
    assert_eq!(State::from_value(ValueRef::Text("done"))?, State::Done);
    assert_eq!(
        refusal::<State>(ValueRef::Text("Done")),
        "expected `in-progress`, `done` or `given up`, found another text"
    );
    assert_eq!(refusal::<State>(ValueRef::Null), "expected `in-progress`, `done` or `given up`, found NULL");

    assert_eq!(stored(Level::High), Value::Integer(200));
    assert_eq!(Level::from_value(ValueRef::Integer(1))?, Level::Low);
    assert_eq!(
        refusal::<Level>(ValueRef::Integer(2)),
        "expected the discriminant of `Low` or `High`, found another integer"
    );

    assert_eq!(stored(UserId(7)), Value::Integer(7));
    assert_eq!(UserId::from_value(ValueRef::Integer(7))?, UserId(7));
    assert_eq!(Name::from_value(ValueRef::Text("Ann"))?, Name { text: "Ann".to_owned() });

    let types: Vec<LogicalType> = User::TABLE.columns.iter().map(|column| column.logical_type).collect();
    let integer = LogicalType::Integer { bits: 64, signed: true };
    assert_eq!(types, [integer, LogicalType::Text, integer, LogicalType::Text, integer]);
    assert!(!Unsaved::TABLE.columns[0].nullable);
    let user = User { id: UserId(1), state: State::Done, level: Level::Low, name: None, parent_id: None };
    assert_eq!((user.id, user.state, user.level, user.name), (UserId(1), State::Done, Level::Low, None));
    assert_eq!((user.parent_id, Unsaved { id: None }.id), (None, None));
    Ok(())
}
