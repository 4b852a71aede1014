//! Paths into JSON: <https://sqlite.org/json1.html>.

use super::operand::parameter;
use super::{Column, Expr, Expression, Filter};
use crate::error::ConversionError;
use crate::sql;
use crate::value::{Field, LogicalType, ToValue, class};

/// A path stands in the statement as text: an index on the same expression serves only where it reads the same.
fn path(path: &str) -> sql::Expr {
    if path.starts_with('$') && !path.contains('\0') {
        return sql::Expr::literal(path.to_owned());
    }
    sql::Expr::invalid(ConversionError::new("a JSON path such as `$.theme`", "text that is none"))
}

fn call(name: &'static str, document: sql::Expr, at: &str) -> sql::Expr {
    sql::Expr::function(name, [document, path(at)], false, true)
}

macro_rules! paths {
    ([$($generics:tt)*] $left:ty) => {
        impl<$($generics)*> $left {
            /// What is at a path of the JSON text, read as a `V`: `$.theme`, `$.tags[0]`, `$.tags[#-1]`. NULL where there is
            /// nothing, and for `null`.
            ///
            /// Nothing is converted: text is read as text, numbers as numbers, `true` as `bool`; another type is an error
            /// when it is read. With [`Json<X>`](crate::value#conversions) it is any part of the document.
            ///
            /// To change a part in a set-based update there is SQL, which no type checks:
            /// `User::PREFS.set(sql("json_set(prefs, '$.theme', ?)", ("dark",)))`.
            ///
            /// The path is a part of the statement's text and no parameter, so that an index on
            /// `json_extract(prefs, '$.theme')` serves. Choose it in the program; a path from outside is quoted, and
            /// makes another statement each time. Text that is no JSON is an error when it is met.
            ///
            #[cfg_attr(feature = "serde_json", doc = "```")]
            #[cfg_attr(not(feature = "serde_json"), doc = "```ignore")]
            /// use orm_core::{Engine, Model};
            ///
            /// #[derive(Model)]
            /// struct User {
            ///     #[orm(primary_key, auto)]
            ///     id: i64,
            ///     #[orm(json)]
            ///     prefs: serde_json::Value,
            /// }
            ///
            /// let session = Engine::open_in_memory()?.session()?;
            /// session.create_table::<User>()?;
            /// for theme in ["dark", "light"] {
            ///     session.create(User { id: 0, prefs: serde_json::json!({ "theme": theme }) })?;
            /// }
            /// let theme = User::PREFS.path::<String>("$.theme");
            /// let query = session.find::<User>().filter(theme.clone().ne("light")).select((User::ID, theme));
            /// assert_eq!(query.all()?, [(1, Some("dark".to_owned()))]);
            /// # Ok::<(), orm_core::Error>(())
            /// ```
            pub fn path<V: Field<Inner = V>>(self, at: &str) -> Expr<M, Option<V>>
            where
                T::Class: class::Document,
            {
                if V::TYPE == LogicalType::Json {
                    return Expr::new(self.lower().json_at(path(at)));
                }
                Expr::new(call("json_extract", self.lower(), at))
            }

            /// What is at a path: `object`, `array`, `text`, `integer`, `real`, `true`, `false` or `null`; NULL where there
            /// is nothing.
            pub fn type_at(self, at: &str) -> Expr<M, Option<String>>
            where
                T::Class: class::Document,
            {
                Expr::new(call("json_type", self.lower(), at))
            }

            /// How many elements the array at a path has: 0 for what is none, NULL where there is nothing.
            pub fn length_at(self, at: &str) -> Expr<M, Option<u64>>
            where
                T::Class: class::Document,
            {
                Expr::new(call("json_array_length", self.lower(), at))
            }

            /// Whether an element of the array, or a value of the object, at a path equals `item`, which is text or a
            /// number. NULL has none.
            pub fn has_at(self, at: &str, item: impl ToValue) -> Filter<M>
            where
                T::Class: class::Document,
            {
                Expr::new(self.lower().json_has(path(at), parameter(&item)))
            }
        }
    };
}

paths!([M, T: Field, K] Column<M, T, K>);
paths!([M, T: Field] Expr<M, T>);
