use orm_core::FromRow;

struct Money(i64);

#[derive(FromRow)]
struct Line(i64);

#[derive(FromRow)]
struct Generic<T> {
    value: T,
}

#[derive(FromRow)]
#[orm(table = "lines")]
struct Attributes {
    #[orm(primary_key, skip, json)]
    id: i64,
    #[orm(colum = "x")]
    x: i64,
}

fn main() {}
