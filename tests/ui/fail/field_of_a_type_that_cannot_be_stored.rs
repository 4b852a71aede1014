use orm_core::Field;

#[derive(Field)]
struct Pair(i64, i64);

#[derive(Field)]
struct Nothing;

#[derive(Field)]
struct Generic<T>(T);

#[derive(Field)]
enum Shape {
    Circle(f64),
    Square { side: f64 },
    Point,
}

#[derive(Field)]
enum Never {}

#[derive(Field)]
union Union {
    a: i64,
}

fn main() {}
