//! Finding the reference card: scale, tilt and grays.
//!
//! Fiducials are found as dark quadrilaterals in a shrunk picture, measured along their edges in the full
//! one, and believed only if their code is one of the card's four and they agree on one plane.

mod bend;
mod fiducial;
pub(crate) mod picture;
pub(crate) mod plane;
mod quad;
#[cfg(test)]
mod tests;

use rayon::prelude::*;
use stipple_color::LinearRgb;
use stipple_model::card::{FIDUCIAL_SIDE_MM, FIDUCIALS, GRAYS, GrayPatch, HEIGHT_MM, WIDTH_MM};
use stipple_model::{Caveat, Code, Photo, Qualified, Weight};
use stipple_quantity::{Estimate, PointInPhoto, ScalpFromPhoto};

use bend::Bend;
use fiducial::{Found, corners_mm};
use picture::Picture;
use plane::Plane;

/// Longest sides of the pictures that are searched, pixels; the second only if the first shows nothing.
const SEARCHED_PX: [usize; 2] = [1000, 2000];
/// Standard uncertainty of a printed card's size.
const PRINTED_RELATIVE: f64 = 0.005;
/// Standard uncertainty of a corner when residuals cannot tell, pixels.
const CORNER_PX: f64 = 0.25;
/// Largest residual of corners on one plane, as a share of a fiducial's side: a card may bend a little.
const BENT_SHARE: f64 = 0.04;
/// The same above which a bend is looked for, and largest root mean square residual of a bent card.
const FLAT_SHARE: f64 = 0.015;
const BENT_RESIDUAL_SHARE: f64 = 0.015;
/// Standard uncertainty of the pitch at the middle of a bent card.
const BENT_RELATIVE: f64 = 0.006;
/// Tilt above which it is said, and above which it is doubted, degrees.
const TILT_NOTE_DEG: f64 = 20.0;
const TILT_DOUBT_DEG: f64 = 35.0;
/// Least distance of the picture's corners from the horizon of the card's plane, 1 at the card's middle.
const HORIZON: f64 = 0.25;

/// The reference card as it was found in a photograph.
#[derive(Clone, Debug)]
pub struct Card {
    /// From the photograph to millimetres on the card's plane: x to the right of the picture, y down.
    pub scalp_from_photo: ScalpFromPhoto,
    /// Standard uncertainty of the pixel pitch at the card over the pitch.
    pub pitch_relative_uncertainty: f64,
    /// Angle between the card and the plane of the picture, degrees; small ones are overestimated by noise.
    pub tilt_deg: f64,
    /// How many of the four fiducials were found.
    pub fiducials_found: usize,
    /// Radius of the card where it is bent, mm.
    pub bend_radius_mm: Option<f64>,
    /// The card's corners in the photograph: top left, top right, bottom right, bottom left of the card.
    pub outline: [PointInPhoto; 4],
    /// The gray patches as photographed; `None` where one is covered, clipped or outside the picture.
    pub grays: [Option<Gray>; 6],
    /// What a bend adds to the uncertainty of the pitch, over the pitch.
    shape_relative: f64,
    plane: Plane,
}

/// A gray patch as photographed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gray {
    /// Median color in the photograph's own space.
    pub linear: LinearRgb,
    /// The lightness L* it was drawn with.
    pub nominal_l: f64,
}

impl Card {
    /// Pixel pitch at a place in the photograph, µm; it gets less certain away from the card.
    pub fn pixel_pitch_um_at(&self, place: PointInPhoto) -> Estimate {
        let pitch_um = self.scalp_from_photo.pixel_pitch_um_at(place);
        let relative = self.plane.pitch_relative_at(place).hypot(PRINTED_RELATIVE).hypot(self.shape_relative);
        Estimate::new(pitch_um, pitch_um * relative)
    }
}

/// The reference card in a photograph, if it is there; a caveat says so if it is there but cannot be used.
///
/// # Limits
/// Fiducials of at least 24 pixels; a photograph that was mirrored shows no card. A card may be bent evenly around one
/// axis if at least three fiducials are seen; its scale then holds at its middle.
///
/// # Cost
/// 12 megapixels: about 0.1 s.
pub fn find(photo: &Photo) -> Qualified<Option<Card>> {
    let picture = Picture::of(photo);
    let longest = photo.width_px.max(photo.height_px);
    let mut factors = SEARCHED_PX.map(|px| longest.div_ceil(px).max(1)).to_vec();
    factors.dedup();
    let first = factors.into_iter().find_map(|factor| {
        let seen = seen(&picture, factor);
        agreeing(&seen).map(|flat| (each_once(&seen), flat))
    });
    let Some((each, flat)) = first else { return Qualified::new(None, Vec::new()) };
    let (found, plane) = completed(&picture, flat);
    let misfit = found.iter().map(|f| f.distance_px(&plane.fiducial_corners(f.index)) / f.side_px());
    let lies_flat = found.len() >= each.len() && misfit.fold(0.0, f64::max) < FLAT_SHARE;
    if each.len() < 3 || lies_flat {
        return card(photo, &picture, &found, plane, None);
    }
    match bent(photo, &picture, &each) {
        Some((found, plane, bend)) => card(photo, &picture, &found, plane, Some(&bend)),
        None if found.len() >= 3 || each.iter().all(|f| mostly_on(f, &plane)) => {
            card(photo, &picture, &found, plane, None)
        }
        None => Qualified::new(None, vec![crumpled()]),
    }
}

/// Flat fiducials with those that were missed and are where the others say.
fn completed(picture: &Picture, (mut found, plane): (Vec<Found>, Plane)) -> (Vec<Found>, Plane) {
    for index in 0..FIDUCIALS.len() {
        if found.iter().all(|f| f.index != index)
            && let Some(more) = fiducial::at(picture, index, &plane.fiducial_corners(index))
        {
            found.push(more);
        }
    }
    // What was found last has to agree with what was found first.
    agreeing(&found).unwrap_or((found, plane))
}

/// Every fiducial once, as it was read best.
fn each_once(seen: &[Found]) -> Vec<Found> {
    let best = |index: usize| seen.iter().filter(|f| f.index == index).min_by_key(|f| f.wrong_bits);
    (0..FIDUCIALS.len()).filter_map(|index| best(index).cloned()).collect()
}

/// Whether half of a fiducial's corners are where a plane has them: something at its edge moved the others.
fn mostly_on(found: &Found, plane: &Plane) -> bool {
    let expected = plane.fiducial_corners(found.index);
    let away = |k: usize| {
        let (a, b) = (found.corners[k], expected[k]);
        (a[0] - b[0]).hypot(a[1] - b[1])
    };
    (0..4).filter(|k| away(*k) < 2.0 * BENT_SHARE * found.side_px()).count() >= 2
}

/// The bent card on which fiducials lie, with those that were missed, and the plane that touches it at its middle.
fn bent(photo: &Photo, picture: &Picture, found: &[Found]) -> Option<(Vec<Found>, Plane, Bend)> {
    let mut found = found.to_vec();
    let mut bend = Bend::through(photo, &found)?;
    for index in 0..FIDUCIALS.len() {
        let expected = corners_mm(index).map(|corner| bend.photo_at(corner));
        if found.iter().all(|f| f.index != index)
            && let Some(more) = fiducial::at(picture, index, &expected)
        {
            found.push(more);
            bend = Bend::through(photo, &found)?;
        }
    }
    let side_px = found.iter().map(Found::side_px).sum::<f64>() / found.len() as f64;
    let plane = bend.plane(&found)?;
    (bend.residual_px < (BENT_RESIDUAL_SHARE * side_px).max(0.5)).then_some((found, plane, bend))
}

fn crumpled() -> Caveat {
    Caveat::new(
        Code::ScaleCardRefused,
        Weight::Doubt,
        "the card is in the picture, but its markers lie neither on a plane nor on an even bend; it was not used",
        "lay the card flat beside the scar, printed on stiff paper or glued to a bank card, and photograph again",
    )
}

/// Fiducials of ours in a picture shrunk by a factor.
fn seen(picture: &Picture, factor: usize) -> Vec<Found> {
    let quads = quad::find(&picture.shrunk(factor));
    let in_full = |q: &[[f64; 2]; 4]| q.map(|[x, y]| [x * factor as f64, y * factor as f64]);
    quads.par_iter().filter_map(|q| fiducial::any(picture, &in_full(q))).collect()
}

/// The largest set of different fiducials that lie on one plane, and the plane.
fn agreeing(found: &[Found]) -> Option<(Vec<Found>, Plane)> {
    let sets = found.iter().filter_map(|seed| {
        let alone = Plane::through(std::slice::from_ref(seed))?;
        let mut set = vec![seed.clone()];
        for index in (0..FIDUCIALS.len()).filter(|index| *index != seed.index) {
            let near =
                |f: &&Found| f.index == index && f.distance_px(&alone.fiducial_corners(index)) < f.side_px();
            let best = found.iter().filter(near).min_by_key(|f| f.wrong_bits);
            set.extend(best.cloned());
        }
        let (set, plane) = without_misfits(set)?;
        (set.len() > 1 || set[0].wrong_bits <= 1).then_some((set, plane))
    });
    sets.reduce(|best, other| if other.0.len() > best.0.len() { other } else { best })
}

/// Drops the fiducial that fits worst until the rest lie on one plane.
fn without_misfits(mut set: Vec<Found>) -> Option<(Vec<Found>, Plane)> {
    loop {
        let plane = Plane::through(&set)?;
        let side_px = set.iter().map(Found::side_px).sum::<f64>() / set.len() as f64;
        let misfit = |f: &Found| f.distance_px(&plane.fiducial_corners(f.index));
        let worst = (0..set.len()).max_by(|a, b| misfit(&set[*a]).total_cmp(&misfit(&set[*b])))?;
        if set.len() == 1 || misfit(&set[worst]) <= (BENT_SHARE * side_px).max(1.0) {
            return Some((set, plane));
        }
        set.remove(worst);
    }
}

fn card(
    photo: &Photo,
    picture: &Picture,
    found: &[Found],
    plane: Plane,
    bend: Option<&Bend>,
) -> Qualified<Option<Card>> {
    let middle = plane.photo_at([WIDTH_MM / 2.0, HEIGHT_MM / 2.0]);
    let Some(whole) = plane.scalp_from_photo(photo.center(), middle) else {
        return Qualified::new(None, Vec::new());
    };
    let seen_alike = plane.horizon_distance(photo, middle) > HORIZON;
    let scalp_from_photo =
        if seen_alike { whole } else { ScalpFromPhoto::from_pixel_pitch_um(whole.pixel_pitch_um_at(middle)) };
    let corners = [[0.0, 0.0], [WIDTH_MM, 0.0], [WIDTH_MM, HEIGHT_MM], [0.0, HEIGHT_MM]];
    let seen_at = |place: [f64; 2]| match bend {
        Some(bend) => {
            let [x_px, y_px] = bend.photo_at(place);
            PointInPhoto::new(x_px, y_px)
        }
        None => plane.photo_at(place),
    };
    let shape_relative = if bend.is_some() { BENT_RELATIVE } else { 0.0 };
    let card = Card {
        scalp_from_photo,
        pitch_relative_uncertainty: plane
            .pitch_relative_at(middle)
            .hypot(PRINTED_RELATIVE)
            .hypot(shape_relative),
        tilt_deg: plane.tilt_deg_at(middle),
        fiducials_found: found.len(),
        bend_radius_mm: bend.map(Bend::radius_mm),
        outline: corners.map(seen_at),
        grays: GRAYS.map(|patch| gray(picture, &plane, &patch)),
        shape_relative,
        plane,
    };
    let caveats =
        [partial(&card), tilted(&card, seen_alike), bent_said(&card)].into_iter().flatten().collect();
    Qualified::new(Some(card), caveats)
}

fn bent_said(card: &Card) -> Option<Caveat> {
    card.bend_radius_mm.map(|radius_mm| {
        Caveat::new(
            Code::ScaleCardBent,
            Weight::Note,
            format!(
                "the card was bent to a radius of about {radius_mm:.0} mm; the scale was taken at its middle"
            ),
            "print the card on stiff paper, so that it stays flat",
        )
    })
}

fn partial(card: &Card) -> Option<Caveat> {
    let found = card.fiducials_found;
    let weight = if found == 1 { Weight::Doubt } else { Weight::Note };
    (found < FIDUCIALS.len()).then(|| {
        Caveat::new(
            Code::ScaleCardPartial,
            weight,
            format!(
                "{found} of the card's 4 markers of {FIDUCIAL_SIDE_MM:.0} mm could be read; the scale is \
                 good to {:.1} %",
                200.0 * card.pitch_relative_uncertainty
            ),
            "photograph again with the whole card in view, flat, without shine on it",
        )
    })
}

fn tilted(card: &Card, seen_alike: bool) -> Option<Caveat> {
    let doubtful = card.tilt_deg > TILT_DOUBT_DEG || !seen_alike;
    (card.tilt_deg > TILT_NOTE_DEG || !seen_alike).then(|| {
        let undone = if seen_alike { "this was undone" } else { "too much to be undone" };
        Caveat::new(
            Code::ScaleCardTilted,
            if doubtful { Weight::Doubt } else { Weight::Note },
            format!("the card was tilted by about {:.0}° against the picture; {undone}", card.tilt_deg),
            "hold the camera straight above the scar and lay the card flat beside it",
        )
    })
}

/// Median color of the inner part of a gray patch, if it is evenly lit and neither clipped nor covered.
fn gray(picture: &Picture, plane: &Plane, patch: &GrayPatch) -> Option<Gray> {
    const STEPS: usize = 12;
    const CLIPPED: f32 = 0.97;
    const UNEVEN: f32 = 0.35;
    let along =
        |from: f64, length: f64, k: usize| from + length * (0.2 + 0.6 * k as f64 / (STEPS - 1) as f64);
    let mut channels: [Vec<f32>; 3] = std::array::from_fn(|_| Vec::with_capacity(STEPS * STEPS));
    for k in 0..STEPS * STEPS {
        let x_mm = along(patch.left_mm, patch.width_mm, k % STEPS);
        let y_mm = along(patch.top_mm, patch.height_mm, k / STEPS);
        let pixel = picture.linear_at(plane.photo_at([x_mm, y_mm]))?;
        pixel.into_iter().zip(&mut channels).for_each(|(v, channel)| channel.push(v));
    }
    channels.iter_mut().for_each(|channel| channel.sort_by(f32::total_cmp));
    let at = |share: f64| {
        channels.each_ref().map(|channel| channel[(share * (STEPS * STEPS - 1) as f64) as usize])
    };
    let (low, rgb, high) = (at(0.1), at(0.5), at(0.9));
    let even = (0..3).all(|c| high[c] - low[c] < UNEVEN * rgb[c] + 0.01);
    let clipped = high.iter().any(|v| *v > CLIPPED);
    (even && !clipped).then_some(Gray { linear: LinearRgb { rgb }, nominal_l: patch.nominal_l })
}
