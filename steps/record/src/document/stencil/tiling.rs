//! How a plan is cut into pages, and what lets them be joined: rulers and crosses.

use super::super::page::{Align, Canvas, Frame, Pen};
use super::super::typeface::{Ink, Line, Style};

/// What neighboring pages both show, mm.
pub(super) const OVERLAP_MM: f64 = 12.0;
/// Room around the outermost dots, mm.
const MARGIN_MM: f64 = 6.0;
/// Edge of the sheet that stays empty, mm: printers do not reach it.
pub(super) const EDGE_MM: f64 = 12.0;
/// Room for the head of a page, mm.
const HEAD_MM: f64 = 34.0;
/// Room for the rulers along the tile's left and top, mm.
const RULER_MM: f64 = 6.0;
/// Where a tile begins on its sheet, mm.
pub(super) const TILE_AT_MM: [f64; 2] = [EDGE_MM + RULER_MM, EDGE_MM + HEAD_MM + RULER_MM];

/// How a plan is cut into pages.
pub(super) struct Tiling {
    pub(super) sheet_mm: [f64; 2],
    /// The scalp that the tiles cover together.
    covered: Frame,
    pub(super) columns: usize,
    pub(super) rows: usize,
}

impl Tiling {
    pub(super) fn new(sheet_mm: [f64; 2], extent: Frame) -> Self {
        let wanted = extent.grown(MARGIN_MM);
        let [tile_width, tile_height] = tile_size_mm(sheet_mm);
        let tiles =
            |wanted: f64, tile: f64| ((wanted - OVERLAP_MM) / (tile - OVERLAP_MM)).ceil().max(1.0) as usize;
        let (columns, rows) = (tiles(wanted.width_mm, tile_width), tiles(wanted.height_mm, tile_height));
        let spanned = |count: usize, tile: f64| count as f64 * (tile - OVERLAP_MM) + OVERLAP_MM;
        let (width_mm, height_mm) = (spanned(columns, tile_width), spanned(rows, tile_height));
        let covered = Frame::new(
            wanted.left_mm - (width_mm - wanted.width_mm) / 2.0,
            wanted.top_mm - (height_mm - wanted.height_mm) / 2.0,
            width_mm,
            height_mm,
        );
        Self { sheet_mm, covered, columns, rows }
    }

    pub(super) fn pages(&self) -> usize {
        self.columns.saturating_mul(self.rows)
    }

    /// The part of the scalp on one page.
    pub(super) fn tile(&self, column: usize, row: usize) -> Frame {
        let [width, height] = tile_size_mm(self.sheet_mm);
        let left = self.covered.left_mm + column as f64 * (width - OVERLAP_MM);
        let top = self.covered.top_mm + row as f64 * (height - OVERLAP_MM);
        Frame::new(left, top, width, height)
    }

    /// All pages in small, the present one filled.
    pub(super) fn map(&self, column: usize, row: usize) -> Canvas {
        let unit = (18.0 / self.columns as f64).min(24.0 / self.rows as f64).min(6.0);
        let cell = |c: usize, r: usize| Frame::new(c as f64 * unit, r as f64 * unit, unit, unit).grown(-0.2);
        let mut canvas = Canvas::new();
        canvas.rectangles(vec![cell(column, row)], Ink::ACCENT);
        for r in 0..self.rows {
            for c in 0..self.columns {
                canvas.border(cell(c, r), Pen::new(0.15, Ink::QUIET));
            }
        }
        canvas
    }

    /// Crosses in the middle of every overlap: the same cross stands on each page that shows its place.
    pub(super) fn registration(tile: Frame) -> Canvas {
        let mut canvas = Canvas::new();
        let half = OVERLAP_MM / 2.0;
        for x in [tile.left_mm + half, tile.right_mm() - half] {
            for y in [tile.top_mm + half, tile.bottom_mm() - half] {
                let arms = vec![[[x - 3.5, y], [x + 3.5, y]], [[x, y - 3.5], [x, y + 3.5]]];
                canvas.segments(arms, Pen::new(0.12, Ink::BLACK));
                canvas.rings(vec![[x, y]], 2.0, Pen::new(0.12, Ink::BLACK));
            }
        }
        canvas
    }
}

/// What a page has room for, mm.
fn tile_size_mm([width, height]: [f64; 2]) -> [f64; 2] {
    [width - 2.0 * EDGE_MM - RULER_MM, height - 2.0 * EDGE_MM - HEAD_MM - RULER_MM]
}

/// Ticks every 5 mm outside the tile's left and top edges, numbered by the scalp's frame.
pub(super) fn rulers(tile: Frame) -> Canvas {
    let mut canvas = Canvas::new();
    let mut ticks = Vec::new();
    let style = Style::SMALL.sized(6.0);
    let length = |mm: i64| if mm % 10 == 0 { 2.0 } else { 1.1 };
    for mm in fives(tile.left_mm, tile.right_mm()) {
        let x = mm as f64;
        ticks.push([[x, tile.top_mm - length(mm)], [x, tile.top_mm]]);
        if mm % 10 == 0 {
            canvas.line([x, tile.top_mm - 2.7], Align::Center, Line::new(&signed(mm), style));
        }
    }
    for mm in fives(tile.top_mm, tile.bottom_mm()) {
        let y = mm as f64;
        ticks.push([[tile.left_mm - length(mm), y], [tile.left_mm, y]]);
        if mm % 10 == 0 {
            let number = Line::new(&signed(mm), style);
            canvas.line([tile.left_mm - 2.6, y + style.capital_mm() / 2.0], Align::Right, number);
        }
    }
    canvas.segments(ticks, Pen::new(0.12, Ink::BLACK));
    canvas
}

/// The multiples of five in a range, mm.
fn fives(low_mm: f64, high_mm: f64) -> impl Iterator<Item = i64> {
    ((low_mm / 5.0).ceil() as i64..=(high_mm / 5.0).floor() as i64).map(|k| 5 * k)
}

fn signed(mm: i64) -> String {
    mm.to_string().replace('-', "−")
}
