use super::{Rule, create_index, create_table, folded, mentions, normal, without_qualifier};
use crate::migrate::parse::token::{TokenKind, tokenize};

/// Pieces that are likely to meet a corner of the tokenizer when put together at random.
const PIECES: [&str; 44] = [
    "'",
    "\"",
    "`",
    "[",
    "]",
    "--",
    "/*",
    "*/",
    "\n",
    " ",
    "x'",
    "X'0",
    "0x",
    "1",
    ".",
    "e",
    "E+",
    "_",
    "é",
    "✓",
    "\u{0}",
    "?",
    ":",
    "@",
    "$",
    "#",
    "(",
    ")",
    ",",
    ";",
    "CREATE",
    "TABLE",
    "t",
    "CONSTRAINT",
    "CHECK",
    "DEFAULT",
    "REFERENCES",
    "PRIMARY",
    "KEY",
    "||",
    "->>",
    "<>",
    "!",
    "GENERATED ALWAYS AS",
];

fn pseudo_random_sql(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % 1009).unwrap()
    };
    (0..next() % 40).map(|_| PIECES[next() % PIECES.len()]).collect()
}

#[test]
fn any_text_can_be_tokenized_and_the_tokens_give_it_back() {
    for seed in 1..20_000 {
        let sql = pseudo_random_sql(seed);
        let tokens = tokenize(&sql);
        assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), sql, "seed {seed}");
        assert!(tokens.iter().all(|token| !token.text.is_empty()), "seed {seed}");
    }
}

#[test]
fn any_text_can_be_parsed_or_is_refused() {
    for seed in 1..20_000 {
        let sql = pseudo_random_sql(seed);
        let (table, index) = (format!("CREATE TABLE t(a {sql}"), format!("CREATE INDEX i ON t({sql}"));
        let _ = (create_table(&table), create_index(&index), normal(&sql), without_qualifier(&sql, "t"));
        let _ = mentions(&sql, "t");
    }
}

#[test]
fn every_kind_of_token_is_known() {
    let kinds: Vec<TokenKind> = tokenize("a\"b\"[c]`d`'e' x'0F' 1.5e-3 0xFF ?1 :n <> /* c */ -- d")
        .iter()
        .map(|it| it.kind)
        .collect();
    use TokenKind::{Blob, Comment, Number, Operator, Quoted, Space, Text, Variable, Word};
    assert_eq!(
        kinds,
        [
            Word, Quoted, Quoted, Quoted, Text, Space, Blob, Space, Number, Space, Number, Space, Variable,
            Space, Variable, Space, Operator, Space, Comment, Space, Comment
        ]
    );
    assert_eq!(tokenize("12ab")[0].kind, TokenKind::Illegal);
    assert_eq!(tokenize("'open")[0].kind, TokenKind::Illegal);
}

#[test]
fn expressions_compare_by_meaning() {
    assert_eq!(normal("((  \"a\"  <>''  ))"), normal("A != '' -- note"));
    assert_eq!(normal("[a b] = 1"), normal("`a b`==1"));
    assert_ne!(normal("a = 'x'"), normal("a = 'X'"));
    assert_ne!(normal("(a) OR (b)"), normal("a) OR (b"));
    assert_ne!(normal("\"order\""), normal("order"), "a quoted keyword is a name");
    assert_eq!(folded("ÉA"), "Éa", "only ASCII letters are folded");
}

#[test]
fn a_qualifier_is_taken_away_and_nothing_else() {
    assert_eq!(
        without_qualifier("t.a > 0 AND \"T\" . b /* t.x */ < 't.c'", "t"),
        "a > 0 AND b /* t.x */ < 't.c'"
    );
    assert_eq!(without_qualifier("u.a > t", "t"), "u.a > t");
}

#[test]
fn a_table_is_read_with_all_that_no_pragma_shows() {
    let table = create_table(
        "CREATE TABLE \"t\"(id INTEGER PRIMARY KEY AUTOINCREMENT, [a b] NVARCHAR(160) NOT NULL ON CONFLICT FAIL \
         DEFAULT 'it''s' COLLATE nocase CONSTRAINT c1 CHECK(length(a) < 5 /* ) */), g AS (id + 1) STORED, \
         p INT REFERENCES p(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED, d DEFAULT -1, \
         UNIQUE(\"a b\" COLLATE rtrim DESC, p) ON CONFLICT IGNORE CONSTRAINT c2 CHECK(d > 0), \
         FOREIGN KEY(p, d) REFERENCES q) STRICT, WITHOUT ROWID",
    )
    .unwrap();
    assert_eq!((table.strict, table.without_rowid), (true, true));
    let columns: Vec<_> = table.columns.iter().map(|it| (it.name.as_str(), it.type_text.as_str())).collect();
    assert_eq!(columns, [("id", "INTEGER"), ("a b", "NVARCHAR(160)"), ("g", ""), ("p", "INT"), ("d", "")]);
    assert_eq!(
        table.columns[1].constraints.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(),
        [
            "NOT NULL ON CONFLICT FAIL",
            "DEFAULT 'it''s'",
            "COLLATE nocase",
            "CONSTRAINT c1 CHECK(length(a) < 5 /* ) */)"
        ]
    );
    let Rule::Unique { columns, conflict } = &table.constraints[0].rule else { panic!("{table:?}") };
    assert_eq!((columns[0].column.as_deref(), columns[0].descending), (Some("a b"), true));
    assert_eq!(conflict.as_deref(), Some("IGNORE"));
    assert_eq!(
        table.constraints[1].name.as_deref(),
        Some("c2"),
        "the comma between constraints may be left out"
    );
    let Rule::References(reference) = &table.constraints[2].rule else { panic!("{table:?}") };
    assert_eq!(
        (reference.columns.as_slice(), reference.parent.as_str()),
        (&["p".into(), "d".into()][..], "q")
    );
}

#[test]
fn an_index_is_read() {
    let index =
        create_index("CREATE UNIQUE INDEX iu ON t(a COLLATE NOCASE DESC, lower(a)) WHERE a <> 'skip'")
            .unwrap();
    assert_eq!((index.name.as_str(), index.table.as_str(), index.unique), ("iu", "t", true));
    assert_eq!(index.terms[0].column.as_deref(), Some("a"));
    assert_eq!(index.terms[0].collation.as_deref(), Some("NOCASE"));
    assert_eq!((index.terms[1].column.as_deref(), index.terms[1].expression.as_str()), (None, "lower(a)"));
    assert_eq!(index.predicate.as_deref(), Some("a <> 'skip'"));
}
