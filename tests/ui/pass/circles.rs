// Models that refer to each other in a circle and to themselves.
use orm_core::Model;

#[derive(Model)]
struct Country {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = City)]
    capital_id: Option<i64>,
}

#[derive(Model)]
struct City {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references(Country::ID))]
    country_id: i64,
    #[orm(references = City, unique)]
    twin_id: Option<i64>,
    #[orm(references(City::TWIN_ID), as = "same")]
    twin_of_twin_id: i64,
}

fn main() {
    let parents = |foreign_keys: &[orm_core::schema::ForeignKeyDef]| -> Vec<String> {
        foreign_keys.iter().map(|key| format!("{}.{}", key.parent, key.parent_columns.join(","))).collect()
    };
    assert_eq!(parents(&Country::TABLE.foreign_keys), ["city.id"]);
    assert_eq!(parents(&City::TABLE.foreign_keys), ["country.id", "city.id", "city.twin_id"]);
}
