//! What is to be treated: scars that were read, and what a person drew.

use stipple_model::{Drawn, HAIRLINE_DEPTH_MM, Hairline, Protocol, Reading};
use stipple_quantity::{PointInPhoto, Seed};

use crate::error::Error;
use crate::front::Front;

/// Most places of a line or an outline: more than a hand draws, and bounded work.
const PLACES_MAX: usize = 500;
/// Shortest hairline, mm: below it there is no line to be irregular about.
const SHORTEST_MM: f64 = 10.0;
/// Smallest thinning area, mm²: below it there is nothing to be thin.
const SMALLEST_MM2: f64 = 25.0;
/// How far from a drawn line hair tells on which side it grows, mm.
const TELLING_MM: f64 = 30.0;
/// Units of hair that tell it, at least, and how many times more than on the other side.
const TELLING_UNITS: usize = 20;
/// See [`TELLING_UNITS`].
const TELLING_TIMES: usize = 2;

/// Everything to treat, in millimetres on the scalp.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Areas {
    /// Outlines of the scars.
    pub(crate) scars: Vec<Vec<(f64, f64)>>,
    pub(crate) front: Option<Front>,
    /// How far behind the hairline's line dots may go, mm; 0 without one.
    pub(crate) depth_mm: f64,
    pub(crate) thinning: Option<Vec<(f64, f64)>>,
}

/// Why an area is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Scar,
    Hairline,
    Thinning,
}

impl Areas {
    /// Checks what was drawn and brings everything to millimetres; `units` are those that stand.
    pub(crate) fn new(
        reading: &Reading,
        drawn: &Drawn,
        units: &[(f64, f64)],
        protocol: &Protocol,
        seed: Seed,
    ) -> Result<Self, Error> {
        let thinning = drawn.thinning.as_ref().map(|outline| thinning(outline, reading));
        let front = drawn.hairline.as_ref().map(|drawn| front(drawn, reading, units, protocol, seed));
        let scars = reading.scars.iter().map(|scar| on_scalp(reading, &scar.outline));
        Ok(Self {
            scars: scars.collect(),
            front: front.transpose()?,
            depth_mm: drawn.hairline.as_ref().map_or(0.0, |hairline| hairline.depth_mm),
            thinning: thinning.transpose()?,
        })
    }
}

/// Places in photograph pixels as millimetres on the scalp.
pub(crate) fn on_scalp(reading: &Reading, places: &[PointInPhoto]) -> Vec<(f64, f64)> {
    let map = &reading.photo.scalp_from_photo;
    places.iter().map(|p| map.apply(*p)).map(|p| (p.x_mm, p.y_mm)).collect()
}

/// A checked outline.
fn thinning(drawn: &[PointInPhoto], reading: &Reading) -> Result<Vec<(f64, f64)>, Error> {
    const WHAT: &str = "the thinning area";
    let outline = places(WHAT, drawn, 3, reading)?;
    not_crossing(WHAT, &outline, true)?;
    let area_mm2 = enclosed_mm2(&outline);
    if area_mm2 < SMALLEST_MM2 {
        return Err(refused(WHAT, format!("encloses {area_mm2:.1} mm²"), "an outline around 25 mm² or more"));
    }
    Ok(outline)
}

/// Area of an outline that does not cross itself, mm².
fn enclosed_mm2(outline: &[(f64, f64)]) -> f64 {
    let next = outline.iter().cycle().skip(1);
    let doubled: f64 = outline.iter().zip(next).map(|(one, two)| one.0 * two.1 - two.0 * one.1).sum();
    doubled.abs() / 2.0
}

/// A checked front with hair on its right side.
fn front(
    drawn: &Hairline,
    reading: &Reading,
    units: &[(f64, f64)],
    protocol: &Protocol,
    seed: Seed,
) -> Result<Front, Error> {
    const WHAT: &str = "the hairline";
    if !HAIRLINE_DEPTH_MM.contains(&drawn.depth_mm) {
        return Err(refused(WHAT, format!("is {} mm deep", drawn.depth_mm), "a depth of 5 to 150 mm"));
    }
    let line = places(WHAT, &drawn.line, 2, reading)?;
    not_crossing(WHAT, &line, false)?;
    let front = Front::new(line, &protocol.hairline, seed);
    if front.length_mm() < SHORTEST_MM {
        return Err(refused(WHAT, format!("is {:.1} mm long", front.length_mm()), "a line of 10 mm or more"));
    }
    let grows_behind = match drawn.hair_side {
        Some(place) => {
            is_behind(&front, places("the place where hair is to grow", &[place], 1, reading)?[0])?
        }
        None => hair_is_behind(&front, units)?,
    };
    Ok(if grows_behind { front } else { front.turned() })
}

/// Whether a place lies behind a front as it is.
fn is_behind(front: &Front, place: (f64, f64)) -> Result<bool, Error> {
    /// Nearer to the line a hand may have meant either side, mm.
    const CLEAR_MM: f64 = 0.5;
    let off_mm = front.across(place).off_mm;
    if off_mm.abs() < CLEAR_MM {
        return Err(refused(
            "the place where hair is to grow",
            "lies on the hairline".to_owned(),
            "a place to one side of it",
        ));
    }
    Ok(off_mm > 0.0)
}

/// Whether the hair that was read stands behind a front as it is.
fn hair_is_behind(front: &Front, units: &[(f64, f64)]) -> Result<bool, Error> {
    let near = units
        .iter()
        .map(|unit| front.across(*unit))
        .filter(|at| at.off_mm.abs() <= TELLING_MM && (0.0..=front.length_mm()).contains(&at.along_mm));
    let (behind, before) =
        near.fold(
            (0, 0),
            |(behind, before), at| {
                if at.off_mm > 0.0 { (behind + 1, before) } else { (behind, before + 1) }
            },
        );
    let (more, less) = (before.max(behind), before.min(behind));
    if more >= TELLING_UNITS && more >= TELLING_TIMES * less {
        return Ok(behind > before);
    }
    Err(refused(
        "the hairline",
        format!("has {less} units of hair within 30 mm on one side and {more} on the other"),
        "hair on one side (20 units, twice as many as on the other), or a place on the side where hair is to \
         grow (the studio's tool for that side, or --hairline-hair X,Y)",
    ))
}

/// Places of a drawing on the scalp, one after the other, no two successive ones the same.
fn places(
    what: &'static str,
    drawn: &[PointInPhoto],
    least: usize,
    reading: &Reading,
) -> Result<Vec<(f64, f64)>, Error> {
    let (width, height) = (reading.photo.width_px as f64, reading.photo.height_px as f64);
    let is_in = |p: &PointInPhoto| (0.0..=width).contains(&p.x_px) && (0.0..=height).contains(&p.y_px);
    let outside = drawn.iter().filter(|p| !is_in(p)).count();
    if outside > 0 {
        let all = drawn.len();
        let found = format!(
            "lies outside the photograph of {width} × {height} px with {outside} of its {all} places"
        );
        return Err(refused(what, found, "places inside it, in pixels from its upper left corner"));
    }
    let mut kept = on_scalp(reading, drawn);
    if !kept.iter().all(|p| p.0.is_finite() && p.1.is_finite()) {
        return Err(Error::Map);
    }
    let same = |one: &(f64, f64), two: &(f64, f64)| (one.0 - two.0).hypot(one.1 - two.1) < 1e-3;
    kept.dedup_by(|one, two| same(one, two));
    if least > 2 && kept.len() > 1 && same(&kept[0], &kept[kept.len() - 1]) {
        // Because many programs say an outline's first corner again.
        kept.pop();
    }
    if (least..=PLACES_MAX).contains(&kept.len()) {
        return Ok(kept);
    }
    let needed = if least == 2 { "2 to 500 places along it" } else { "3 to 500 corners" };
    Err(refused(what, format!("is made of {} different places", kept.len()), needed))
}

/// Refuses a drawing of which two parts cross, or that goes back on itself.
fn not_crossing(what: &'static str, line: &[(f64, f64)], is_closed: bool) -> Result<(), Error> {
    let sides: Vec<_> = line
        .iter()
        .zip(line.iter().cycle().skip(1))
        .take(if is_closed { line.len() } else { line.len() - 1 })
        .collect();
    let next = sides.iter().zip(sides.iter().cycle().skip(1)).take(sides.len() - usize::from(!is_closed));
    if next.into_iter().any(|((a, b), (_, c))| goes_back(a, b, c)) {
        return Err(refused(
            what,
            "goes back on itself".to_owned(),
            "a line that goes on, without sharp turns back",
        ));
    }
    for (k, (a, b)) in sides.iter().enumerate() {
        // The next side, and the last one of an outline, meet this one by right.
        let apart = if is_closed && k == 0 { sides.len() - 1 } else { sides.len() };
        if (k + 2..apart).any(|n| cross(a, b, sides[n].0, sides[n].1)) {
            return Err(refused(what, "crosses itself".to_owned(), "a line that does not cross itself"));
        }
    }
    Ok(())
}

/// Whether a line turns round at a corner, to within 5°.
fn goes_back(a: &(f64, f64), b: &(f64, f64), c: &(f64, f64)) -> bool {
    let (there, back) = ((b.0 - a.0, b.1 - a.1), (c.0 - b.0, c.1 - b.1));
    let along = there.0 * back.0 + there.1 * back.1;
    along < -5f64.to_radians().cos() * there.0.hypot(there.1) * back.0.hypot(back.1)
}

/// Whether two segments cross.
fn cross(a: &(f64, f64), b: &(f64, f64), c: &(f64, f64), d: &(f64, f64)) -> bool {
    let turn = |p: &(f64, f64), q: &(f64, f64), r: &(f64, f64)| {
        (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0)
    };
    turn(a, b, c) * turn(a, b, d) < 0.0 && turn(c, d, a) * turn(c, d, b) < 0.0
}

fn refused(what: &'static str, found: String, needed: &'static str) -> Error {
    Error::Drawn { what, found, needed }
}

#[cfg(test)]
mod tests;
