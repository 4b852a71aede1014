use std::collections::BTreeMap;

use orm_core::{Json, Value};
use serde::{Deserialize, Serialize};

use crate::{read, refused, stored, stored_text};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(f64),
    Line(f32, f32),
    Box { width: Option<f64> },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Metres(f64);

const NOT_FINITE: &str = "expected a value that JSON can hold, found a float that is no number";

#[test]
fn none_is_json_null_and_not_sql_null() {
    assert_eq!(stored_text(&Json(None::<u8>)), "null");
    assert_eq!(stored_text(&serde_json::Value::Null), "null");
    assert_eq!(stored(&None::<Json<u8>>).unwrap(), Value::Null);
    assert_eq!(read::<Option<Json<Option<u8>>>>("null").unwrap(), Some(Json(None)));
}

#[test]
fn a_float_without_a_number_is_refused_at_any_depth() {
    let refused = [
        stored(&Json(f64::NAN)),
        stored(&Json(f32::INFINITY)),
        stored(&Json(Some(f64::NEG_INFINITY))),
        stored(&Json(vec![1.0, f64::NAN])),
        stored(&Json((1, f64::NAN))),
        stored(&Json(Metres(f64::NAN))),
        stored(&Json(BTreeMap::from([("a", f64::NAN)]))),
        stored(&Json(Shape::Circle(f64::NAN))),
        stored(&Json(Shape::Line(0.0, f32::NAN))),
        stored(&Json(Shape::Box { width: Some(f64::NAN) })),
    ];
    for result in refused {
        assert_eq!(result.unwrap_err().to_string(), NOT_FINITE);
    }
}

#[test]
fn null_beside_finite_floats_is_stored() {
    let shapes = vec![Shape::Point, Shape::Circle(1.0), Shape::Line(0.5, 2.0), Shape::Box { width: None }];
    let text = stored_text(&Json(&shapes));
    assert_eq!(text, r#"["Point",{"Circle":1.0},{"Line":[0.5,2.0]},{"Box":{"width":null}}]"#);
    assert_eq!(read::<Json<Vec<Shape>>>(text).unwrap(), Json(shapes));
}

#[test]
fn what_nests_too_deeply_to_be_read_is_not_stored() {
    let nested = |depth| (1..depth).fold(serde_json::json!([]), |inner, _| serde_json::json!([inner]));
    assert_eq!(read::<serde_json::Value>(stored(&nested(127)).unwrap()).unwrap(), nested(127));
    assert_eq!(
        stored(&nested(128)).unwrap_err().to_string(),
        "expected a value that JSON can hold, found one nested too deeply to be read again"
    );
}

#[test]
fn a_map_key_that_is_no_text_is_refused() {
    assert_eq!(
        stored(&Json(BTreeMap::from([((1, 2), 3)]))).unwrap_err().to_string(),
        "expected a value that JSON can hold, found one that its `Serialize` refused, or a map key that is no text"
    );
}

#[test]
fn an_error_has_the_place_and_not_the_value() {
    assert_eq!(
        refused::<Json<Vec<u8>>>(r#"[1, "secret"]"#),
        "expected JSON of this type, found another shape at line 1 column 12"
    );
    assert_eq!(refused::<Json<u8>>("secret"), "expected JSON text, found something else at line 1 column 1");
    assert_eq!(refused::<Json<Vec<u8>>>("[1,"), "expected JSON text, found text that ends too early");
    assert_eq!(refused::<Json<u8>>("1 2"), "expected JSON text, found something else at line 1 column 3");
    assert_eq!(refused::<Json<u8>>(1), "expected JSON text, found integer");
    let error = read::<Json<u8>>("\"secret\"").unwrap_err();
    assert!(std::error::Error::source(&error).is_none());
}
