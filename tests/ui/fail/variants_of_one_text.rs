use orm_core::Field;

#[derive(Field)]
#[orm(rename_all = "lowercase")]
enum Colour {
    Red,
    RED,
    #[orm(rename = "red")]
    Rouge,
}

fn main() {}
