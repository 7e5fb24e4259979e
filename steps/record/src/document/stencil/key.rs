//! What the signs of a plan mean, and what it amounts to, in words.

use stipple_model::{Plan, Session};

use super::super::dots::{DRAWN_PEN, SCAR_PEN, Sign};
use super::super::number::{duration, significant, whole, with_unit};
use super::super::page::{Canvas, Pen};
use super::super::typeface::{Ink, Style};

/// What the plan amounts to, on one line.
pub(in super::super) fn summary(plan: &Plan) -> String {
    let sessions = plan.sessions.len();
    let plural = if sessions == 1 { "" } else { "s" };
    let area = with_unit(significant(plan.totals.area_mm2 / 100.0, 2), "cm²");
    let dots = whole(plan.dots().count());
    let time = duration(plan.totals.chair_minutes);
    let (done, to_come) = match plan.sessions_done.min(sessions) {
        0 => (String::new(), ""),
        done => (format!(", {done} done"), " to come"),
    };
    let in_scar = plan.dots().filter(|dot| dot.in_scar).count();
    let in_scar = if plan.scar_outlines.is_empty() {
        String::new()
    } else {
        format!(" ({} in the scar)", whole(in_scar))
    };
    format!(
        "{dots} dots{in_scar} · {sessions} session{plural}{done} · {area} · {time} under the needle{to_come}"
    )
}

/// What a session amounts to, on one line.
pub(super) fn session_summary(plan: &Plan, session: &Session) -> String {
    let dots = session.dots.len();
    let time = duration(plan.minutes(dots));
    format!("{} dots · {time} under the needle · zone by zone, along the thin line", whole(dots))
}

/// Sessions that get a row of the legend.
const LEGEND_ROWS_MAX: usize = 4;

/// The sign of each session, of the scar and of what was drawn.
pub(in super::super) fn legend(plan: &Plan) -> Canvas {
    let mut canvas = Canvas::new();
    let (row_mm, style) = (4.6, Style::SMALL.in_ink(Ink::TEXT));
    let words = legend_words(plan);
    for (k, text) in words.iter().enumerate() {
        let y = 2.6 + k as f64 * row_mm;
        Sign::of(k).draw(&mut canvas, vec![[1.2, y]], 2.6);
        canvas.text([4.4, y + style.capital_mm() / 2.0], text, style);
    }
    for (k, (pen, text)) in lines_shown(plan).into_iter().enumerate() {
        let y = 2.6 + (words.len() + k) as f64 * row_mm;
        canvas.segments(vec![[[0.0, y], [2.4, y]]], Pen { width_mm: 0.4, ..pen });
        canvas.text([4.4, y + style.capital_mm() / 2.0], text, style);
    }
    canvas
}

/// Rows of the legend.
pub(in super::super) fn legend_rows(plan: &Plan) -> usize {
    legend_words(plan).len() + lines_shown(plan).len()
}

/// The lines of a plan and what they are.
fn lines_shown(plan: &Plan) -> Vec<(Pen, &'static str)> {
    let scars = (!plan.scar_outlines.is_empty()).then_some((SCAR_PEN, "edge of the scar"));
    let drawn = (!plan.drawn_lines.is_empty()).then_some((DRAWN_PEN, "as drawn"));
    scars.into_iter().chain(drawn).collect()
}

/// One line a session; those after the last row share its sign and are counted with it.
pub(super) fn legend_words(plan: &Plan) -> Vec<String> {
    let row = |(k, session): (usize, &Session)| {
        let shares = k + 1 == LEGEND_ROWS_MAX && plan.sessions.len() > LEGEND_ROWS_MAX;
        let counted = if shares { &plan.sessions[k..] } else { &plan.sessions[k..=k] };
        let dots = whole(counted.iter().map(|s| s.dots.len()).sum());
        let (later, healed) =
            (if shares { " and later" } else { "" }, if k < plan.sessions_done { ", healed" } else { "" });
        format!("session {}{later}: {dots} dots{healed}", session.number)
    };
    plan.sessions.iter().take(LEGEND_ROWS_MAX).enumerate().map(row).collect()
}
