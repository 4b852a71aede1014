use orm_core::Model;

struct UserRef;

#[derive(Model)]
#[orm(table = "users", borrowed)]
struct User {
    #[orm(primary_key, auto)]
    id: i64,
}

fn main() {
    let _ = UserRef;
}
