use super::Ratios;

const TABLES: &str = "\
Words.

| workload | raw | before |
|---|---:|---:|
| W1 n=1 | 5 | 9.00 |

| workload | raw | orm-core | for_each | a<b |
|---|---:|---:|---:|---:|
| W1 n=10 | 12.5 µs | 1.10 | 0.75 | 2.00 |
| W4 n=1 | 610 ns | 0.50 | | 4.00 |

More words.
";

#[test]
fn the_last_table_is_drawn_with_a_mark_for_each_ratio_that_it_has() {
    let svg = Ratios::parse(TABLES).unwrap().to_svg("Time");
    let marks = |class: &str| svg.matches(&format!("class=\"{class}\"")).count();
    // one of each is in the legend
    assert_eq!([marks("m0"), marks("m1"), marks("m2"), marks("m3")], [3, 2, 3, 0]);
    assert_eq!(marks("row"), 2);
    for text in [">load 10<", ">insert one<", ">orm-core<", ">a&lt;b<", "<title>Time</title>"] {
        assert!(svg.contains(text), "{text} is missing");
    }
    assert!(!svg.contains("9.00") && !svg.contains("a<b"));
}

#[test]
fn a_ratio_of_1_is_on_the_line_of_the_first_subject() {
    let svg =
        Ratios::parse("| workload | raw | x |\n|---|---|---|\n| W1 n=1 | 1 | 1.00 |").unwrap().to_svg("");
    let x = |class: &str| {
        let (_, path) = svg.rsplit_once(&format!("<path class=\"{class}\" d=\"M")).unwrap();
        path.split_once(' ').unwrap().0.to_owned()
    };
    let legend_and_line: Vec<&str> =
        svg.lines().filter(|line| line.starts_with("<path class=\"raw\"")).collect();
    assert_eq!(legend_and_line.len(), 2);
    assert!(legend_and_line[1].contains(&format!("M{} ", x("m0"))));
}

#[test]
fn larger_ratios_are_further_to_the_right() {
    let table = "| workload | raw | x |\n|---|---|---|\n| A | 1 | 0.60 |\n| B | 1 | 1.20 |\n| C | 1 | 6.00 |";
    let svg = Ratios::parse(table).unwrap().to_svg("");
    let at =
        |line: &str| line.split_once("d=\"M").unwrap().1.split(' ').next().unwrap().parse::<f64>().unwrap();
    let marks: Vec<f64> = svg.lines().filter(|line| line.contains("class=\"m0\"")).skip(1).map(at).collect();
    assert_eq!(marks.len(), 3);
    assert!(190.0 < marks[0] && marks[0] < marks[1] && marks[1] < marks[2] && marks[2] < 730.0, "{marks:?}");
}

#[test]
fn what_is_no_table_of_ratios_is_an_error() {
    let row = "`| W1 n=1 | 1 | x |` is no row of 1 ratios";
    for (table, message) in [
        ("nothing", "there is no table that begins with `| workload | raw |`"),
        ("| workload | raw |\n|---|---|", "there is nothing beside the first subject"),
        ("| workload | raw | ours |\n|---|---|---|\n| W1 n=1 | 1 | x |", row),
        ("| workload | raw | ours |\n|---|---|---|\n| W1 | 1 |", "`| W1 | 1 |` is no row of 1 ratios"),
        (
            "| workload | raw | ours |\n|---|---|---|\n| W1 | 1 | 0 |",
            "`| W1 | 1 | 0 |` is no row of 1 ratios",
        ),
    ] {
        assert_eq!(Ratios::parse(table).unwrap_err(), message);
    }
}

#[test]
fn the_picture_in_the_repository_is_that_of_the_table_in_the_readme() {
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/../");
    let read = |file: &str| std::fs::read_to_string(format!("{here}{file}")).unwrap();
    assert_eq!(Ratios::parse(&read("README.md")).unwrap().to_svg(crate::HEADING), read("ratios.svg"));
}
