use orm_core::Model;

struct Person;

#[derive(Model)]
struct Post {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = Person)]
    author_id: i64,
    #[orm(references = Usr)]
    editor_id: i64,
}

fn main() {}
