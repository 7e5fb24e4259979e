//! Scars: proposed from missing hair and color, or drawn by a person; then measured.

mod canvas;
mod coarse;
mod contrast;
mod edge;
mod judge;
mod measure;
mod pattern;
mod propose;
mod redness;
mod relief;
mod shape;

use rayon::prelude::*;
use stipple_model::{Caveat, Code, Marks, Scar, Weight};
use stipple_raster::Mask;
use stipple_raster::region::{Region, regions};

use crate::error::Error;
use crate::hair::Found;
use crate::scalp::{Part, Scalp};
use crate::shade::Shade;
pub use canvas::{Band, Canvas, Refined, refine};
pub(crate) use coarse::Coarse;
use edge::Edge;
pub(crate) use measure::{Measuring, ScarRegion, zone_without};
use propose::{Gaps, Proposal};

/// Below this a rough surface looks like hair, pixels per millimetre: four of four synthetic burns were missed at 6.
const ROUGH_PX_PER_MM: f64 = 7.5;

/// Hand-drawn specks smaller than this are slips of the hand, mm².
const SPECK_MM2: f64 = 0.15;
/// Scars that a mask may mark: punches of the largest surgery; noise marks thousands.
const DRAWN_MAX: usize = 500;
/// Places of fewer pixels than this are not counted before the scale is known.
const PLACE_MIN_PX: usize = 4;
/// Share of the skin in view above which a mask is perhaps its own opposite.
const DRAWN_SHARE_MAX: f64 = 0.5;
/// Part of a scar that has to lie on skin.
const ON_SKIN_MIN: f64 = 0.6;
/// Spacing of units that bands are measured in where hair does not tell it, mm.
const SPACING_MM: f64 = 1.15;
/// A hand-drawn edge is good to this, mm.
const DRAWN_EDGE_MM: f64 = 0.25;

/// The scars of a scalp, before they are measured.
pub(crate) struct Scars {
    /// Largest first.
    pub(crate) regions: Vec<ScarRegion>,
    /// All of them together, on the working picture.
    pub(crate) mask: Mask,
    /// Where they come from.
    pub(crate) caveats: Vec<Caveat>,
}

/// Proposes scars.
pub(crate) fn propose(
    scalp: &Scalp,
    found: &Found,
    shade: &Shade,
    photo_px: (usize, usize),
) -> (Scars, Canvas) {
    let coarse = Coarse::of(scalp, found, shade);
    let gaps = Gaps::of(&coarse);
    let edges = outlined(&coarse, gaps.as_ref(), found.counting_relative(scalp.px_per_mm).is_some());
    let canvas = Canvas::new(scalp, coarse, gaps.as_ref(), edges, photo_px);
    let regions = canvas.regions(canvas.edges());
    let caveat =
        if regions.is_empty() { none_found(canvas.units(), scalp.px_per_mm) } else { proposed(&regions) };
    (Scars::of(scalp, regions, vec![caveat]), canvas)
}

/// Outlines scars with what a person marked.
pub(crate) fn marked(scalp: &Scalp, canvas: &Canvas, marks: &Marks) -> Scars {
    let regions = canvas.regions(&canvas.refined(marks));
    let caveat = if regions.is_empty() { nothing_marked() } else { entered(regions.len()) };
    Scars::of(scalp, regions, vec![caveat])
}

/// Proposals from skin that differs and from missing hair; those that tell of one scar are one.
fn outlined(coarse: &Coarse, gaps: Option<&Gaps>, hair_seen: bool) -> Vec<Edge> {
    let by_hair = gaps.map_or_else(Vec::new, |gaps| propose::propose(coarse, gaps));
    let by_hair: Vec<Edge> = by_hair.par_iter().map(|own| edge::of_proposal(coarse, own)).collect();
    let mut waiting = contrast::propose(coarse, hair_seen);
    waiting.extend(by_hair);
    waiting.reverse();
    let mut all: Vec<Edge> = Vec::new();
    while let Some(edge) = waiting.pop() {
        match all.iter().position(|known| are_one(&edge, known, coarse.zone.width)) {
            // What has grown may touch another one.
            Some(k) => waiting.push(joined(coarse, gaps, edge, all.remove(k))),
            None => all.push(edge),
        }
    }
    all
}

/// Whether more than a quarter of the smaller one is the other's as well.
fn are_one(one: &Edge, two: &Edge, width: usize) -> bool {
    let shared = one.part.pixels(width).filter(|k| two.part.holds(*k, width)).count();
    4 * shared > one.part.mask.count().min(two.part.mask.count())
}

/// Two outlines of one scar as one: the larger, or both anew if the smaller reaches beyond it.
fn joined(coarse: &Coarse, gaps: Option<&Gaps>, one: Edge, two: Edge) -> Edge {
    const BEYOND: f64 = 1.02;
    let width = coarse.zone.width;
    let mut pixels: Vec<usize> = one.part.pixels(width).chain(two.part.pixels(width)).collect();
    pixels.sort_unstable();
    pixels.dedup();
    let larger = if one.part.mask.count() >= two.part.mask.count() { one } else { two };
    if pixels.len() as f64 <= BEYOND * larger.part.mask.count() as f64 {
        return larger;
    }
    let region = Region { pixels };
    let spacing_mm = gaps.map_or(SPACING_MM, |gaps| gaps.spacing_mm(coarse, &region));
    edge::of_proposal(coarse, &Proposal { region, inset_spacings: 0.0, spacing_mm })
}

/// Refuses a mask of noise before anything is measured.
pub(crate) fn require_few(mask: &Mask) -> Result<(), Error> {
    let places = regions(mask).into_iter().filter(|region| region.pixels.len() >= PLACE_MIN_PX).count();
    if places > DRAWN_MAX { Err(Error::mask_of_many(places, DRAWN_MAX)) } else { Ok(()) }
}

/// Takes the scars that a person drew on the photograph (white is scar), or that an earlier reading of it found.
pub(crate) fn drawn(
    scalp: &Scalp,
    (mask, is_found): (&Mask, bool),
    coarse: Coarse,
    photo_px: (usize, usize),
) -> Result<(Scars, Canvas), Error> {
    let (width, height) = (scalp.zone.width, scalp.zone.height);
    let at = |k: usize| {
        let p = scalp.working.in_photo(((k % width) as f64 + 0.5, (k / width) as f64 + 0.5));
        mask.contains(p.x_px, p.y_px)
    };
    let on_working = Mask { width, height, samples: (0..width * height).map(at).collect() };
    let regions = regions(&on_working)
        .into_iter()
        .filter(|region| scalp.area_mm2(&Part::of(region, (width, height), 0.0)) >= SPECK_MM2)
        .map(|region| ScarRegion { region, edge_mm: DRAWN_EDGE_MM })
        .collect::<Vec<_>>();
    if regions.len() > DRAWN_MAX {
        return Err(Error::mask_of_many(regions.len(), DRAWN_MAX));
    }
    let caveat = match regions.is_empty() {
        true if mask.count() == 0 => said_none(),
        true => nothing_drawn(),
        false if is_found => proposed_before(regions.len()),
        false => entered(regions.len()),
    };
    let inverted = perhaps_inverted(scalp, mask, &on_working).filter(|_| !is_found);
    let caveats = [caveat].into_iter().chain(inverted).collect();
    let canvas = Canvas::of_drawn(scalp, coarse, &on_working, photo_px);
    Ok((Scars::of(scalp, regions, caveats), canvas))
}

impl Scars {
    fn of(scalp: &Scalp, mut regions: Vec<ScarRegion>, mut caveats: Vec<Caveat>) -> Self {
        caveats.extend(beyond_skin(scalp, &regions));
        regions.sort_by_key(|scar| std::cmp::Reverse(scar.region.pixels.len()));
        let mut mask = Mask::filled(scalp.zone.width, scalp.zone.height, false);
        for k in regions.iter().flat_map(|scar| &scar.region.pixels) {
            mask.samples[*k] = true;
        }
        Self { regions, mask, caveats }
    }
}

/// Doubts scars that lie on a card, a ruler or the background.
fn beyond_skin(scalp: &Scalp, scars: &[ScarRegion]) -> Option<Caveat> {
    let is_beyond = |scar: &&ScarRegion| {
        let pixels = &scar.region.pixels;
        let on_skin = pixels.iter().filter(|k| scalp.zone.samples[**k]).count();
        (on_skin as f64) < ON_SKIN_MIN * pixels.len() as f64
    };
    let n = scars.iter().filter(is_beyond).count();
    (n > 0).then(|| {
        Caveat::new(
            Code::ScarBeyondSkin,
            Weight::Doubt,
            format!("{n} of the scars that were marked lie{} mostly on no skin: a card, a ruler, a shadow or the \
                 background",
                if n == 1 { "s" } else { "" }),
            "take away what is no scar, with the eraser or in the mask, and read again: its color and size count \
             until then",
        )
    })
}

/// What a person should know about the scars' measures.
pub(crate) fn caveats(scars: &[Scar]) -> Vec<Caveat> {
    let unmeasured = scars.iter().filter(|s| s.color_difference.is_none() || s.texture.is_none()).count();
    let mut caveats = Vec::new();
    if unmeasured > 0 {
        caveats.push(Caveat::new(
            Code::ScarUnmeasured,
            Weight::Doubt,
            format!(
                "color or texture of {unmeasured} scar{} could not be measured: too little bare skin is seen",
                if unmeasured == 1 { "" } else { "s" }
            ),
            "photograph from nearer, without shine, with shorter hair around the scar",
        ));
    }
    caveats
}

fn entered(n: usize) -> Caveat {
    Caveat::new(
        Code::ScarEntered,
        Weight::Note,
        format!("{n} scar outline{} given by a person", if n == 1 { " was" } else { "s were" }),
        "nothing to do; draw again if an outline is off",
    )
}

/// Doubts a mask that marks most of the skin, or reaches every border of the picture.
fn perhaps_inverted(scalp: &Scalp, mask: &Mask, on_working: &Mask) -> Option<Caveat> {
    let both = on_working.samples.iter().zip(&scalp.zone.samples).filter(|(drawn, skin)| **drawn && **skin);
    let share = both.count() as f64 / scalp.zone.count().max(1) as f64;
    (share > DRAWN_SHARE_MAX || touches_every_border(mask)).then(|| {
        Caveat::new(
            Code::ScarEntered,
            Weight::Doubt,
            format!(
                "the scar mask marks {:.0} % of the skin in view as scar; if it is inverted (the scar black on \
                 white), everything that follows is wrong",
                100.0 * share
            ),
            "look at the mask: the scar is white and everything else black; if it is the other way round, invert \
             it and read again",
        )
    })
}

fn touches_every_border(mask: &Mask) -> bool {
    let row = |y: usize| mask.samples[y * mask.width..(y + 1) * mask.width].contains(&true);
    let column = |x: usize| mask.samples.iter().skip(x).step_by(mask.width).any(|inside| *inside);
    row(0) && row(mask.height - 1) && column(0) && column(mask.width - 1)
}

/// What a mask without white, or a person, says.
fn said_none() -> Caveat {
    Caveat::new(
        Code::ScarEntered,
        Weight::Note,
        "A person said that there is no scar, so none was looked for",
        "If there is one after all, read the photograph again and let it be proposed, or mark it",
    )
}

fn nothing_drawn() -> Caveat {
    Caveat::new(
        Code::ScarEntered,
        Weight::Doubt,
        format!(
            "the scar mask marks nothing on the scalp (needed: a white area of at least {SPECK_MM2} mm²); the \
             photograph was read as if it had no scar"
        ),
        "fill the scar with white on a black picture of the photograph's size, or leave the mask out to have a \
         scar proposed",
    )
}

fn nothing_marked() -> Caveat {
    Caveat::new(
        Code::ScarEntered,
        Weight::Doubt,
        "the strokes mark no scar on the scalp; the photograph was read as if it had none",
        "draw a stroke with side \"inside\" along the middle of the scar, in pixels of the upright photograph",
    )
}

fn proposed(regions: &[ScarRegion]) -> Caveat {
    let n = regions.len();
    let edge_mm = regions.iter().map(|scar| scar.edge_mm).fold(0.0, f64::max);
    Caveat::new(
        Code::ScarProposed,
        Weight::Doubt,
        format!("scars proposed from missing hair and skin: {n}; their edge is good to ± {edge_mm:.1} mm"),
        "check the outline; if it is wrong, mark it with strokes or draw it by hand",
    )
}

fn proposed_before(n: usize) -> Caveat {
    Caveat::new(
        Code::ScarProposed,
        Weight::Doubt,
        format!("scars that an earlier reading of this photograph proposed: {n}"),
        "check the outline; if it is wrong, mark it with strokes or draw it by hand",
    )
}

fn none_found(units: usize, px_per_mm: f64) -> Caveat {
    let message = if units < propose::UNITS_MIN {
        format!(
            "no scar was proposed: too few hairs stand out clearly ({units} places) to see where hair is missing"
        )
    } else if px_per_mm < ROUGH_PX_PER_MM {
        format!(
            "no place was found where hair is missing as it is in a scar; at {px_per_mm:.1} pixels per millimetre burns, \
             whose surface is rough and shiny, are mostly missed"
        )
    } else {
        "no place was found where hair is missing as it is in a scar".to_owned()
    };
    let weight = if px_per_mm < ROUGH_PX_PER_MM { Weight::Doubt } else { Weight::Note };
    Caveat::new(Code::ScarNone, weight, message, "if there is a scar, draw its outline by hand")
}
