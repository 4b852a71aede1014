//! Models in modules of their own, and in a circle.

use orm_core::{Engine, Filter, Model};

use self::cities::City;
use self::countries::Country;
use self::people::Mayor;

mod cities {
    use orm_core::Model;

    use super::countries::Country;

    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(has_many(capital_of: Country::CAPITAL), has_one(mayor: super::people::Mayor::CITY))]
    pub(super) struct City {
        #[orm(primary_key, auto)]
        pub(super) id: i64,
        #[orm(references = Country)]
        pub(super) country_id: i64,
        #[orm(references = City, as = "twin")]
        pub(super) sister: Option<i64>,
    }
}

mod countries {
    #[derive(Debug, Clone, PartialEq, orm_core::Model)]
    #[orm(has_many(cities: super::cities::City::COUNTRY))]
    pub(super) struct Country {
        #[orm(primary_key, auto)]
        pub(super) id: i64,
        #[orm(references = super::cities::City)]
        pub(super) capital_id: Option<i64>,
    }
}

mod people {
    #[derive(Debug, Clone, PartialEq, orm_core::Model)]
    pub(super) struct Mayor {
        #[orm(primary_key, auto)]
        pub(super) id: i64,
        #[orm(references(super::cities::City::ID), unique)]
        pub(super) city_id: i64,
    }
}

#[test]
fn models_of_several_modules_refer_to_each_other_in_a_circle() {
    let engine = Engine::open_in_memory().unwrap();
    engine.migrate(&[Mayor::TABLE, City::TABLE, Country::TABLE]).unwrap();
    let session = engine.session().unwrap();
    let mut norway = session.create(Country { id: 0, capital_id: None }).unwrap();
    let oslo = session.create(City { id: 0, country_id: norway.id, sister: None }).unwrap();
    let moss = session.create(City { id: 0, country_id: norway.id, sister: Some(oslo.id) }).unwrap();
    norway.capital_id = Some(oslo.id);
    session.update(&mut norway).unwrap();
    let mayor = session.create(Mayor { id: 0, city_id: oslo.id }).unwrap();

    let countries = session
        .find::<Country>()
        .with(Country::CITIES.order_by(City::ID.asc()).with(City::TWIN))
        .with(Country::CAPITAL.with(City::CAPITAL_OF).with(City::MAYOR));
    let cities = vec![(oslo.clone(), None), (moss.clone(), Some(oslo.clone()))];
    let capital = (oslo.clone(), vec![norway.clone()], Some(mayor.clone()));
    assert_eq!(countries.all().unwrap(), [(norway.clone(), cities, Some(capital))]);

    let around =
        Country::CITIES.any(City::COUNTRY.any(Country::CAPITAL.any(City::MAYOR.any(Filter::all_of([])))));
    assert!(session.find::<Country>().filter(around).exists().unwrap());
    let capital = Mayor::CITY.at(City::COUNTRY.at(Country::CAPITAL.at(City::ID)));
    assert_eq!(session.find::<Mayor>().select(capital).all().unwrap(), [Some(oslo.id)]);
    let twins = session.find::<City>().filter(City::TWIN.at(City::COUNTRY.at(Country::ID)).eq(norway.id));
    assert_eq!(twins.all().unwrap(), [moss]);
}
