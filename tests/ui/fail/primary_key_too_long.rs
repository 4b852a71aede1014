use orm_core::Model;

#[derive(Model)]
#[orm(primary_key(a, b, c, d, e, f))]
struct Wide {
    a: i64,
    b: i64,
    c: i64,
    d: i64,
    e: i64,
    f: i64,
}

fn main() {}
