//! The dots as a drawing (SVG) for other programs: millimetres, one layer a session.

use std::fmt::Write as _;

use stipple_model::{DRAWN_COLOR, Plan, SESSION_COLORS, Session, Verdict};

use crate::document::dots::{drawn_in_scalp, extent, scars_in_scalp, within_reach};
use crate::document::page::Frame;
use crate::document::stencil::warnings;

/// Room around the outermost dots, mm; the scale bar stands below.
const MARGIN_MM: f64 = 5.0;
/// Length of the scale bar, mm.
const BAR_MM: f64 = 10.0;

/// The plan's dots at their true size and place: one unit is one millimetre of the scalp's frame.
///
/// A verdict that speaks against treatment and a scale that is a guess are written across the top, in a layer
/// `warning`.
///
/// Groups `scar`, `drawn` where something was, `session-1`, `session-2` … and `scale-bar` are layers that can be shown and hidden.
///
/// # Determinism
/// The same plan gives the same text.
pub fn dots_svg(plan: &Plan, verdict: Option<Verdict>) -> String {
    let frame = extent(plan).unwrap_or(Frame::new(0.0, 0.0, 2.0 * BAR_MM, 0.0)).grown(MARGIN_MM);
    let width = frame.width_mm.max(BAR_MM + 2.0 * MARGIN_MM);
    let height = frame.height_mm + 2.0 * MARGIN_MM;
    let [left, top, w, h] = [frame.left_mm, frame.top_mm, width, height].map(mm);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" \
         xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" \
         width=\"{w}mm\" height=\"{h}mm\" viewBox=\"{left} {top} {w} {h}\">\n\
         <title>{}</title>\n<desc>{}</desc>\n",
        "Stipple dot plan",
        escaped(&format!("{} dots, protocol {}; 1 unit = 1 mm", plan.dots().count(), plan.protocol)),
    );
    svg.push_str(&scars(plan));
    svg.push_str(&drawn(plan));
    svg.push_str(&banner([frame.left_mm + 1.0, frame.top_mm], width - 2.0, &warnings(plan, verdict)));
    for (k, session) in plan.sessions.iter().enumerate() {
        layer(&mut svg, session, &hex(SESSION_COLORS[k.min(SESSION_COLORS.len() - 1)]));
    }
    svg.push_str(&scale_bar([frame.left_mm + MARGIN_MM, frame.bottom_mm() + MARGIN_MM]));
    svg.push_str("</svg>\n");
    svg
}

fn scars(plan: &Plan) -> String {
    let mut path = String::new();
    for outline in scars_in_scalp(plan).iter().filter(|outline| outline.len() > 2) {
        for (k, [x, y]) in outline.iter().enumerate() {
            let command = if k == 0 { 'M' } else { 'L' };
            path.extend([command.to_string(), mm(*x), " ".to_owned(), mm(*y)]);
        }
        path.push('Z');
    }
    format!(
        "<g id=\"scar\" inkscape:groupmode=\"layer\" fill=\"none\" stroke=\"#0f5b66\" stroke-width=\"0.15\">\
         <path d=\"{path}\"/></g>\n"
    )
}

/// What a person drew; nothing where nothing was.
fn drawn(plan: &Plan) -> String {
    let piece = |[[x0, y0], [x1, y1]]: [[f64; 2]; 2]| format!("M{} {}L{} {}", mm(x0), mm(y0), mm(x1), mm(y1));
    let path: String = drawn_in_scalp(plan).into_iter().map(piece).collect();
    if path.is_empty() {
        return path;
    }
    let stroke = hex(DRAWN_COLOR);
    format!(
        "<g id=\"drawn\" inkscape:groupmode=\"layer\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"0.15\">\
         <path d=\"{path}\"/></g>\n"
    )
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Lines of text that fit a width, in the margin; nothing if there are none.
fn banner([left, top]: [f64; 2], width_mm: f64, lines: &[String]) -> String {
    // A capital letter is about as wide as two thirds of its size.
    let size_mm = |text: &str| (width_mm / (0.6 * text.chars().count() as f64)).min(2.0);
    let texts: Vec<String> = lines
        .iter()
        .zip(1..)
        .map(|(text, line)| {
            format!(
                "<text x=\"{}\" y=\"{}\" font-size=\"{}\">{}</text>",
                mm(left),
                mm(top + 2.2 * f64::from(line)),
                mm(size_mm(text)),
                escaped(text)
            )
        })
        .collect();
    if texts.is_empty() {
        return String::new();
    }
    format!(
        "<g id=\"warning\" inkscape:groupmode=\"layer\" fill=\"#b00020\" font-family=\"sans-serif\" \
         font-weight=\"bold\">{}</g>\n",
        texts.concat()
    )
}

fn layer(svg: &mut String, session: &Session, fill: &str) {
    let number = session.number;
    svg.push_str(&format!(
        "<g id=\"session-{number}\" inkscape:groupmode=\"layer\" \
         inkscape:label=\"session {number}\" fill=\"{fill}\" stroke=\"none\">\n"
    ));
    for dot in &session.dots {
        let Some([x, y]) = within_reach(dot.at_scalp) else { continue };
        let radius = if dot.diameter_um.is_finite() { dot.diameter_um.clamp(0.0, 1e4) / 2000.0 } else { 0.0 };
        let _ = writeln!(svg, "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"/>", mm(x), mm(y), mm(radius));
    }
    svg.push_str("</g>\n");
}

fn scale_bar([left, y]: [f64; 2]) -> String {
    let [x0, x1, y, label] = [left, left + BAR_MM, y, y - 0.8].map(mm);
    format!(
        "<g id=\"scale-bar\" inkscape:groupmode=\"layer\"><path d=\"M{x0} {y}L{x1} {y}\" stroke=\"#1a1a1a\" \
         stroke-width=\"0.3\"/><text x=\"{x0}\" y=\"{label}\" fill=\"#1a1a1a\" stroke=\"none\" \
         font-family=\"sans-serif\" font-size=\"2.4\">{BAR_MM} mm</text></g>\n"
    )
}

/// Millimetres to the micrometre, without idle zeros.
fn mm(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text that XML may hold.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for character in text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')) {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::example;

    #[test]
    fn every_dot_is_there_in_millimetres() {
        let plan = example::plan();
        let svg = dots_svg(&plan, None);
        assert_eq!(svg.matches("<circle").count(), plan.dots().count());
        let first = &plan.sessions[0].dots[0];
        assert!(svg.contains(&format!("cx=\"{}\"", mm(first.at_scalp.x_mm))));
        assert!(svg.contains("id=\"session-3\"") && svg.contains("id=\"scar\""));
    }

    #[test]
    fn hostile_names_and_places_do_no_harm() {
        let mut plan = example::plan();
        plan.protocol = "</desc><script>\u{0}&".to_owned();
        plan.sessions[0].dots[0].at_scalp.x_mm = f64::NAN;
        let svg = dots_svg(&plan, None);
        assert!(!svg.contains("<script>") && !svg.contains("NaN"));
        assert_eq!(mm(-0.0001), "0");
        assert_eq!(mm(100.0), "100");
    }

    #[test]
    fn a_verdict_against_it_is_written_into_the_drawing() {
        let plan = example::plan();
        assert!(dots_svg(&plan, Some(Verdict::NotYet)).contains("Do not treat"));
        assert!(!dots_svg(&plan, Some(Verdict::SuitableWithCare)).contains("id=\"warning\""));
        let mut guessed = plan.clone();
        guessed.pixel_pitch_um = stipple_quantity::Estimate::new(100.0, 28.0);
        assert!(dots_svg(&guessed, None).contains("SCALE UNCERTAIN: lengths may be off by ± 28 %"));
    }

    #[test]
    fn a_plan_without_dots_is_a_drawing_still() {
        let mut plan = example::plan();
        plan.sessions.clear();
        plan.scar_outlines.clear();
        assert!(dots_svg(&plan, None).ends_with("</svg>\n"));
    }
}
