use orm_core::Model;

#[derive(Model)]
struct Tuple(i64);

#[derive(Model)]
struct Unit;

#[derive(Model)]
struct Empty {}

#[derive(Model)]
enum Enum {
    A,
}

#[derive(Model)]
union Union {
    a: i64,
}

fn main() {}
