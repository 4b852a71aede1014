// A model whose name, field and type come from a macro.
macro_rules! model {
    ($name:ident, $field:ident: $type:ty, $default:literal, $parent:path) => {
        #[derive(orm_core::Model)]
        struct $name {
            #[orm(primary_key, auto)]
            id: i64,
            #[orm(default = $default)]
            $field: $type,
            hidden: Option<$type>,
            #[orm(references = $parent, as = "origin")]
            parent: i64,
        }

        #[derive(orm_core::Field)]
        struct Wrapped($type);
    };
}

model!(User, age: u8, -0, User);

fn main() {
    let user = User { id: 1, age: 2, hidden: None, parent: 3 };
    assert_eq!((user.id, user.age, user.hidden, user.parent), (1, 2, None, 3));
    assert_eq!(User::AGE.name(), "age");
    assert_eq!(Wrapped(1).0, 1);
}
