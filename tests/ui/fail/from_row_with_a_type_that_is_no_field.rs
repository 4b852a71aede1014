use orm_core::FromRow;

struct Money(i64);

#[derive(FromRow)]
struct Line {
    total: Money,
}

fn main() {}
