//! The house keeps its order: arrows go down only, `unsafe` and rusqlite stay in their rooms, SQL text in its own.
//!
//! The sources are read as tokens, so that comments and documentation, which may name anything, do not count.

mod made_up;
mod rules;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use self::rules::House;
use self::source::Source;

/// The library's rooms, lowest first. `lib.rs` and what derived code names (`private.rs`) are the faces on top of them.
const LIBRARY: House = House {
    rooms: &[
        "error", "value", "schema", "dialect", "sql", "driver", "engine", "session", "migrate", "expr",
        "model", "query", "relation",
    ],
    faces: &["lib", "__private"],
};

/// The derive's: everything that can fail comes before `expand`.
const DERIVE: House =
    House { rooms: &["diag", "case", "attr", "ir", "check", "expand", "derive"], faces: &["lib"] };

#[test]
fn arrows_of_the_library_go_down_only() {
    assert_eq!(all(&read("orm-core/src"), |source| LIBRARY.arrows(source)), NOTHING);
}

#[test]
fn arrows_of_the_derive_go_down_only() {
    assert_eq!(all(&read("orm-derive/src"), |source| DERIVE.arrows(source)), NOTHING);
}

#[test]
fn unsafe_is_written_in_the_driver_only() {
    let sources = ["orm-core/src", "orm-derive/src", "examples", "tests"].map(read).concat();
    assert_eq!(all(&sources, rules::unsafety), NOTHING);
}

#[test]
fn rusqlite_is_named_by_the_driver_and_reached_through_it() {
    assert_eq!(all(&read("orm-core/src"), rules::rusqlite), NOTHING);
}

#[test]
fn sql_is_written_below_the_engine_and_by_migrations_only() {
    assert_eq!(all(&read("orm-core/src"), rules::sql_text), NOTHING);
}

const NOTHING: [String; 0] = [];

fn all(sources: &[Source], rule: impl Fn(&Source) -> Vec<String>) -> Vec<String> {
    sources.iter().flat_map(rule).collect()
}

/// The sources below a folder of the workspace.
fn read(folder: &str) -> Vec<Source> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let root = workspace.join(folder);
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    assert!(!files.is_empty(), "no sources in {}", root.display());
    files
        .iter()
        .map(|file| Source::parse(file.strip_prefix(&root).unwrap(), &fs::read_to_string(file).unwrap()))
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
