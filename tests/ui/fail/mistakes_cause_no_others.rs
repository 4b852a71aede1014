// Everything else that is said about `User` and `Post` compiles: each error below is at the mistake itself.
use orm_core::schema::TableDef;
use orm_core::{Field, FromRow, Hooks, Model};

#[derive(Model)]
#[orm(table = 5, hook, borrowed)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(uniq)]
    email: String,
    colour: Colour,
}

impl Hooks for User {}

#[derive(Model)]
struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User, on_delete = "cascade")]
    author_id: i64,
    #[orm(references(User::EMAIL))]
    email: String,
}

#[derive(Field)]
enum Colour {
    Red(u8),
}

#[derive(FromRow)]
struct Line {
    #[orm(name = "x")]
    x: i64,
}

static TABLES: &[&TableDef] = &[User::TABLE, Post::TABLE];

fn is_row<T: FromRow>() {}

fn main() {
    let _: orm_core::Column<User, String> = User::EMAIL;
    let _ = (User::ID, Post::AUTHOR_ID, TABLES);
    is_row::<User>();
    let _ = |user: UserRef<'_>| user.email.len();
    is_row::<Line>();
}
