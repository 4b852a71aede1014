use std::fmt;

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Prints every statement that the library sends, between the lines of the story. The example `logging` shows what a
/// program of your own would do instead.
pub fn show_sql() {
    tracing_subscriber::registry().with(ShowSql).init();
}

struct ShowSql;

impl<S: Subscriber> Layer<S> for ShowSql {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "orm_core::sql" {
            event.record(&mut PrintSql);
        }
    }
}

struct PrintSql;

impl Visit for PrintSql {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "sql" {
            println!("    {value}");
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
