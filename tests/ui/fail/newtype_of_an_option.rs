use orm_core::Field;

#[derive(Field)]
struct Nickname(Option<String>);

fn main() {}
