//! One page of a stencil.

use std::collections::BTreeSet;

use stipple_model::{Dot, Plan, Session, Verdict};

use super::super::card::check_bar;
use super::super::dots::{DRAWN_PEN, SCAR_PEN, Sign, drawn_in_scalp, places, scars_in_scalp, within_reach};
use super::super::mixture::mixtures;
use super::super::number::{brief, dots_in_words};
use super::super::page::{Align, Canvas, Frame, Pen, Sheet, for_whom};
use super::super::typeface::{Ink, Line, Style};
use super::key::{legend, session_summary, summary};
use super::tiling::{EDGE_MM, TILE_AT_MM, Tiling, rulers};
use super::warning::warnings;

/// What a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The dots of all sessions.
    All,
    /// Those of one session, counted from 0, with the way of the hand; those made before it stand pale.
    Session(usize),
}

/// What all pages of a stencil share.
pub(super) struct Sheets<'a> {
    pub(super) plan: &'a Plan,
    pub(super) tiling: &'a Tiling,
    pub(super) drawn: &'a Drawn,
    pub(super) verdict: Option<Verdict>,
}

impl Sheets<'_> {
    /// The pages of a part, row by row; of a session only those on which it has dots.
    pub(super) fn of(&self, part: Part) -> Vec<Sheet> {
        let Tiling { columns, rows, .. } = *self.tiling;
        let tiles = (0..rows).flat_map(|row| (0..columns).map(move |column| [column, row]));
        let shown = tiles.filter(|[column, row]| match part {
            Part::All => true,
            Part::Session(k) => self.drawn.has_dots(k, self.tiling.tile(*column, *row)),
        });
        shown.map(|tile| self.sheet(part, tile)).collect()
    }

    fn sheet(&self, part: Part, [column, row]: [usize; 2]) -> Sheet {
        let tile = self.tiling.tile(column, row);
        let on_sheet = Frame::new(TILE_AT_MM[0], TILE_AT_MM[1], tile.width_mm, tile.height_mm);
        let shift = [on_sheet.left_mm - tile.left_mm, on_sheet.top_mm - tile.top_mm];
        let mut sheet = Sheet { size_mm: self.tiling.sheet_mm, canvas: Canvas::new() };
        sheet.canvas.put([EDGE_MM, EDGE_MM], self.head(part, column, row));
        let lines = warnings(self.plan, self.verdict);
        for (text, k) in lines.iter().rev().zip(0..) {
            let y_mm = EDGE_MM - 3.0 - 4.4 * f64::from(k);
            let style = warning_style(text, self.width_mm());
            sheet.canvas.text([EDGE_MM, y_mm], text, style);
        }
        sheet.canvas.put_clipped(on_sheet, shift, self.drawn.within(tile, part));
        sheet.canvas.put(shift, rulers(tile));
        sheet.canvas.border(on_sheet, Pen::new(0.15, Ink::Gray(150)));
        if self.tiling.pages() > 1 {
            sheet.canvas.put(shift, Tiling::registration(tile));
        }
        sheet
    }

    fn width_mm(&self) -> f64 {
        self.tiling.sheet_mm[0] - 2.0 * EDGE_MM
    }

    fn head(&self, part: Part, column: usize, row: usize) -> Canvas {
        let (width_mm, tiling) = (self.width_mm(), self.tiling);
        let (title, line) = match part {
            Part::All => ("Stencil, 1 : 1".to_owned(), summary(self.plan)),
            Part::Session(k) => {
                let session = &self.plan.sessions[k];
                (format!("Stencil, session {}, 1 : 1", session.number), session_summary(self.plan, session))
            }
        };
        let mut canvas = Canvas::new();
        canvas.text([0.0, 4.2], &title, Style::HEADING);
        let page = format!("page {} of {}", row * tiling.columns + column + 1, tiling.pages());
        let title_mm = Line::new(&title, Style::HEADING).width_mm;
        canvas.text([title_mm + 3.0, 4.2], &page, Style::SMALL);
        let page_mm = Line::new(&page, Style::SMALL).width_mm;
        canvas.put([title_mm + page_mm + 8.0, 4.2], for_whom(width_mm - 88.0 - title_mm - page_mm));
        canvas.text([0.0, 9.6], &line, Style::SMALL);
        canvas.put([0.0, 14.4], check_bar());
        canvas.put([width_mm - 62.0, 0.0], legend(self.plan));
        canvas.line([0.0, 27.4], Align::Left, mixtures_line(self.plan, width_mm));
        if let Part::Session(k) = part {
            let line = zones_line(self.plan, &self.plan.sessions[k], width_mm);
            canvas.line([0.0, 31.6], Align::Left, line);
        }
        if tiling.pages() > 1 {
            canvas.put([width_mm - 84.0, 0.0], tiling.map(column, row));
        }
        canvas
    }
}

/// What the needle holds where and how deep it goes, smaller where it does not fit.
fn mixtures_line(plan: &Plan, width_mm: f64) -> Line {
    let (text, style) = (mixtures(plan), Style::SMALL.in_ink(Ink::TEXT));
    let fits = width_mm / Line::new(&text, style).width_mm.max(1.0);
    Line::new(&text, style.sized(style.size_pt * fits.min(1.0)))
}

/// Dots and minutes zone by zone; dots alone where the line is full, of as many zones as it holds.
fn zones_line(plan: &Plan, session: &Session, width_mm: f64) -> Line {
    let style = Style::SMALL.in_ink(Ink::TEXT);
    let zones = session.dots_by_zone();
    let piece = |(zone, dots): &(u32, usize)| {
        format!("zone {zone}: {}, {}", dots_in_words(*dots), brief(plan.minutes(*dots)))
    };
    let whole = Line::new(&zones.iter().map(piece).collect::<Vec<_>>().join(" · "), style);
    if whole.width_mm <= width_mm {
        return whole;
    }
    let with = |count: usize| {
        let more = if count < zones.len() { " · the others: see the table of dots" } else { "" };
        let pieces: Vec<String> =
            zones.iter().take(count).map(|(zone, dots)| format!("{zone}: {dots}")).collect();
        Line::new(&format!("dots by zone: {}{more}", pieces.join(" · ")), style)
    };
    let most = zones.len().min(60);
    (1..most).rev().map(with).fold(
        with(most),
        |best, shorter| {
            if best.width_mm <= width_mm { best } else { shorter }
        },
    )
}

/// As large as fits on one line.
pub(super) fn warning_style(text: &str, width_mm: f64) -> Style {
    let usual = Style::STRONG.in_ink(Ink::ACCENT);
    let fits = width_mm / Line::new(text, usual).width_mm;
    usual.sized(usual.size_pt * fits.min(1.0))
}

/// A plan's places, worked out once for all pages.
pub(super) struct Drawn {
    sessions: Vec<Vec<[f64; 2]>>,
    /// The way of the hand, session by session, zone by zone.
    ways: Vec<Vec<(u32, Vec<[f64; 2]>)>>,
    scars: Vec<Vec<[f64; 2]>>,
    lines: Vec<[[f64; 2]; 2]>,
}

/// Dots that are there already on the page of a later session: smaller and pale.
const DONE: (f64, Ink) = (0.14, Ink::Gray(160));
/// The way of the hand.
const WAY_PEN: Pen = Pen::new(0.06, Ink::Gray(150));
/// Distance of a zone's number from its first dot, mm.
const NUMBER_MM: f64 = 2.6;

impl Drawn {
    pub(super) fn of(plan: &Plan) -> Self {
        Self {
            sessions: plan.sessions.iter().map(places).collect(),
            ways: plan.sessions.iter().map(ways).collect(),
            scars: scars_in_scalp(plan),
            lines: drawn_in_scalp(plan),
        }
    }

    fn has_dots(&self, session: usize, tile: Frame) -> bool {
        self.sessions[session].iter().any(|place| tile.holds(*place))
    }

    /// What is seen in a part of the scalp, in the scalp's frame.
    fn within(&self, tile: Frame, part: Part) -> Canvas {
        let mut canvas = Canvas::new();
        canvas.outlines(self.scars.clone(), SCAR_PEN);
        canvas.segments(self.lines.clone(), DRAWN_PEN);
        let near = tile.grown(1.0);
        let here = |places: &Vec<[f64; 2]>| -> Vec<[f64; 2]> {
            places.iter().copied().filter(|place| near.holds(*place)).collect()
        };
        match part {
            Part::All => {
                for (k, places) in self.sessions.iter().enumerate() {
                    Sign::of(k).draw(&mut canvas, here(places), 1.0);
                }
            }
            Part::Session(k) => {
                self.sessions[..k].iter().for_each(|places| canvas.disks(here(places), DONE.0, DONE.1));
                self.ways[k].iter().for_each(|(_, way)| draw_way(&mut canvas, way, near));
                Sign::of(k).draw(&mut canvas, here(&self.sessions[k]), 1.0);
                // because a plan from elsewhere may come back to a zone: its number stands once.
                let mut named = BTreeSet::new();
                let begun = self.ways[k].iter().filter(|(zone, _)| named.insert(*zone));
                begun.for_each(|(zone, way)| draw_number(&mut canvas, *zone, way));
            }
        }
        canvas
    }
}

/// Places in working order, zone by zone.
fn ways(session: &Session) -> Vec<(u32, Vec<[f64; 2]>)> {
    let zones = session.dots.chunk_by(|one, two| one.zone == two.zone);
    let way =
        |dots: &[Dot]| (dots[0].zone, dots.iter().filter_map(|dot| within_reach(dot.at_scalp)).collect());
    zones.map(way).collect()
}

fn draw_way(canvas: &mut Canvas, way: &[[f64; 2]], near: Frame) {
    let steps = way.windows(2).map(|pair| [pair[0], pair[1]]);
    canvas.segments(steps.filter(|[from, to]| near.holds(*from) || near.holds(*to)).collect(), WAY_PEN);
}

/// The zone's number where it begins, on the side that the hand leaves.
fn draw_number(canvas: &mut Canvas, zone: u32, way: &[[f64; 2]]) {
    let Some([x, y]) = way.first().copied() else { return };
    let next = &way[..way.len().min(8)];
    let count = next.len() as f64;
    let mean = |axis: usize| next.iter().map(|place| place[axis]).sum::<f64>() / count;
    let (dx, dy) = (x - mean(0), y - mean(1));
    let length = dx.hypot(dy).max(1e-9);
    let at = [x + NUMBER_MM * dx / length, y + NUMBER_MM * dy / length];
    let style = Style::STRONG.sized(7.0).in_ink(Ink::ACCENT);
    canvas.disks(vec![at], 1.7, Ink::PAPER);
    canvas.rings(vec![at], 1.7, Pen::new(0.12, Ink::ACCENT));
    canvas.line(
        [at[0], at[1] + style.capital_mm() / 2.0],
        Align::Center,
        Line::new(&zone.to_string(), style),
    );
}
