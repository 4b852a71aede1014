use orm_core::Model;

#[derive(Model)]
#[orm(table = "sqlite_users", renamed_from = "_orm_users", index(name, name = "SQLite_by_name"))]
struct User {
    #[orm(primary_key)]
    id: i64,
    name: String,
}

fn main() {}
