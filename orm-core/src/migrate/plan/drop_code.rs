//! Views and triggers that a person lets go.

use super::going::contains;
use super::step::{Step, StepChange, StepClass, Strategy};
use crate::error::Result;
use crate::migrate::consent::Consent;
use crate::migrate::introspect::{Schema, Trigger};
use crate::migrate::names::{quoted, quoted_table};
use crate::schema::TableDef;
use crate::sql::trigger_names;

/// Takes them out of the schema, and gives the steps that drop them. A view takes its triggers along. The triggers of
/// full-text indexes that the structs have are not a person's to drop: they would come back.
pub(super) fn drop_code(live: &mut Schema, definitions: &[TableDef], consent: &Consent) -> Result<Vec<Step>> {
    let indexes =
        definitions.iter().filter_map(|table| table.fts.as_ref().map(|fts| fts.name_for(&table.name)));
    let ours: Vec<String> = indexes.flat_map(|index| trigger_names(&index)).collect();
    let goes = |trigger: &Trigger| consent.may_drop_trigger(&trigger.name) && !contains(&ours, &trigger.name);
    let mut steps = Vec::new();
    let views: Vec<String> = live.views.iter().map(|view| view.name.clone()).collect();
    for view in views.into_iter().filter(|view| consent.may_drop_view(view)) {
        let mut changes = vec![format!("drop view `{view}`")];
        changes.extend(live.triggers_of(&view).map(|it| format!("drop trigger `{}` with it", it.name)));
        steps.push(step(&view, changes, format!("DROP VIEW {}", quoted_table(&view)?)));
        live.views.retain(|it| it.name != view);
        live.triggers.retain(|it| !it.table.eq_ignore_ascii_case(&view));
    }
    for trigger in live.triggers.iter().filter(|trigger| goes(trigger)) {
        let schema = if trigger.temporary { "temp" } else { "main" };
        let sql = format!("DROP TRIGGER \"{schema}\".{}", quoted(&trigger.name)?);
        steps.push(step(&trigger.table, vec![format!("drop trigger `{}`", trigger.name)], sql));
    }
    live.triggers.retain(|trigger| !goes(trigger));
    for index in live.tables.values_mut().flat_map(|table| &mut table.full_texts) {
        index.triggers.retain(|trigger| !goes(trigger));
    }
    Ok(steps)
}

fn step(table: &str, changes: Vec<String>, sql: String) -> Step {
    let change = |text| StepChange { class: StepClass::Loosening, text };
    Step {
        table: table.to_owned(),
        strategy: Strategy::Drop,
        class: StepClass::Loosening,
        changes: changes.into_iter().map(change).collect(),
        sql: vec![sql],
        rows: 0,
        bytes: None,
    }
}
