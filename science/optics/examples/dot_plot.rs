//! Draws docs/science/dot.svg: `cargo run --release -p stipple-optics --example dot_plot`.

use std::fmt::Write as _;

use stipple_optics::dot::SkinAround;
use stipple_optics::dot_table::{DotOptics, contrast_by_distance};

const COLORS: [&str; 3] = ["#c0392b", "#27864f", "#2a62b8"];
const TOPS_MM: [f64; 4] = [0.15, 0.3, 0.5, 0.8];

fn main() -> std::io::Result<()> {
    let mut svg = String::from(
        "<svg xmlns='http://www.w3.org/2000/svg' width='880' height='280' font-family='sans-serif' \
         font-size='12'><rect width='880' height='280' fill='white'/>",
    );
    for (i, top_mm) in TOPS_MM.into_iter().enumerate() {
        panel(&mut svg, 40.0 + 212.0 * i as f64, top_mm);
    }
    svg +=
        "<text x='440' y='272' text-anchor='middle'>distance from the middle of the dot, mm</text></svg>\n";
    std::fs::write("docs/science/dot.svg", svg)
}

/// Contrast by distance at one depth, in three bands.
fn panel(svg: &mut String, left: f64, top_mm: f64) {
    let (bottom, width, height) = (235.0, 180.0, 200.0);
    let x = |r: f64| left + r / 0.6 * width;
    let y = |c: f64| bottom - c * height;
    for c in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let (at, end) = (y(c), left + width);
        let _ = write!(svg, "<line x1='{left}' y1='{at}' x2='{end}' y2='{at}' stroke='#ddd'/>");
        let _ = write!(svg, "<text x='{}' y='{}' text-anchor='end'>{c}</text>", left - 4.0, at + 4.0);
    }
    for r in [0.0, 0.2, 0.4, 0.6] {
        let _ = write!(svg, "<text x='{}' y='{}' text-anchor='middle'>{r}</text>", x(r), bottom + 16.0);
    }
    let _ = write!(
        svg,
        "<text x='{}' y='24' text-anchor='middle'>pigment {top_mm} to {:.2} mm deep</text>",
        left + width / 2.0,
        top_mm + 0.3
    );
    for (band, color) in COLORS.into_iter().enumerate() {
        let ink_per_mm = 10.0 * [550.0 / 650.0, 1.0, 550.0 / 450.0][band];
        let dot = DotOptics { radius_mm: 0.1, top_mm, height_mm: 0.3, ink_per_mm };
        let seen = contrast_by_distance(&dot, &SkinAround::ORDINARY.bands[band]);
        let points: Vec<String> = (0..=240)
            .map(|i| f64::from(i) * 0.0025)
            .map(|r| format!("{:.1},{:.1}", x(r), y(seen.at(r))))
            .collect();
        let _ = write!(
            svg,
            "<polyline points='{}' fill='none' stroke='{color}' stroke-width='1.6'/>",
            points.join(" ")
        );
    }
}
