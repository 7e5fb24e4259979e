//! Every dot at its true place and size of the scalp, to lay beside the head.
//!
//! `tiling` cuts a plan into pages, `sheet` draws one, `key` and `warning` say what the signs mean and what warns of it.

mod key;
mod sheet;
mod tiling;
mod warning;

use stipple_model::{Plan, Verdict};

use super::dots::{Overview, extent};
use super::flow::Block;
use super::page::{A4_MM, Frame, Sheet, pdf};
use super::typeface::Style;
pub(super) use key::{legend, legend_rows, summary};
use sheet::{Drawn, Part, Sheets};
use tiling::Tiling;
pub use warning::warnings;

/// Pages that all dots may need; a plan that needs more is not printed at its true size.
const PAGES_MAX: usize = 24;
/// Pages of a stencil that also has pages for each session.
const PAGES_OF_SESSIONS_MAX: usize = 100;
/// Dots a stencil may have.
const DOTS_MAX: usize = 200_000;

/// The plan's dots at 1 : 1 in the scalp's frame, tiled over A4 pages with rulers, overlap and registration marks: first all
/// dots, then page by page the dots of each session, in the order and the rows in which they are made.
///
/// # Limits
/// At most 24 pages for all dots; a larger plan gives one page that says so. A plan without dots gives one page, too. A plan of
/// one session, or of so many that the pages would be more than 100, has no pages of its sessions.
///
/// A verdict that speaks against treatment stands on every page in its place of honor.
///
/// # Determinism
/// The same plan and verdict give the same bytes.
pub fn stencil_pdf(plan: &Plan, verdict: Option<Verdict>) -> Vec<u8> {
    let sheets = match extent(plan) {
        None => vec![notice("There is nothing to treat: the plan has no dots.", Block::default())],
        Some(extent) if plan.dots().count() <= DOTS_MAX => tiled(plan, extent, verdict),
        Some(_) => vec![notice(&too_large(plan), Block::default())],
    };
    pdf("Stipple stencil, 1 : 1", None, &sheets)
}

fn tiled(plan: &Plan, extent: Frame, verdict: Option<Verdict>) -> Vec<Sheet> {
    let [width, height] = A4_MM;
    let tilings = [[width, height], [height, width]].map(|size| Tiling::new(size, extent));
    let Some(tiling) = tilings.iter().min_by_key(|tiling| tiling.pages()) else { return Vec::new() };
    if tiling.pages() > PAGES_MAX {
        let caption = Block::text("An overview, not at its true size:", Style::SMALL, 170.0);
        let map = Overview::new(plan, extent, [170.0, 200.0]).block;
        return vec![notice(&too_large(plan), Block::stack([caption, Block::space(1.0), map]))];
    }
    let sheets = Sheets { plan, tiling, drawn: &Drawn::of(plan), verdict };
    parts(plan, tiling.pages()).into_iter().flat_map(|part| sheets.of(part)).collect()
}

/// What is printed, one after the other, each on its own pages.
fn parts(plan: &Plan, pages: usize) -> Vec<Part> {
    let sessions = plan.sessions.len();
    let apart = sessions > 1 && (sessions + 1).saturating_mul(pages) <= PAGES_OF_SESSIONS_MAX;
    // Those that are done need no sheet to work by.
    let to_come = plan.sessions_done.min(sessions)..sessions;
    let of_sessions = if apart { to_come } else { 0..0 }.map(Part::Session);
    std::iter::once(Part::All).chain(of_sessions).collect()
}

fn too_large(plan: &Plan) -> String {
    format!(
        "This plan ({}) is too large to print at its true size on {PAGES_MAX} pages of A4. \
         Plan one part of the scalp at a time, or work from the SVG drawing of the dots.",
        summary(plan)
    )
}

/// A page with one message, and perhaps a map.
fn notice(message: &str, map: Block) -> Sheet {
    let mut sheet = Sheet::upright();
    let text = [
        Block::text("Stencil", Style::TITLE, 170.0),
        Block::space(4.0),
        Block::text(message, Style::BODY.sized(10.5), 150.0),
        Block::space(6.0),
        map,
    ];
    sheet.canvas.put([20.0, 20.0], Block::stack(text).canvas);
    sheet
}

#[cfg(test)]
mod tests;
