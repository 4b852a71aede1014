use super::{Like, call, of_one};
use crate::expr::{Arguments, Assign, Expr, Expression};
use crate::value::{Field, class};

/// In lower case; ASCII letters only.
pub fn lower<M, E: Expression<M, Type: Field<Class: class::Textual>>>(text: E) -> Expr<M, E::Type> {
    of_one("lower", text)
}

/// In upper case; ASCII letters only.
pub fn upper<M, E: Expression<M, Type: Field<Class: class::Textual>>>(text: E) -> Expr<M, E::Type> {
    of_one("upper", text)
}

/// Without spaces at both ends.
pub fn trim<M, E: Expression<M, Type: Field<Class: class::Textual>>>(text: E) -> Expr<M, E::Type> {
    of_one("trim", text)
}

/// How many characters text has before the first NUL, or bytes a blob.
pub fn length<M, E: Expression<M>>(argument: E) -> Expr<M, Like<E, M, i64>> {
    of_one("length", argument)
}

/// Where `piece` first occurs, counted in characters from 1; 0 where it does not.
pub fn instr<M, E: Expression<M, Type: Field<Class: class::Textual>>>(
    text: E,
    piece: impl Assign<M, String>,
) -> Expr<M, Like<E, M, i64>> {
    call("instr", [text.lower(), piece.into_assigned()], E::Type::NULLABLE)
}

/// `length` characters from `start`, which counts from 1, or from the end where it is negative.
pub fn substr<M, E: Expression<M, Type: Field<Class: class::Textual>>>(
    text: E,
    start: impl Assign<M, i64>,
    length: impl Assign<M, i64>,
) -> Expr<M, E::Type> {
    call("substr", [text.lower(), start.into_assigned(), length.into_assigned()], E::Type::NULLABLE)
}

/// With every `from` replaced by `to`.
pub fn replace<M, E: Expression<M, Type: Field<Class: class::Textual>>>(
    text: E,
    from: impl Assign<M, String>,
    to: impl Assign<M, String>,
) -> Expr<M, E::Type> {
    call("replace", [text.lower(), from.into_assigned(), to.into_assigned()], E::Type::NULLABLE)
}

/// Without spaces at its beginning.
pub fn ltrim<M, E: Expression<M, Type: Field<Class: class::Textual>>>(text: E) -> Expr<M, E::Type> {
    of_one("ltrim", text)
}

/// Without spaces at its end.
pub fn rtrim<M, E: Expression<M, Type: Field<Class: class::Textual>>>(text: E) -> Expr<M, E::Type> {
    of_one("rtrim", text)
}

/// All of them as one text; NULL counts as empty. [`append`](crate::Column::append) is NULL where either side is.
///
/// ```
/// use orm_core::{Expr, Model, func};
///
/// #[derive(Model)]
/// struct User {
///     #[orm(primary_key, auto)]
///     id: i64,
///     first: String,
///     last: Option<String>,
/// }
///
/// let name: Expr<User, String> = func::concat((User::FIRST, " ", User::LAST));
/// assert_eq!(format!("{name:?}"), r#"Expr(concat("first", ?1, "last"))"#);
/// ```
pub fn concat<M>(arguments: impl Arguments<M>) -> Expr<M, String> {
    call("concat", arguments.into_arguments(), false)
}

/// All of them that are not NULL as one text, with `separator` between them.
pub fn concat_ws<M>(separator: impl Assign<M, String>, arguments: impl Arguments<M>) -> Expr<M, String> {
    let separator = std::iter::once(separator.into_assigned());
    call("concat_ws", separator.chain(arguments.into_arguments()), false)
}

/// In a format such as `%s is %d years`, with NULL as empty text or 0: <https://sqlite.org/printf.html>. NULL for an empty
/// format.
pub fn format<M>(format: impl Assign<M, String>, arguments: impl Arguments<M>) -> Expr<M, Option<String>> {
    let format = std::iter::once(format.into_assigned());
    call("format", format.chain(arguments.into_arguments()), true)
}

/// The bytes of text or of a blob as hexadecimal digits; none for NULL.
pub fn hex<M>(argument: impl Expression<M>) -> Expr<M, String> {
    call("hex", [argument.lower()], false)
}

/// The text of these code points.
pub fn char<M>(code_points: impl Arguments<M>) -> Expr<M, String> {
    call("char", code_points.into_arguments(), false)
}

/// The code point of the first character; NULL where there is none.
pub fn unicode<M, E: Expression<M, Type: Field<Class: class::Textual>>>(text: E) -> Expr<M, Option<i64>> {
    call("unicode", [text.lower()], true)
}
