//! The ratios of a table as a picture: one line for each workload, one mark for each subject, logarithmic to the right.

mod table;

use std::fmt::Write as _;

pub use self::table::Ratios;

const LEFT: f64 = 190.0;
const RIGHT: f64 = 730.0;
const TOP: f64 = 74.0;
const LINE: f64 = 20.0;
const TICKS: [f64; 12] = [0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 16.0, 32.0];

/// Marks by subject, in the order of the table: their colours are in `STYLE`.
const SHAPES: [Shape; 5] = [Shape::Circle, Shape::Diamond, Shape::Square, Shape::Triangle, Shape::Cross];

/// No background, and colours for both themes, so that it can stand on any page.
const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#333}.head{font-weight:600;font-size:14px}.dim{fill:#777}\
.grid{stroke:#ccc}.raw{stroke:#888;stroke-width:1.5}.row{stroke:#e4e4e4}.m0{fill:#d55e00}.m1{fill:#e69f00}.m2{fill:#0072b2}\
.m3{fill:#009e73}.m4{fill:#aa4499}@media(prefers-color-scheme:dark){text{fill:#ddd}.dim{fill:#999}.grid{stroke:#444}\
.raw{stroke:#999}.row{stroke:#333}.m0{fill:#ff8a3d}.m1{fill:#ffc94d}.m2{fill:#58b6f0}.m3{fill:#2fcf9f}.m4{fill:#e07fd0}}";

#[derive(Clone, Copy)]
enum Shape {
    Circle,
    Diamond,
    Square,
    Triangle,
    Cross,
}

impl Ratios {
    /// As an SVG file.
    #[must_use]
    pub fn to_svg(&self, heading: &str) -> String {
        let scale = Scale::of(self);
        let bottom = TOP + LINE * self.rows.len() as f64;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 {:.0}\" role=\"img\">\n<title>{heading}</title>\n\
             <style>{STYLE}</style>\n",
            bottom + 28.0
        );
        text(&mut svg, 10.0, 20.0, "class=\"head\"", heading);
        self.legend(&mut svg);
        for tick in TICKS.into_iter().filter(|&tick| scale.shows(tick)) {
            let (x, class) = (scale.x(tick), if tick == 1.0 { "raw" } else { "grid" });
            let _ = writeln!(
                svg,
                "<path class=\"{class}\" d=\"M{x:.1} {:.1}V{:.1}\"/>",
                TOP - LINE / 2.0,
                bottom - LINE / 2.0
            );
            text(&mut svg, x, bottom + 8.0, "class=\"dim\" text-anchor=\"middle\"", &tick.to_string());
        }
        for (position, row) in self.rows.iter().enumerate() {
            let y = TOP + LINE * position as f64;
            let _ = writeln!(svg, "<path class=\"row\" d=\"M{LEFT:.0} {y:.1}H{RIGHT:.0}\"/>");
            text(&mut svg, LEFT - 10.0, y + 4.0, "text-anchor=\"end\"", &row.label);
            // the first subject last, so that it is on top
            for (subject, ratio) in row.ratios.iter().enumerate().rev() {
                if let Some(ratio) = ratio {
                    mark(&mut svg, subject, scale.x(*ratio), y);
                }
            }
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn legend(&self, svg: &mut String) {
        let mut x = 16.0;
        for (subject, name) in self.subjects.iter().enumerate() {
            mark(svg, subject, x, 42.0);
            text(svg, x + 10.0, 46.0, "", name);
            x += 40.0 + 7.0 * name.chars().count() as f64;
        }
        let _ = writeln!(svg, "<path class=\"raw\" d=\"M{x:.1} 34V50\"/>");
        text(svg, x + 10.0, 46.0, "", "the C API by hand");
    }
}

fn text(svg: &mut String, x: f64, y: f64, attributes: &str, text: &str) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" {attributes}>{text}</text>");
}

fn mark(svg: &mut String, subject: usize, x: f64, y: f64) {
    let shape = match SHAPES[subject % SHAPES.len()] {
        Shape::Circle => "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
        Shape::Diamond => "m-5 0l5-5 5 5-5 5z",
        Shape::Square => "m-4-4h8v8h-8z",
        Shape::Triangle => "m-5 4l5-9 5 9z",
        Shape::Cross => "m-5-3l2-2 3 3 3-3 2 2-3 3 3 3-2 2-3-3-3 3-2-2 3-3z",
    };
    let _ = writeln!(svg, "<path class=\"m{}\" d=\"M{x:.1} {y:.1}{shape}\"/>", subject % SHAPES.len());
}

/// From ratios to positions.
struct Scale {
    least: f64,
    most: f64,
}

impl Scale {
    /// A little more than what there is, and 1 in any case.
    fn of(ratios: &Ratios) -> Self {
        let all = || ratios.rows.iter().flat_map(|row| row.ratios.iter().flatten().copied());
        Self { least: all().fold(1.0, f64::min) / 1.1, most: all().fold(1.0, f64::max) * 1.1 }
    }

    fn shows(&self, ratio: f64) -> bool {
        (self.least..=self.most).contains(&ratio)
    }

    fn x(&self, ratio: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * (ratio / self.least).ln() / (self.most / self.least).ln()
    }
}

#[cfg(test)]
mod tests;
