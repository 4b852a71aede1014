use orm_core::Model;

#[derive(Model)]
#[orm(index(nmae, mail), unique(cache, name), primary_key(no))]
struct User {
    id: i64,
    name: String,
    #[orm(column = "mail")]
    email: String,
    #[orm(skip)]
    cache: u8,
}

fn main() {}
