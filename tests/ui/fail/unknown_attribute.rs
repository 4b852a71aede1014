use orm_core::Model;

#[derive(Model)]
#[orm(tabel = "users")]
struct User {
    #[orm(primary_ky)]
    id: i64,
    #[orm(uniqe)]
    email: String,
    #[orm(foo)]
    name: String,
}

fn main() {}
