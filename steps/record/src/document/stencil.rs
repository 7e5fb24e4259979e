//! Every dot at its true place and size of the scalp, to lay beside the head.

use stipple_model::{Plan, Session, Verdict};

use super::card::check_bar;
use super::dots::{Overview, SCAR_PEN, Sign, extent, places, scars_in_scalp};
use super::flow::Block;
use super::number::{duration, significant, whole, with_unit};
use super::page::{A4_MM, Align, Canvas, Frame, Pen, Sheet, pdf};
use super::typeface::{Ink, Line, Style};

/// Pages a stencil may have; a plan that needs more is not printed at its true size.
const PAGES_MAX: usize = 24;
/// Dots a stencil may have.
const DOTS_MAX: usize = 200_000;
/// What neighboring pages both show, mm.
const OVERLAP_MM: f64 = 12.0;
/// Room around the outermost dots, mm.
const MARGIN_MM: f64 = 6.0;
/// Edge of the sheet that stays empty, mm: printers do not reach it.
const EDGE_MM: f64 = 12.0;
/// Room for the head of a page, mm.
const HEAD_MM: f64 = 30.0;
/// Room for the rulers along the tile's left and top, mm.
const RULER_MM: f64 = 6.0;

/// The plan's dots at 1 : 1 in the scalp's frame, tiled over A4 pages with overlap and registration marks.
///
/// # Limits
/// At most 24 pages; a larger plan gives one page that says so. A plan without dots gives one page, too.
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
    let drawn = Drawn::of(plan);
    let tiles = (0..tiling.rows).flat_map(|row| (0..tiling.columns).map(move |column| (column, row)));
    tiles.map(|(column, row)| tiling.sheet(plan, &drawn, [column, row], verdict)).collect()
}

/// How a plan is cut into pages.
struct Tiling {
    sheet_mm: [f64; 2],
    /// The scalp that the tiles cover together.
    covered: Frame,
    columns: usize,
    rows: usize,
}

impl Tiling {
    fn new(sheet_mm: [f64; 2], extent: Frame) -> Self {
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

    fn pages(&self) -> usize {
        self.columns.saturating_mul(self.rows)
    }

    /// The part of the scalp on one page.
    fn tile(&self, column: usize, row: usize) -> Frame {
        let [width, height] = tile_size_mm(self.sheet_mm);
        let left = self.covered.left_mm + column as f64 * (width - OVERLAP_MM);
        let top = self.covered.top_mm + row as f64 * (height - OVERLAP_MM);
        Frame::new(left, top, width, height)
    }

    fn sheet(
        &self,
        plan: &Plan,
        drawn: &Drawn,
        [column, row]: [usize; 2],
        verdict: Option<Verdict>,
    ) -> Sheet {
        let tile = self.tile(column, row);
        let [left, top] = [EDGE_MM + RULER_MM, EDGE_MM + HEAD_MM + RULER_MM];
        let on_sheet = Frame::new(left, top, tile.width_mm, tile.height_mm);
        let shift = [left - tile.left_mm, top - tile.top_mm];
        let mut sheet = Sheet { size_mm: self.sheet_mm, canvas: Canvas::new() };
        sheet.canvas.put([EDGE_MM, EDGE_MM], self.head(plan, column, row));
        let lines = warnings(plan, verdict);
        for (text, k) in lines.iter().rev().zip(0..) {
            let y_mm = EDGE_MM - 3.0 - 4.4 * f64::from(k);
            sheet.canvas.text([EDGE_MM, y_mm], text, warning_style(text, self.sheet_mm[0] - 2.0 * EDGE_MM));
        }
        sheet.canvas.put_clipped(on_sheet, shift, drawn.within(tile));
        sheet.canvas.put(shift, rulers(tile));
        sheet.canvas.border(on_sheet, Pen::new(0.15, Ink::Gray(150)));
        if self.pages() > 1 {
            sheet.canvas.put(shift, self.registration(tile));
        }
        sheet
    }

    fn head(&self, plan: &Plan, column: usize, row: usize) -> Canvas {
        let width_mm = self.sheet_mm[0] - 2.0 * EDGE_MM;
        let mut canvas = Canvas::new();
        canvas.text([0.0, 4.2], "Stencil, 1 : 1", Style::HEADING);
        let page = format!("page {} of {}", row * self.columns + column + 1, self.pages());
        let title_mm = Line::new("Stencil, 1 : 1 ", Style::HEADING).width_mm;
        canvas.text([title_mm + 2.0, 4.2], &page, Style::SMALL);
        canvas.text([0.0, 9.6], &summary(plan), Style::SMALL);
        canvas.put([0.0, 14.4], check_bar());
        canvas.put([width_mm - 62.0, 0.0], legend(plan));
        if self.pages() > 1 {
            canvas.put([width_mm - 84.0, 0.0], self.map(column, row));
        }
        canvas
    }

    /// All pages in small, the present one filled.
    fn map(&self, column: usize, row: usize) -> Canvas {
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
    fn registration(&self, tile: Frame) -> Canvas {
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

/// Relative standard uncertainty of the pixel pitch above which true size is said to be none.
const SCALE_UNSURE: f64 = 0.05;

/// What is written over every page, one line each: verdicts against it, and a scale that is a guess.
pub(crate) fn warnings(plan: &Plan, verdict: Option<Verdict>) -> Vec<String> {
    let relative = plan.pixel_pitch_um.relative_uncertainty();
    let scale = (relative > SCALE_UNSURE).then(|| {
        format!(
            "SCALE UNCERTAIN: lengths may be off by ± {:.0} % (standard uncertainty). Photograph with the \
             reference card before using this sheet.",
            (100.0 * relative).min(999.0)
        )
    });
    warning(verdict).map(str::to_owned).into_iter().chain(scale).collect()
}

/// As large as fits on one line.
fn warning_style(text: &str, width_mm: f64) -> Style {
    let usual = Style::STRONG.in_ink(Ink::ACCENT);
    let fits = width_mm / Line::new(text, usual).width_mm;
    usual.sized(usual.size_pt * fits.min(1.0))
}

/// What is said of a plan that is not to be carried out.
fn warning(verdict: Option<Verdict>) -> Option<&'static str> {
    match verdict? {
        Verdict::Suitable | Verdict::SuitableWithCare => None,
        Verdict::NotYet => {
            Some("FOR INFORMATION ONLY: the verdict is “not yet”. Do not treat from this sheet.")
        }
        Verdict::NotSmp => Some(
            "FOR INFORMATION ONLY: micropigmentation is not the right way here. Do not treat from this sheet.",
        ),
    }
}

/// What a page has room for, mm.
fn tile_size_mm([width, height]: [f64; 2]) -> [f64; 2] {
    [width - 2.0 * EDGE_MM - RULER_MM, height - 2.0 * EDGE_MM - HEAD_MM - RULER_MM]
}

/// A plan's places, worked out once for all pages.
struct Drawn {
    sessions: Vec<Vec<[f64; 2]>>,
    scars: Vec<Vec<[f64; 2]>>,
}

impl Drawn {
    fn of(plan: &Plan) -> Self {
        Self { sessions: plan.sessions.iter().map(places).collect(), scars: scars_in_scalp(plan) }
    }

    /// What is seen in a part of the scalp, in the scalp's frame.
    fn within(&self, tile: Frame) -> Canvas {
        let mut canvas = Canvas::new();
        canvas.outlines(self.scars.clone(), SCAR_PEN);
        let near = tile.grown(1.0);
        for (k, places) in self.sessions.iter().enumerate() {
            let here = places.iter().copied().filter(|place| near.holds(*place)).collect();
            Sign::of(k).draw(&mut canvas, here, 1.0);
        }
        canvas
    }
}

/// Ticks every 5 mm outside the tile's left and top edges, numbered by the scalp's frame.
fn rulers(tile: Frame) -> Canvas {
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

/// What the plan amounts to, on one line.
pub(super) fn summary(plan: &Plan) -> String {
    let sessions = plan.sessions.len();
    let plural = if sessions == 1 { "" } else { "s" };
    let area = with_unit(significant(plan.totals.area_mm2 / 100.0, 2), "cm²");
    let dots = whole(plan.dots().count());
    let time = duration(plan.totals.chair_minutes);
    format!("{dots} dots · {sessions} session{plural} · {area} · {time} under the needle")
}

/// Sessions that get a row of the legend.
const LEGEND_ROWS_MAX: usize = 4;

/// The sign of each session, and of the scar.
pub(super) fn legend(plan: &Plan) -> Canvas {
    let mut canvas = Canvas::new();
    let (row_mm, style) = (4.6, Style::SMALL.in_ink(Ink::TEXT));
    let words = legend_words(plan);
    for (k, text) in words.iter().enumerate() {
        let y = 2.6 + k as f64 * row_mm;
        Sign::of(k).draw(&mut canvas, vec![[1.2, y]], 2.6);
        canvas.text([4.4, y + style.capital_mm() / 2.0], text, style);
    }
    let y = 2.6 + words.len() as f64 * row_mm;
    canvas.segments(vec![[[0.0, y], [2.4, y]]], Pen { width_mm: 0.4, ..SCAR_PEN });
    canvas.text([4.4, y + style.capital_mm() / 2.0], "edge of the scar", style);
    canvas
}

/// One line a session; those after the last row share its sign and are counted with it.
fn legend_words(plan: &Plan) -> Vec<String> {
    let row = |(k, session): (usize, &Session)| {
        let shares = k + 1 == LEGEND_ROWS_MAX && plan.sessions.len() > LEGEND_ROWS_MAX;
        let counted = if shares { &plan.sessions[k..] } else { &plan.sessions[k..=k] };
        let dots = whole(counted.iter().map(|s| s.dots.len()).sum());
        format!("session {}{}: {dots} dots", session.number, if shares { " and later" } else { "" })
    };
    plan.sessions.iter().take(LEGEND_ROWS_MAX).enumerate().map(row).collect()
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
mod tests {
    use std::process::Command;

    use stipple_model::Dot;
    use stipple_quantity::{Estimate, PointInScalp};

    use super::super::example;
    use super::*;

    fn plan_of(places: &[[f64; 2]]) -> Plan {
        let mut plan = example::plan();
        let like = plan.sessions[0].dots[0];
        let dot = |[x, y]: &[f64; 2]| Dot { at_scalp: PointInScalp::new(*x, *y), ..like };
        plan.scar_outlines.clear();
        plan.sessions = vec![Session { number: 1, interval_days: 0, dots: places.iter().map(dot).collect() }];
        plan
    }

    fn tiling(width_mm: f64, height_mm: f64) -> Tiling {
        Tiling::new(A4_MM, Frame::new(-3.0, 5.0, width_mm, height_mm))
    }

    #[test]
    fn tiles_overlap_and_cover_all() {
        let tiling = tiling(400.0, 300.0);
        assert_eq!((tiling.columns, tiling.rows), (3, 2));
        let (first, second) = (tiling.tile(0, 0), tiling.tile(1, 0));
        assert!((first.right_mm() - second.left_mm - OVERLAP_MM).abs() < 1e-9);
        let last = tiling.tile(2, 1);
        assert!(first.left_mm <= -9.0 && last.right_mm() >= 403.0 && last.bottom_mm() >= 311.0);
    }

    #[test]
    fn a_scale_that_is_a_guess_is_said() {
        let mut plan = example::plan();
        assert_eq!(warnings(&plan, None), Vec::<String>::new());
        plan.pixel_pitch_um = Estimate::new(100.0, 28.0);
        let said = warnings(&plan, Some(Verdict::NotYet));
        assert!(said[1].starts_with("SCALE UNCERTAIN") && said[1].contains("± 28 %"), "{said:?}");
        let style = warning_style(&said[1], 186.0);
        assert!(style.size_pt > 6.0 && Line::new(&said[1], style).width_mm < 186.1);
        plan.pixel_pitch_um = Estimate::new(0.0, 1.0);
        assert!(stencil_pdf(&plan, None).starts_with(b"%PDF"));
    }

    #[test]
    fn the_legend_counts_later_sessions_together() {
        let mut plan = plan_of(&[[0.0, 0.0], [3.0, 0.0]]);
        let first = plan.sessions[0].clone();
        plan.sessions = (1..=6).map(|number| Session { number, ..first.clone() }).collect();
        let texts: Vec<String> = legend_words(&plan);
        assert_eq!(texts[3], "session 4 and later: 6 dots");
        assert_eq!((texts.len(), texts[2].as_str()), (4, "session 3: 2 dots"));
    }

    #[test]
    fn hostile_plans_stay_small() {
        let far = plan_of(&[[0.0, 0.0], [9_000.0, 9_000.0], [f64::INFINITY, 1e300]]);
        assert_eq!(tiled(&far, extent(&far).expect("two dots can be drawn"), None).len(), 1);
        assert!(stencil_pdf(&plan_of(&[]), None).starts_with(b"%PDF"));
    }

    /// Draws the first page with poppler and looks where the ink is.
    #[test]
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    fn dots_are_where_they_belong_on_paper() {
        let places = [[0.0, 0.0], [100.0, 0.0], [37.5, 120.0]];
        let plan = plan_of(&places);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (file, picture) = (folder.path().join("stencil.pdf"), folder.path().join("page"));
        std::fs::write(&file, stencil_pdf(&plan, None)).expect("written");
        let drawn = Command::new("pdftoppm")
            .args(["-r", "300", "-gray", "-singlefile", "-png"])
            .args([&file, &picture])
            .status();
        if !drawn.is_ok_and(|status| status.success()) {
            eprintln!("skipped: pdftoppm is not installed");
            return;
        }
        let page = image::open(picture.with_extension("png")).expect("poppler writes PNG").to_luma8();
        let tile = Tiling::new(A4_MM, extent(&plan).expect("dots")).tile(0, 0);
        for [x, y] in places {
            let at = [x + EDGE_MM + RULER_MM - tile.left_mm, y + EDGE_MM + HEAD_MM + RULER_MM - tile.top_mm];
            let found = ink_center_mm(&page, at);
            let error_mm = (found[0] - at[0]).hypot(found[1] - at[1]);
            assert!(error_mm < 0.05, "{error_mm} mm off");
        }
    }

    /// Center of the ink within 1.5 mm of a place, on a page drawn at 300 dpi.
    fn ink_center_mm(page: &image::GrayImage, [x_mm, y_mm]: [f64; 2]) -> [f64; 2] {
        let mm = 25.4 / 300.0;
        let range = |at: f64| ((at - 1.5) / mm) as u32..((at + 1.5) / mm) as u32;
        let mut sums = [0.0; 3];
        for y in range(y_mm) {
            for x in range(x_mm) {
                let ink = f64::from(255 - page.get_pixel(x, y).0[0]);
                let center = |px: u32| (f64::from(px) + 0.5) * mm;
                sums = [sums[0] + ink, sums[1] + ink * center(x), sums[2] + ink * center(y)];
            }
        }
        [sums[1] / sums[0], sums[2] / sums[0]]
    }
}
