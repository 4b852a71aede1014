use orm_core::Field;

struct Money(i64);

#[derive(Field)]
struct Price(Money);

fn main() {}
