use orm_core::Field;

#[derive(Field)]
#[orm(repr = "int", rename = "x")]
enum Colour {
    #[orm(repr = "text")]
    Red,
}

#[derive(Field)]
#[orm(repr = "integer", rename_all = "lowercase")]
enum Level {
    #[orm(rename = "low")]
    Low = 1,
}

#[derive(Field)]
#[orm(repr = "integer")]
struct Age(#[orm(json)] u8);

fn main() {}
