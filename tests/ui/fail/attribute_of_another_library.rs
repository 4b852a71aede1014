//! What other libraries call an attribute is answered with what it is here.

use orm_core::Model;

#[derive(Model)]
#[orm(table_name = "users")]
struct User {
    #[orm(pk, auto)]
    id: i64,
    #[orm(rename = "mail")]
    email: String,
    #[orm(soft_delete)]
    gone: Option<String>,
    #[orm(ignore)]
    selected: bool,
}

fn main() {}
