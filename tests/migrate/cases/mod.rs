//! The project's own cases, and the shared ones where `ORM_SHARED` names their folder.

use std::path::PathBuf;

use serde_json::Value as Json;

use crate::case::run;

fn failures(cases: &[Json]) -> Vec<(String, String)> {
    let failed = cases.iter().filter_map(|case| Some((case["id"].as_str()?.to_owned(), run(case).err()?)));
    failed.collect()
}

#[test]
fn every_case_of_the_project_passes() {
    let cases: Vec<Json> = serde_json::from_str(include_str!("own.json")).unwrap();
    let failed = failures(&cases);
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn every_shared_case_passes() {
    let Some(folder) = std::env::var_os("ORM_SHARED") else { return };
    let path = PathBuf::from(folder).join("cases").join("migration_cases.json");
    let cases: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let failed = failures(&cases);
    assert!(failed.is_empty(), "{failed:#?}");
}
