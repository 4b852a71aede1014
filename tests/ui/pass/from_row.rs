// What a row of raw SQL can become.
use orm_core::{FromRow, Model};

#[derive(Debug, FromRow)]
#[orm(rename_all = "camelCase")]
struct Line {
    order_total: i64,
    #[orm(column = "n")]
    name: Option<String>,
    #[orm(json)]
    tags: Vec<u8>,
    #[orm(skip)]
    cache: u8,
    r#type: String,
}

#[derive(Model)]
struct User {
    #[orm(primary_key)]
    id: i64,
}

fn is_row<T: FromRow>() {}

fn main() {
    is_row::<Line>();
    is_row::<User>();
    let line = Line { order_total: 1, name: None, tags: vec![], cache: 0, r#type: String::new() };
    assert_eq!(
        (line.order_total, line.name, line.tags, line.cache, line.r#type),
        (1, None, vec![], 0, String::new())
    );
    assert_eq!(User { id: 1 }.id, 1);
}
