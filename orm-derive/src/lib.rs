//! The derive macros of `orm-core`, which re-exports and documents them.
//!
//! A derive reads (`attr`), resolves (`ir`), checks (`check`) and only then writes code (`expand`), which cannot fail.

mod attr;
mod case;
mod check;
mod derive;
mod diag;
mod expand;
mod ir;

use proc_macro::TokenStream;

/// Makes a struct a table's row.
///
/// It writes `Model` with the table's definition, one constant for each field (`User::EMAIL`, with the field's
/// visibility; a field called `table` gets `TABLE_`) and one for each relation (`Post::AUTHOR`), `FromRow`, and an empty `Hooks` unless `hooks` is said. The struct
/// has named fields and neither type parameters nor lifetimes.
///
/// Everything is said in `#[orm(...)]`. Several on one item add up, and lists take several. Attributes name Rust fields,
/// not columns; inside SQL text columns have their database names.
///
/// # On the struct
///
/// | attribute | meaning |
/// |---|---|
/// | `table = "users"` | the table's name; by default the struct's in `snake_case` |
/// | `strict`, `strict = false` | new tables are STRICT unless said otherwise; unsaid, an existing table is accepted either way |
/// | `without_rowid` | a WITHOUT ROWID table |
/// | `primary_key(a, b)` | a primary key of several columns, in this order |
/// | `unique(a, b)`, `unique(a, b, name = "…")` | a unique constraint |
/// | `index(a, b desc)` | an index; a term is a field or an SQL expression as text, with `asc`, `desc` and `collate nocase` |
/// | `index(a, where = "…", name = "…", unique)` | the condition of a partial index, its name, whether it is unique |
/// | `check = "…"`, `check(name = "…", "…")` | a CHECK constraint |
/// | `foreign_key(columns(a, b), references(Other::A, Other::B))` | a foreign key of several columns; `references = Other` for its key |
/// | `foreign_key(…, on_delete = "…", on_update = "…", deferred, as = "…")` | as on a field |
/// | `fts(title, body)` | a full-text index over these fields of text, for `session.search`; needs a primary key of one integer field |
/// | `fts(title, tokenize = "porter unicode61", prefix = "2 3", name = "…")` | FTS5's tokenizer, lengths of beginnings of words with an index of their own, the index's name, by default `table_fts` |
/// | `renamed_from = "old"` | a name that the table had before, the newest first; may be repeated |
/// | `hooks` | the type implements `Hooks` itself |
/// | `borrowed`, `borrowed = UserRow` | a struct of the same columns for `for_each`, called `UserRef<'_>` or as said: `String` is `&str` in it, `Vec<u8>` is `&[u8]`, an `Option` one of these, the rest as it is; fields with `skip` are left out |
/// | `rename_all = "…"` | the style of column names, one of serde's eight |
/// | `crate = path` | where `orm_core` is, if it has another name |
/// | `has_many(posts: Post::AUTHOR)` | a relation to the rows that refer to this one, by the child's relation; several in a list |
/// | `has_one(card: Card::USER)` | the same where the foreign key is unique |
/// | `many_to_many(tags: Tag through PostTag::POST, PostTag::TAG)` | a relation over a linking table, by its relations to this model and to the other |
///
/// # On a field
///
/// | attribute | meaning |
/// |---|---|
/// | `column = "n"` | the column's name; by default the field's |
/// | `primary_key` | the primary key, or in field order one of its columns |
/// | `auto` | a single integer key that the database assigns when the value is 0 or `None`, and that is written back |
/// | `autoincrement` | the same with AUTOINCREMENT: a key is never used again |
/// | `unique` | a unique constraint |
/// | `index` | an index |
/// | `check = "…"` | a CHECK constraint; may be repeated |
/// | `collate = "nocase"` | the collating sequence |
/// | `default = 18`, `default = "text"` | the database's DEFAULT as a literal that fits the field's type |
/// | `default(expr = "CURRENT_TIMESTAMP")` | the database's DEFAULT as an SQL expression |
/// | `generated = "expr"`, `generated(expr = "…", stored)` | computed by the database: what the struct holds is not written, and `get` or a query reads the value, not the insert |
/// | `references = User` | a foreign key to a model's primary key |
/// | `references(User::EMAIL)` | a foreign key to a unique column |
/// | `on_delete = "…"`, `on_update = "…"` | `cascade`, `set null`, `set default`, `restrict` or `no action` |
/// | `deferred` | the foreign key is checked at COMMIT |
/// | `as = "writer"` | the relation's name; by default the field's without `_id` |
/// | `renamed_from = "old"` | a name that the column had before, the newest first; may be repeated |
/// | `backfill = "sql"` | the value for rows that exist when the column is added or becomes NOT NULL |
/// | `using = "sql"` | the converted value when the column's type changes |
/// | `json` | any serde type, stored as JSON text: `Column<User, Json<T>>` |
/// | `created_at`, `updated_at` | the moment of the insert, and of the last insert or update |
/// | `deleted_at` | the moment of deletion: a delete sets it, and reads leave the row out |
/// | `version` | the counter of optimistic locking |
/// | `type = "NVARCHAR(160)"` | the declared type, in a table that is not STRICT |
/// | `skip` | not a column; `Default::default()` when loaded |
#[proc_macro_derive(Model, attributes(orm))]
pub fn model(input: TokenStream) -> TokenStream {
    derive::run(input, derive::model)
}

/// Makes an enum or a newtype the type of a column: writes `ToValue` and `Field`.
///
/// An enum of unit variants is stored as text, by default the variants' names; a value that is no variant is an error
/// that names those there are. A struct with one field is stored as that field is, and can do in SQL what that can.
///
/// | attribute | meaning |
/// |---|---|
/// | `rename_all = "…"` | on an enum: the style of the texts, one of serde's eight |
/// | `repr = "integer"` | on an enum: the discriminants are stored |
/// | `rename = "…"` | on a variant: its text |
/// | `crate = path` | where `orm_core` is, if it has another name |
#[proc_macro_derive(Field, attributes(orm))]
pub fn field(input: TokenStream) -> TokenStream {
    derive::run(input, derive::field)
}

/// Makes a struct with named fields what a row of raw SQL can become, by column name. A model is one already.
///
/// | attribute | meaning |
/// |---|---|
/// | `rename_all = "…"` | on the struct: the style of column names, one of serde's eight |
/// | `crate = path` | on the struct: where `orm_core` is, if it has another name |
/// | `column = "n"` | on a field: the column's name; by default the field's |
/// | `json` | on a field: any serde type, read from JSON text |
/// | `skip` | on a field: not a column; `Default::default()` |
#[proc_macro_derive(FromRow, attributes(orm))]
pub fn from_row(input: TokenStream) -> TokenStream {
    derive::run(input, derive::from_row)
}
