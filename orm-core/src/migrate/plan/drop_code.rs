//! Views and triggers that a person lets go.

use super::step::{Step, StepChange, StepClass, Strategy};
use crate::error::Result;
use crate::migrate::consent::Consent;
use crate::migrate::introspect::{Schema, Trigger};
use crate::migrate::names::{quoted, quoted_table};

/// Takes them out of the schema, and gives the steps that drop them. A view takes its triggers along. What keeps a full-text
/// index stays: it goes with the index.
pub(super) fn drop_code(live: &mut Schema, consent: &Consent) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    let views: Vec<String> = live.views.iter().map(|view| view.name.clone()).collect();
    for view in views.into_iter().filter(|view| consent.may_drop_view(view)) {
        let mut changes = vec![format!("drop view `{view}`")];
        changes.extend(live.triggers_of(&view).map(|it| format!("drop trigger `{}` with it", it.name)));
        steps.push(step(&view, changes, format!("DROP VIEW {}", quoted_table(&view)?)));
        live.views.retain(|it| it.name != view);
        live.triggers.retain(|it| !it.table.eq_ignore_ascii_case(&view));
    }
    let kept = |trigger: &Trigger| {
        live.tables.values().flat_map(|table| &table.full_texts).any(|index| index.is_kept_by(trigger))
    };
    let going = live.triggers.iter().filter(|it| consent.may_drop_trigger(&it.name) && !kept(it));
    let going: Vec<Trigger> = going.cloned().collect();
    for trigger in &going {
        let schema = if trigger.temporary { "temp" } else { "main" };
        let sql = format!("DROP TRIGGER \"{schema}\".{}", quoted(&trigger.name)?);
        steps.push(step(&trigger.table, vec![format!("drop trigger `{}`", trigger.name)], sql));
    }
    live.triggers.retain(|trigger| !going.contains(trigger));
    for index in live.tables.values_mut().flat_map(|table| &mut table.full_texts) {
        index.triggers.retain(|trigger| !going.contains(trigger));
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
