//! Outlines made better by strokes, quickly: everything that does not depend on them is computed once.

use rayon::prelude::*;
use stipple_model::{Marks, Side};
use stipple_quantity::PointInPhoto;
use stipple_raster::morphology::{close, dilate, or};
use stipple_raster::region::{Region, outline, regions};
use stipple_raster::simplify::simplify_outline;
use stipple_raster::{Grid, Mask};

use super::SPACING_MM;
use super::coarse::{Coarse, shrunk};
use super::edge::{self, Edge, Marked};
use super::measure::ScarRegion;
use super::propose::{self, Gaps};
use crate::scalp::{Part, Scalp};

/// Around a stroke nothing but strokes is taken for sure, mm: where a scar was known; where none was; and where
/// none was but skin around it was marked as well.
const REACH_MM: [f64; 3] = [2.0, 4.0, 7.5];
/// Strokes and scars nearer than this belong together, mm.
const TOGETHER_MM: f64 = 1.5;
/// A scar farther than this from every stroke stays as it is, mm.
const UNTOUCHED_MM: f64 = 3.0;
/// What is looked at around a scar, mm.
const MARGIN_MM: f64 = 8.0;
/// Share of a frame's sides that surely is scar if nothing else is known.
const FRAME_CORE: f64 = 0.3;

/// What refining an outline needs of a photograph that was read.
pub struct Canvas {
    coarse: Coarse,
    hairless: Grid,
    /// What was taken for scar without strokes.
    known: Mask,
    /// The same with its edges.
    edges: Vec<Edge>,
    place: Place,
}

/// Where the working picture lies in the photograph.
#[derive(Clone, Copy, Debug)]
struct Place {
    left_px: f64,
    top_px: f64,
    step_px: f64,
    width: usize,
    height: usize,
    photo_px: (usize, usize),
}

/// Scars after refining.
#[derive(Clone, Debug, PartialEq)]
pub struct Refined {
    /// What is scar, at the size of the photograph.
    pub mask: Mask,
    /// Every scar's outline with its doubt.
    pub outlines: Vec<Band>,
}

/// An outline and how far it may be off.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The outline.
    pub outline: Vec<PointInPhoto>,
    /// One standard uncertainty farther in; empty where the scar is narrower than that.
    pub inner: Vec<PointInPhoto>,
    /// One standard uncertainty farther out.
    pub outer: Vec<PointInPhoto>,
    /// Standard uncertainty of the edge, mm.
    pub edge_mm: f64,
}

/// Outlines scars anew with what a person marked; scars far from every mark stay as they were.
///
/// # Cost
/// Linear in the scalp's area: 0.45 to 1 s for 1 to 10 strokes on 12 megapixels, on a busy machine.
pub fn refine(canvas: &Canvas, marks: &Marks) -> Refined {
    let edges = canvas.refined(marks);
    let regions = canvas.regions(&edges);
    let outlines = regions.par_iter().map(|scar| canvas.band(&scar.region, scar.edge_mm)).collect();
    let mut mask = Mask::filled(canvas.place.width, canvas.place.height, false);
    regions.iter().flat_map(|scar| &scar.region.pixels).for_each(|k| mask.samples[*k] = true);
    Refined { mask: canvas.place.on_photo(&mask), outlines }
}

impl Canvas {
    pub(crate) fn new(
        scalp: &Scalp,
        coarse: Coarse,
        gaps: Option<&Gaps>,
        edges: Vec<Edge>,
        photo_px: (usize, usize),
    ) -> Self {
        let mut known = Mask::filled(coarse.zone.width, coarse.zone.height, false);
        edges.iter().for_each(|edge| edge.part.pixels(known.width).for_each(|k| known.samples[k] = true));
        let working = &scalp.working;
        let place = Place {
            left_px: working.left_px,
            top_px: working.top_px,
            step_px: working.step_px,
            width: working.width(),
            height: working.height(),
            photo_px,
        };
        let nothing = || Grid::filled(coarse.zone.width, coarse.zone.height, 0.0);
        Self { hairless: gaps.map_or_else(nothing, propose::hairless), coarse, known, edges, place }
    }

    /// Scars drawn by a person, to be refined from there.
    pub(crate) fn of_drawn(scalp: &Scalp, coarse: Coarse, drawn: &Mask, photo_px: (usize, usize)) -> Self {
        let size = (coarse.zone.width, coarse.zone.height);
        let small = shrunk(drawn, coarse.factor);
        let edge = |region: &Region| edge::of_drawn(Part::of(region, size, 2.0));
        let edges = regions(&small).iter().map(edge).collect();
        let gaps = Gaps::of(&coarse);
        Self::new(scalp, coarse, gaps.as_ref(), edges, photo_px)
    }

    /// A mask of the working picture at the size of the photograph.
    pub(crate) fn on_photo(&self, mask: &Mask) -> Mask {
        self.place.on_photo(mask)
    }

    /// The scars that were known without marks.
    pub(crate) fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// How many follicular units were seen.
    pub(crate) fn units(&self) -> usize {
        self.coarse.units.len()
    }

    /// Outlines on the working picture.
    pub(crate) fn regions(&self, edges: &[Edge]) -> Vec<ScarRegion> {
        let on_working = |edge: &Edge| {
            let region = self.coarse.on_working(edge, self.place.width, self.place.height)?;
            Some(ScarRegion { region, edge_mm: edge.uncertainty_mm(SPACING_MM) })
        };
        edges.par_iter().filter_map(on_working).collect()
    }

    /// The same without the scars that were proposed: strokes alone tell where scars are.
    pub fn cleared(self) -> Self {
        let known = Mask::filled(self.known.width, self.known.height, false);
        Self { known, edges: Vec::new(), ..self }
    }

    /// Every scar's edge after the marks.
    pub(crate) fn refined(&self, marks: &Marks) -> Vec<Edge> {
        let (inside, outside) = self.painted(marks);
        let size = (self.known.width, self.known.height);
        let px = |mm: f64| mm * self.coarse.px_per_mm;
        let touched = dilate(&or(&inside, &outside), px(UNTOUCHED_MM));
        let seeds = or(&self.known, &inside);
        let untouched = |edge: &&Edge| !edge.part.pixels(size.0).any(|k| touched.samples[k]);
        let mut edges: Vec<Edge> = self.edges.iter().filter(untouched).cloned().collect();
        for region in regions(&close(&seeds, px(TOGETHER_MM))) {
            let own = Region { pixels: region.pixels.into_iter().filter(|k| seeds.samples[*k]).collect() };
            if !own.pixels.iter().any(|k| touched.samples[*k]) {
                continue;
            }
            let is_new = !own.pixels.iter().any(|k| self.known.samples[*k]);
            let part = Part::of(&own, size, px(MARGIN_MM));
            let outside = part.cut(&outside);
            let reach = if is_new { 1 + usize::from(outside.count() > 0) } else { 0 };
            let marked = Marked {
                outside,
                inside: part.cut(&inside),
                reach_px: px(REACH_MM[reach]),
                is_new,
                hairless: part.cut_grid(&self.hairless),
            };
            let edge = edge::of_marks(&self.coarse, &part, marked, SPACING_MM);
            if edge.part.mask.count() > 0 {
                edges.push(edge);
            }
        }
        edges
    }

    /// What was marked as scar and as skin around, on the coarse grid; later strokes hold.
    fn painted(&self, marks: &Marks) -> (Mask, Mask) {
        let empty = || Mask::filled(self.known.width, self.known.height, false);
        let (mut inside, mut outside) = (empty(), empty());
        if let Some(frame) = marks.frame {
            self.frame(frame, &mut inside, &mut outside);
        }
        let coarse_px = self.place.step_px * self.coarse.factor as f64;
        for stroke in &marks.strokes {
            let path: Vec<(f64, f64)> = stroke.path.iter().map(|p| self.on_coarse(*p)).collect();
            let drawn = brushed(&path, (stroke.radius_px / coarse_px).max(0.5), empty());
            let (own, other) = match stroke.side {
                Side::Inside => (&mut inside, &mut outside),
                Side::Outside => (&mut outside, &mut inside),
            };
            for k in (0..drawn.samples.len()).filter(|k| drawn.samples[*k]) {
                (own.samples[k], other.samples[k]) = (true, false);
            }
        }
        (inside, outside)
    }

    /// Outside a frame is no scar; its middle is, if no scar is known in it.
    fn frame(&self, corners: [PointInPhoto; 2], inside: &mut Mask, outside: &mut Mask) {
        let [a, b] = corners.map(|p| self.on_coarse(p));
        let (left, right) = (a.0.min(b.0), a.0.max(b.0));
        let (top, bottom) = (a.1.min(b.1), a.1.max(b.1));
        let place = |k: usize| ((k % inside.width) as f64 + 0.5, (k / inside.width) as f64 + 0.5);
        let within = |k: usize, share: f64| {
            let (x, y) = place(k);
            let off = |v: f64, low: f64, high: f64| (2.0 * v - low - high).abs() <= share * (high - low);
            off(x, left, right) && off(y, top, bottom)
        };
        let all = 0..outside.samples.len();
        let has_scar = all.clone().any(|k| self.known.samples[k] && within(k, 1.0));
        for k in all {
            outside.samples[k] = !within(k, 1.0);
        }
        if !has_scar {
            let middle: Vec<bool> = (0..outside.samples.len()).map(|k| within(k, FRAME_CORE)).collect();
            inside.samples = middle;
        }
    }

    fn on_coarse(&self, p: PointInPhoto) -> (f64, f64) {
        let step = self.place.step_px * self.coarse.factor as f64;
        ((p.x_px - self.place.left_px) / step, (p.y_px - self.place.top_px) / step)
    }

    /// The outline of a region of the working picture, and those one uncertainty to both sides.
    fn band(&self, region: &Region, edge_mm: f64) -> Band {
        let px_per_mm = self.coarse.px_per_mm * self.coarse.factor as f64;
        let size = (self.place.width, self.place.height);
        let part = Part::of(region, size, edge_mm * px_per_mm + 2.0);
        let signed = edge::signed_distance(&part.mask);
        let at = |mm: f64| {
            let limit = (mm * px_per_mm) as f32;
            let samples = signed.samples.iter().map(|d| *d <= limit).collect();
            self.traced(&part, &Mask { width: signed.width, height: signed.height, samples })
        };
        Band { outline: at(0.0), inner: at(-edge_mm), outer: at(edge_mm), edge_mm }
    }

    fn traced(&self, part: &Part, mask: &Mask) -> Vec<PointInPhoto> {
        let px_per_mm = self.coarse.px_per_mm * self.coarse.factor as f64;
        let found = regions(mask);
        let Some(main) = found.iter().max_by_key(|region| region.pixels.len()) else { return Vec::new() };
        let corners = outline(main, mask.width, mask.height);
        let kept = simplify_outline(&corners, (0.08 * px_per_mm).max(0.75));
        kept.into_iter()
            .map(|(x, y)| self.place.in_photo(x + part.left as f64, y + part.top as f64))
            .collect()
    }
}

impl Place {
    fn in_photo(&self, x: f64, y: f64) -> PointInPhoto {
        PointInPhoto::new(self.left_px + x * self.step_px, self.top_px + y * self.step_px)
    }

    /// A mask of the working picture at the size of the photograph.
    fn on_photo(&self, mask: &Mask) -> Mask {
        let (width, height) = self.photo_px;
        let mut samples = vec![false; width * height];
        samples.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
            let place = (y as f64 + 0.5 - self.top_px) / self.step_px;
            let line = (place >= 0.0).then_some(place as usize).filter(|line| *line < mask.height);
            let known = line.map_or(&[][..], |line| &mask.samples[line * mask.width..][..mask.width]);
            // Most rows have no scar.
            if !known.contains(&true) {
                return;
            }
            for (x, inside) in row.iter_mut().enumerate() {
                *inside = mask.contains((x as f64 + 0.5 - self.left_px) / self.step_px, place);
            }
        });
        Mask { width, height, samples }
    }
}

/// Where a brush of a radius went along a path: its way first, grown once, so that a broad brush costs no more.
fn brushed(path: &[(f64, f64)], radius: f64, mut way: Mask) -> Mask {
    let (width, height) = (way.width, way.height);
    let mut dab = |(x, y): (f64, f64)| {
        // A brush held beside the zone marks nothing.
        if (0.0..width as f64).contains(&x) && (0.0..height as f64).contains(&y) {
            way.samples[y as usize * width + x as usize] = true;
        }
    };
    path.iter().take(1).for_each(|place| dab(*place));
    for pair in path.windows(2) {
        let length = (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1);
        // Strokes that leave the picture are not followed to the end of the world.
        let steps = length.ceil().min(4.0 * (width + height) as f64).max(1.0);
        for step in 1..=steps as usize {
            let t = step as f64 / steps;
            dab((pair[0].0 + t * (pair[1].0 - pair[0].0), pair[0].1 + t * (pair[1].1 - pair[0].1)));
        }
    }
    dilate(&way, radius.max(0.5))
}
