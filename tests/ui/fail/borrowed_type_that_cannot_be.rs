use orm_core::{ConversionError, Field, LogicalType, Model, ToValue, ToValueOutput, ValueRef, class};

struct Celsius(f64);

impl ToValue for Celsius {
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        self.0.to_value()
    }
}

impl Field for Celsius {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Real;
    const TYPE: LogicalType = LogicalType::Real;

    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        f64::from_value(value).map(Self)
    }
}

#[derive(Model)]
#[orm(borrowed)]
struct Reading {
    #[orm(primary_key, auto)]
    id: i64,
    degrees: Celsius,
    least: Option<Celsius>,
}

fn main() {}
