//! The stencil as a printer gets it: drawn by poppler, joined by its crosses, measured by its own rulers.

use std::path::Path;
use std::process::Command;

use super::super::tiling::TILE_AT_MM;
use super::*;

const DPI: f64 = 600.0;
const MM: f64 = 25.4 / DPI;
/// What paper may be off by, mm.
const BAR_MM: f64 = 0.1;

/// Dots every 10 mm or so over 300 × 190 mm, more than a sheet of A4 holds.
fn large_plan() -> Plan {
    let mut chance = stipple_quantity::Seed(3).stream("measured", 0);
    let mut shift = || chance.between(-3.0, 3.0);
    let places: Vec<[f64; 2]> =
        (0..600).map(|k| [f64::from(k % 30) * 10.0 + shift(), f64::from(k / 30) * 10.0 + shift()]).collect();
    plan_of(&places)
}

#[test]
#[expect(clippy::print_stderr, reason = "it says what it measured, or that it was skipped")]
fn over_a4_and_beyond_places_are_right_to_a_tenth_of_a_millimetre() {
    let plan = large_plan();
    let tiling = Tiling::new(A4_MM, extent(&plan).expect("dots"));
    assert_eq!((tiling.columns, tiling.rows), (2, 1));
    let Some(pages) = drawn(&plan, 2) else {
        eprintln!("skipped: pdftoppm is not installed");
        return;
    };
    let tiles = [tiling.tile(0, 0), tiling.tile(1, 0)];
    let rulers = [0, 1].map(|k| Rulers::read(&pages[k], tiles[k]));
    let dots = [0, 1].map(|k| dots_on(&pages[k], tiles[k]));
    let places: Vec<[f64; 2]> = plan.sessions.iter().flat_map(super::super::super::dots::places).collect();
    let by_own_ruler = [0, 1].map(|k| largest_error_mm(&dots[k], &places, |px| rulers[k].scalp_mm(px)));
    let joint = Joint::of(&pages, tiles);
    let joined = largest_error_mm(&dots[1], &places, |px| rulers[0].scalp_mm(joint.on_first(px)));
    let ruler = rulers.iter().map(|ruler| ruler.worst_mm).fold(0.0, f64::max);
    eprintln!(
        "{} + {} dots at {DPI} dpi: {:.3} and {:.3} mm off by the rulers of their pages, {joined:.3} mm on the second page by \
         the first's ruler, joined by crosses; ticks {ruler:.3} mm off over a page",
        dots[0].len(),
        dots[1].len(),
        by_own_ruler[0],
        by_own_ruler[1]
    );
    let seen = |k: usize| places.iter().filter(|place| tiles[k].grown(-1.0).holds(**place)).count();
    assert!(
        (0..2).all(|k| dots[k].len() + 4 >= seen(k)),
        "all dots are found but for a few that a cross covers"
    );
    assert!(by_own_ruler.into_iter().chain([joined, ruler]).all(|error| error < BAR_MM));
}

/// A page of gray.
struct Page {
    width: usize,
    samples: Vec<u8>,
}

impl Page {
    fn ink(&self, x: usize, y: usize) -> f64 {
        f64::from(255 - self.samples[y * self.width + x])
    }

    /// Middles of the runs of ink along a line of pixels.
    fn runs(&self, pixels: impl Iterator<Item = (usize, usize)>) -> Vec<f64> {
        let (mut middles, mut sums) = (Vec::new(), (0.0, 0.0));
        for (k, (x, y)) in pixels.enumerate() {
            let ink = self.ink(x, y);
            if ink > 30.0 {
                sums = (sums.0 + ink, sums.1 + ink * (k as f64 + 0.5));
            } else if sums.0 > 0.0 {
                middles.push(sums.1 / sums.0);
                sums = (0.0, 0.0);
            }
        }
        middles
    }
}

/// The pages as poppler draws them; none without poppler.
fn drawn(plan: &Plan, count: usize) -> Option<Vec<Page>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("stencil.pdf");
    std::fs::write(&file, stencil_pdf(plan, None)).expect("written");
    let mut poppler = Command::new("pdftoppm");
    poppler.args(["-r", "600", "-gray"]).arg(&file).arg(folder.path().join("page"));
    poppler.status().ok().filter(|status| status.success())?;
    Some((1..=count).map(|k| page(&folder.path().join(format!("page-{k}.pgm")))).collect())
}

/// A binary PGM file: three words in its head, then a byte a pixel.
fn page(file: &Path) -> Page {
    let bytes = std::fs::read(file).expect("poppler writes PGM");
    let head: Vec<&[u8]> = bytes.split(u8::is_ascii_whitespace).take(4).collect();
    assert_eq!(head[0], b"P5");
    let width: usize = String::from_utf8_lossy(head[1]).parse().expect("a width");
    let begins = head.iter().map(|word| word.len() + 1).sum();
    Page { width, samples: bytes[begins..].to_vec() }
}

/// Places on paper, px, from millimetres.
fn px(mm: f64) -> usize {
    (mm / MM) as usize
}

/// What the ticks along a tile's edges say: millimetres of the scalp by pixels, for each axis a start and a slope.
struct Rulers {
    axes: [[f64; 2]; 2],
    /// The tick that is farthest from where true size has it, mm.
    worst_mm: f64,
}

impl Rulers {
    fn read(page: &Page, tile: Frame) -> Self {
        let [left, top] = TILE_AT_MM;
        let row = (px(left - 1.0)..px(left + tile.width_mm + 1.0)).map(|x| (x, px(top - 0.6)));
        let column = (px(top - 1.0)..px(top + tile.height_mm + 1.0)).map(|y| (px(left - 0.6), y));
        let across = page.runs(row).into_iter().map(|k| k + px(left - 1.0) as f64).collect();
        let down = page.runs(column).into_iter().map(|k| k + px(top - 1.0) as f64).collect();
        let (x, x_worst) = Self::fitted(across, tile.left_mm);
        let (y, y_worst) = Self::fitted(down, tile.top_mm);
        Self { axes: [x, y], worst_mm: x_worst.max(y_worst) }
    }

    /// Start and slope of the ticks at every fifth millimetre from a place on, and how far off true size one is.
    fn fitted(ticks: Vec<f64>, from_mm: f64) -> ([f64; 2], f64) {
        let first_mm = (from_mm / 5.0).ceil() * 5.0;
        let count = ticks.len() as f64;
        assert!(count > 20.0, "{count} ticks");
        let mm = |k: usize| first_mm + 5.0 * k as f64;
        let mean_px = ticks.iter().sum::<f64>() / count;
        let mean_mm = (0..ticks.len()).map(mm).sum::<f64>() / count;
        let together: f64 = ticks.iter().enumerate().map(|(k, px)| (px - mean_px) * (mm(k) - mean_mm)).sum();
        let slope = together / ticks.iter().map(|px| (px - mean_px).powi(2)).sum::<f64>();
        let off = |(k, px): (usize, &f64)| ((px - mean_px) * MM - (mm(k) - mean_mm)).abs();
        ([mean_mm - slope * mean_px, slope], ticks.iter().enumerate().map(off).fold(0.0, f64::max))
    }

    fn scalp_mm(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [[x0, dx], [y0, dy]] = self.axes;
        [x0 + dx * x, y0 + dy * y]
    }
}

/// Middles of all blots of ink in a tile that are as small as dots, px.
fn dots_on(page: &Page, tile: Frame) -> Vec<[f64; 2]> {
    let [left, top] = TILE_AT_MM;
    let (right, bottom) = (left + tile.width_mm, top + tile.height_mm);
    let mut seen = vec![false; page.samples.len()];
    let mut middles = Vec::new();
    for y in px(top + 0.4)..px(bottom - 0.4) {
        for x in px(left + 0.4)..px(right - 0.4) {
            if page.ink(x, y) > 127.0 && !seen[y * page.width + x] {
                middles.extend(blot(page, [x, y], &mut seen));
            }
        }
    }
    middles
}

/// The middle of the ink that hangs together, if it is no larger than a dot.
fn blot(page: &Page, start: [usize; 2], seen: &mut [bool]) -> Option<[f64; 2]> {
    let (mut open, mut ink, mut sums) = (vec![start], 0.0, [0.0; 2]);
    let (mut low, mut high) = (start, start);
    seen[start[1] * page.width + start[0]] = true;
    while let Some([x, y]) = open.pop() {
        let weight = page.ink(x, y);
        ink += weight;
        sums = [sums[0] + weight * (x as f64 + 0.5), sums[1] + weight * (y as f64 + 0.5)];
        (low, high) = ([low[0].min(x), low[1].min(y)], [high[0].max(x), high[1].max(y)]);
        for [x, y] in [[x - 1, y], [x + 1, y], [x, y - 1], [x, y + 1]] {
            if page.ink(x, y) > 20.0 && !std::mem::replace(&mut seen[y * page.width + x], true) {
                open.push([x, y]);
            }
        }
    }
    let is_small = high[0] - low[0] < px(1.0) && high[1] - low[1] < px(1.0);
    is_small.then(|| sums.map(|sum| sum / ink))
}

/// The farthest that a dot found lies from the dot of the plan that it is, mm.
fn largest_error_mm(dots: &[[f64; 2]], places: &[[f64; 2]], scalp_mm: impl Fn([f64; 2]) -> [f64; 2]) -> f64 {
    let error = |dot: &[f64; 2]| {
        let [x, y] = scalp_mm(*dot);
        places.iter().map(|place| (place[0] - x).hypot(place[1] - y)).fold(f64::MAX, f64::min)
    };
    dots.iter().map(error).fold(0.0, f64::max)
}

/// How the second page lies on the first, crosses on crosses: turned and shifted.
struct Joint {
    first: [f64; 2],
    second: [f64; 2],
    turn: (f64, f64),
}

impl Joint {
    fn of(pages: &[Page], tiles: [Frame; 2]) -> Self {
        let half = OVERLAP_MM / 2.0;
        let cross = |k: usize, x_mm: f64, y_mm: f64| {
            let at = [x_mm - tiles[k].left_mm + TILE_AT_MM[0], y_mm - tiles[k].top_mm + TILE_AT_MM[1]];
            cross_near(&pages[k], at)
        };
        let y = [tiles[0].top_mm + half, tiles[0].bottom_mm() - half];
        let on_first = y.map(|y| cross(0, tiles[0].right_mm() - half, y));
        let on_second = y.map(|y| cross(1, tiles[1].left_mm + half, y));
        let middle = |two: [[f64; 2]; 2]| [0, 1].map(|axis| 0.5 * (two[0][axis] + two[1][axis]));
        let angle = |two: [[f64; 2]; 2]| (two[1][1] - two[0][1]).atan2(two[1][0] - two[0][0]);
        let turn = (angle(on_first) - angle(on_second)).sin_cos();
        Self { first: middle(on_first), second: middle(on_second), turn }
    }

    fn on_first(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let (dx, dy) = (x - self.second[0], y - self.second[1]);
        let (sine, cosine) = self.turn;
        [self.first[0] + cosine * dx - sine * dy, self.first[1] + sine * dx + cosine * dy]
    }
}

/// Where the arms of a cross meet, within 2 mm of a place on paper, px: the row and the column with the most ink.
fn cross_near(page: &Page, [x_mm, y_mm]: [f64; 2]) -> [f64; 2] {
    let range = |mm: f64, reach: f64| px(mm - reach)..px(mm + reach);
    let darkest = |lines: Vec<f64>, from: usize| {
        let most = lines.iter().copied().fold(0.0, f64::max);
        let dark = |ink: &f64| (ink - 0.5 * most).max(0.0);
        let sum: f64 = lines.iter().map(dark).sum();
        let middle: f64 = lines.iter().enumerate().map(|(k, ink)| (k as f64 + 0.5) * dark(ink)).sum();
        from as f64 + middle / sum
    };
    let column = |x: usize| range(y_mm, 3.0).map(|y| page.ink(x, y)).sum();
    let row = |y: usize| range(x_mm, 3.0).map(|x| page.ink(x, y)).sum();
    let columns = range(x_mm, 2.0).map(column).collect();
    let rows = range(y_mm, 2.0).map(row).collect();
    [darkest(columns, px(x_mm - 2.0)), darkest(rows, px(y_mm - 2.0))]
}
