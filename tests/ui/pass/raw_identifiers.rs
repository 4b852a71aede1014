// Keywords as names of fields, variants and structs.
use orm_core::{Field, Model, ToValue, ValueRef};

#[derive(Model)]
#[orm(index(r#type, r#unique), index(match desc, unique), borrowed = r#Yield)]
struct r#Loop {
    #[orm(primary_key)]
    r#type: i64,
    r#match: Kind,
    r#unique: i64,
    #[orm(references = r#Loop, as = "next")]
    r#fn: i64,
    #[orm(skip)]
    r#dyn: u8,
}

#[derive(Field)]
#[orm(rename_all = "lowercase")]
enum Kind {
    #[allow(non_camel_case_types)]
    r#struct,
    Plain,
}

fn main() {
    assert_eq!(r#Loop::TYPE.name(), "type");
    assert_eq!(r#Loop::MATCH.table(), "loop");
    assert_eq!(r#Loop::TABLE.indexes[0].name_for("loop"), "ix_loop_type_unique");
    assert_eq!(r#Loop::TABLE.indexes[1].name_for("loop"), "ux_loop_match");
    assert_eq!(Kind::r#struct.to_value().unwrap().as_ref(), ValueRef::Text("struct"));
    assert_eq!(Kind::Plain.to_value().unwrap().as_ref(), ValueRef::Text("plain"));
    let it = r#Loop { r#type: 1, r#match: Kind::Plain, r#unique: 2, r#fn: 3, r#dyn: 4 };
    assert_eq!((it.r#type, it.r#unique, it.r#fn, it.r#dyn), (1, 2, 3, 4));
    assert!(matches!(it.r#match, Kind::Plain));
}
