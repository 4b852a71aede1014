use orm_core::Model;

#[derive(Model)]
#[orm(index(), index(unique), index(name descending), index(name collate), unique(name = "u"), check(name = "c"), check(name))]
struct User {
    #[orm(primary_key)]
    id: i64,
    name: String,
}

fn main() {}
