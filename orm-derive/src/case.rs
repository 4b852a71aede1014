//! Names in other styles: `rename_all`, default table names, the names of constants.

/// The styles of `rename_all`, which are serde's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Style {
    /// As they are written in the attribute.
    pub(crate) const NAMES: [&str; 8] = [
        "lowercase",
        "UPPERCASE",
        "PascalCase",
        "camelCase",
        "snake_case",
        "SCREAMING_SNAKE_CASE",
        "kebab-case",
        "SCREAMING-KEBAB-CASE",
    ];

    /// The style of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        const ALL: [Style; 8] = [
            Style::Lower,
            Style::Upper,
            Style::Pascal,
            Style::Camel,
            Style::Snake,
            Style::ScreamingSnake,
            Style::Kebab,
            Style::ScreamingKebab,
        ];
        Self::NAMES.iter().position(|&known| known == name).map(|at| ALL[at])
    }

    /// A field's name, which is written in `snake_case`, in this style.
    pub(crate) fn of_field(self, field: &str) -> String {
        match self {
            Self::Lower | Self::Snake => field.to_owned(),
            Self::Upper | Self::ScreamingSnake => field.to_ascii_uppercase(),
            Self::Pascal => pascal(field),
            Self::Camel => lower_first(&pascal(field)),
            Self::Kebab => field.replace('_', "-"),
            Self::ScreamingKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// A variant's name, which is written in `PascalCase`, in this style.
    pub(crate) fn of_variant(self, variant: &str) -> String {
        match self {
            Self::Pascal => variant.to_owned(),
            Self::Lower => variant.to_ascii_lowercase(),
            Self::Upper => variant.to_ascii_uppercase(),
            Self::Camel => lower_first(variant),
            Self::Snake => humps(variant),
            Self::ScreamingSnake => humps(variant).to_ascii_uppercase(),
            Self::Kebab => humps(variant).replace('_', "-"),
            Self::ScreamingKebab => humps(variant).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn pascal(field: &str) -> String {
    let mut out = String::new();
    let mut upper = true;
    for c in field.chars() {
        if c == '_' {
            upper = true;
        } else if upper {
            out.push(c.to_ascii_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + chars.as_str())
}

/// An underscore before each capital, as serde does.
fn humps(name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.char_indices() {
        if at > 0 && c.is_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// A struct's name as a table's: `BlogPost` is `blog_post`, `HTTPLog` is `http_log`.
pub(crate) fn table_name(ident: &str) -> String {
    let chars: Vec<char> = ident.chars().collect();
    let mut out = String::new();
    for (at, &c) in chars.iter().enumerate() {
        let begins_word = at > 0 && c.is_uppercase() && {
            let after_word = !chars[at - 1].is_uppercase() && chars[at - 1] != '_';
            let before_word =
                chars[at - 1].is_uppercase() && chars.get(at + 1).is_some_and(|next| next.is_lowercase());
            after_word || before_word
        };
        if begins_word {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// A field's name as a constant's: `created_at` is `CREATED_AT`, and so is `createdAt`. `TABLE` is taken by the trait.
pub(crate) fn constant_name(field: &str) -> String {
    let mut out = String::new();
    let mut previous_is_lower = false;
    for c in field.chars() {
        if c.is_uppercase() && previous_is_lower {
            out.push('_');
        }
        previous_is_lower = c.is_lowercase();
        out.extend(c.to_uppercase());
    }
    if out == "TABLE" {
        out.push('_');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Style, constant_name, table_name};

    #[test]
    fn fields_and_variants_are_renamed_as_serde_does() {
        let renamed = Style::NAMES
            .map(|name| Style::named(name).map(|it| (it.of_field("first_name"), it.of_variant("FirstName"))));
        let expected = [
            ("first_name", "firstname"),
            ("FIRST_NAME", "FIRSTNAME"),
            ("FirstName", "FirstName"),
            ("firstName", "firstName"),
            ("first_name", "first_name"),
            ("FIRST_NAME", "FIRST_NAME"),
            ("first-name", "first-name"),
            ("FIRST-NAME", "FIRST-NAME"),
        ];
        assert_eq!(renamed, expected.map(|(field, variant)| Some((field.to_owned(), variant.to_owned()))));
    }

    #[test]
    fn tables_are_named_in_snake_case() {
        let names = ["User", "BlogPost", "HTTPLog", "LogHTTP", "User2", "Already_Snake"].map(table_name);
        assert_eq!(names, ["user", "blog_post", "http_log", "log_http", "user2", "already_snake"]);
    }

    #[test]
    fn constants_are_named_in_upper_case_and_table_is_taken() {
        let names = ["id", "created_at", "createdAt", "table", "x2y"].map(constant_name);
        assert_eq!(names, ["ID", "CREATED_AT", "CREATED_AT", "TABLE_", "X2Y"]);
    }
}
