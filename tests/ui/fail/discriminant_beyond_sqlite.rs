use orm_core::Field;

#[derive(Field)]
#[orm(repr = "integer")]
#[repr(u64)]
enum Size {
    Small = 1,
    Huge = u64::MAX,
}

fn main() {}
