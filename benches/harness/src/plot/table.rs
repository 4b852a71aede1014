/// A table of ratios to the first subject, as `bench` prints it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratios {
    /// All subjects but the first.
    pub(super) subjects: Vec<String>,
    pub(super) rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) label: String,
    /// One for each subject; none where it does not do that workload.
    pub(super) ratios: Vec<Option<f64>>,
}

impl Ratios {
    /// The last table of a Markdown text that has the C API in its first column.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(markdown: &str) -> Result<Self, String> {
        let lines: Vec<&str> = markdown.lines().collect();
        let header = lines.iter().rposition(|line| line.starts_with("| workload | raw |"));
        let header = header.ok_or("there is no table that begins with `| workload | raw |`")?;
        let subjects: Vec<String> = cells(lines[header]).skip(2).map(str::to_owned).collect();
        if subjects.is_empty() {
            return Err("there is nothing beside the first subject".to_owned());
        }
        let rows = lines[header + 1..].iter().skip(1).take_while(|line| line.starts_with('|'));
        let rows = rows.map(|line| Row::parse(line, subjects.len())).collect::<Result<_, _>>()?;
        Ok(Self { subjects, rows })
    }
}

impl Row {
    fn parse(line: &str, subjects: usize) -> Result<Self, String> {
        let wrong = || format!("`{line}` is no row of {subjects} ratios");
        let mut cells = cells(line);
        let label = label(cells.next().ok_or_else(wrong)?);
        cells.next();
        let ratio = |cell: &str| if cell.is_empty() { Ok(None) } else { cell.parse().map(Some) };
        let ratios: Vec<Option<f64>> = cells.map(ratio).collect::<Result<_, _>>().map_err(|_| wrong())?;
        if ratios.len() != subjects || ratios.iter().flatten().any(|&ratio| ratio <= 0.0) {
            return Err(wrong());
        }
        Ok(Self { label, ratios })
    }
}

fn cells(line: &str) -> impl Iterator<Item = &str> {
    line.trim().trim_start_matches('|').trim_end_matches('|').split('|').map(str::trim)
}

/// The workload in words; its number of rows where it comes in several sizes.
fn label(workload: &str) -> String {
    let (name, rows) = workload.split_once(" n=").unwrap_or((workload, ""));
    match name {
        "W1" => format!("load {rows}"),
        "W2" => "get one by key".to_owned(),
        "W3" => format!("insert {rows} in a transaction"),
        "W4" => "insert one".to_owned(),
        "W5" => format!("join, {rows} pairs"),
        "W6" => "load a tree of relations".to_owned(),
        "W7" => "update one by key".to_owned(),
        "W8" => "delete one by key".to_owned(),
        "W9" => format!("load {rows} of 16 columns"),
        "W10" => "a mixed transaction".to_owned(),
        other => other.to_owned(),
    }
}
