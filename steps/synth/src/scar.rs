//! Scars: their outlines, the hair they cost and the skin they leave.

use std::f64::consts::{PI, TAU};

use stipple_color::{Lab, LinearRgb, RgbSpace};
use stipple_model::{ScarKind, TruthScar};
use stipple_points::CellIndex;
use stipple_quantity::Stream;
use stipple_raster::{Mask, region};

use crate::card::Room;
use crate::options::{Error, ScarShape, ScarTint, SynthOptions, Zone};
use crate::skin::{BLOOD, MELANIN};
use crate::units::Unit;

/// The scars of a picture.
pub(crate) struct Scars {
    /// Each one's kind and outline, mm.
    scars: Vec<(ScarKind, Vec<(f64, f64)>)>,
    /// What is scar, at the size of the picture.
    pub(crate) mask: Mask,
    /// How much darker their skin is than the skin around (natural logarithm; R, G, B).
    pub(crate) darkening: [f32; 3],
    /// What their surface is like.
    pub(crate) surface: Surface,
    edge: CellIndex,
    zone: Zone,
}

/// A scar's surface against that of most scars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Surface {
    /// How unevenly it took its color.
    pub(crate) patchiness: f32,
    /// How strongly it shines.
    pub(crate) shine: f32,
    /// Height of its webbed relief, mm.
    pub(crate) web_mm: f32,
}

impl Surface {
    fn of(shape: ScarShape) -> Self {
        match shape {
            ScarShape::Burn { .. } => Self { patchiness: 3.0, shine: 2.6, web_mm: 0.05 },
            _ => Self { patchiness: 1.0, shine: 1.0, web_mm: 0.0 },
        }
    }
}

/// Width of the sparse rim around a scar, mm, and the share of hair that stands at its inner side.
const RIM_MM: f64 = 0.9;
const RIM_SHARE: f64 = 0.35;

impl Scars {
    /// Draws the scars that were asked for into the room there is.
    ///
    /// # Errors
    /// [`Error::NoRoomForScar`].
    pub(crate) fn draw(options: &SynthOptions, room: Room, units: &[Unit]) -> Result<Self, Error> {
        let mut draw = options.seed.stream("synth.scar", 0);
        let scars = match options.scar {
            ScarShape::None => Vec::new(),
            ScarShape::Strip { width_mm } => {
                fits(1.6 * width_mm, room)?;
                vec![(ScarKind::Linear, strip(width_mm, room, &mut draw))]
            }
            ScarShape::Patch { diameter_mm } => {
                fits(1.45 * diameter_mm, room)?;
                vec![(ScarKind::Patch, patch(diameter_mm, 0.26, room, &mut draw))]
            }
            ScarShape::Burn { diameter_mm } => {
                fits(1.45 * diameter_mm, room)?;
                vec![(ScarKind::Patch, patch(diameter_mm, 0.42, room, &mut draw))]
            }
            ScarShape::Punches { count } => punches(count, room, units, &mut draw)
                .into_iter()
                .map(|outline| (ScarKind::Punctate, outline))
                .collect(),
        };
        let zone = options.zone();
        let mut mask = Mask::filled(zone.width_px, zone.height_px, false);
        scars.iter().for_each(|(_, outline)| {
            stamp(outline, zone, &mut mask);
        });
        let corners: Vec<_> = scars.iter().flat_map(|(_, outline)| outline.iter().copied()).collect();
        Ok(Self {
            scars,
            mask,
            darkening: tint(options),
            surface: Surface::of(options.scar),
            edge: CellIndex::new(&corners),
            zone,
        })
    }

    /// Whether a place, mm, is scar.
    pub(crate) fn contains(&self, (x_mm, y_mm): (f64, f64)) -> bool {
        self.mask.contains(x_mm * self.zone.px_per_mm, y_mm * self.zone.px_per_mm)
    }

    /// Whether a place is scar or within its sparse rim.
    pub(crate) fn near(&self, place: (f64, f64)) -> bool {
        self.contains(place) || self.distance_mm(place) < RIM_MM
    }

    /// Probability that a unit at a place has survived.
    pub(crate) fn survival(&self, place: (f64, f64)) -> f64 {
        if self.contains(place) {
            return 0.0;
        }
        let away = self.distance_mm(place) / RIM_MM;
        (RIM_SHARE + (1.0 - RIM_SHARE) * away).min(1.0)
    }

    /// Distance to the nearest outline, mm; no more than the rim's width is looked at.
    fn distance_mm(&self, place: (f64, f64)) -> f64 {
        let mut least = f64::INFINITY;
        self.edge.for_each_within(place, RIM_MM, |_, squared| least = least.min(squared));
        least.sqrt()
    }

    /// The scars as they are told to whoever checks a reading.
    pub(crate) fn truth(&self, skin: LinearRgb) -> Vec<TruthScar> {
        let lab = darkened(skin, self.darkening);
        let mm2 = self.zone.px_per_mm.powi(-2);
        self.scars
            .iter()
            .map(|(kind, outline)| {
                let mut own = Mask::filled(self.zone.width_px, self.zone.height_px, false);
                let area_mm2 = stamp(outline, self.zone, &mut own) as f64 * mm2;
                let length_mm = length_mm(*kind, outline, area_mm2);
                let outline = outline.iter().map(|place| self.zone.in_photo(*place)).collect();
                let width_mm = area_mm2 / length_mm;
                TruthScar { kind: *kind, outline, area_mm2, length_mm, width_mm, lab }
            })
            .collect()
    }
}

/// A color after darkening.
fn darkened(color: LinearRgb, darkening: [f32; 3]) -> Lab {
    let rgb = std::array::from_fn(|c| color.rgb[c] * (-darkening[c]).exp());
    Lab::from_linear(RgbSpace::Srgb, LinearRgb { rgb })
}

/// What a tint does to the skin's melanin and blood, told as darkening.
fn tint(options: &SynthOptions) -> [f32; 3] {
    // There is more melanin to lose in dark skin.
    let brown = (1.0 - options.ita_deg / 70.0).clamp(0.4, 1.35) as f32;
    let (melanin, blood) = match options.scar_tint {
        ScarTint::Paler => (-0.24 * brown, -0.11),
        ScarTint::Redder => (0.05, 0.33),
        ScarTint::Darker => (0.40, 0.08),
        ScarTint::Same => (0.0, 0.0),
    };
    std::array::from_fn(|c| melanin * MELANIN[c] + blood * BLOOD[c])
}

fn fits(scar_mm: f64, room: Room) -> Result<(), Error> {
    let room_mm = room.width_mm.min(room.height_mm);
    if scar_mm <= room_mm { Ok(()) } else { Err(Error::NoRoomForScar { scar_mm, room_mm }) }
}

/// Fills an outline into the mask; how many pixels it covers.
fn stamp(outline: &[(f64, f64)], zone: Zone, mask: &mut Mask) -> usize {
    let px: Vec<_> = outline.iter().map(|p| (p.0 * zone.px_per_mm, p.1 * zone.px_per_mm)).collect();
    let least = |v: f64| v.floor().max(0.0) as usize;
    let (left, top) =
        px.iter().fold((usize::MAX, usize::MAX), |m, p| (m.0.min(least(p.0)), m.1.min(least(p.1))));
    let (right, bottom) = px
        .iter()
        .fold((0, 0), |m, p| (m.0.max(p.0.ceil().max(0.0) as usize), m.1.max(p.1.ceil().max(0.0) as usize)));
    let (right, bottom) = (right.min(zone.width_px), bottom.min(zone.height_px));
    if right <= left || bottom <= top {
        return 0;
    }
    let shifted: Vec<_> = px.iter().map(|p| (p.0 - left as f64, p.1 - top as f64)).collect();
    let small = region::fill_polygon(&shifted, right - left, bottom - top);
    for y in 0..small.height {
        let row = &mut mask.samples[(top + y) * mask.width + left..][..small.width];
        row.iter_mut().enumerate().for_each(|(x, inside)| *inside |= small.at(x, y));
    }
    small.count()
}

/// A gently curved band across the room.
fn strip(width_mm: f64, room: Room, draw: &mut Stream) -> Vec<(f64, f64)> {
    let length_mm = (0.80 * room.width_mm).min(160.0);
    let slack_mm = (room.height_mm - 1.6 * width_mm).max(0.0);
    let tilt = draw.between(-1.0, 1.0) * (0.15 * slack_mm / length_mm).min(0.09);
    let sagitta_mm = draw.between(0.5, 1.0) * (0.05 * length_mm).min(0.25 * slack_mm);
    let up = if draw.uniform() < 0.5 { -1.0 } else { 1.0 };
    let shift_mm = draw.between(-0.1, 0.1) * slack_mm;
    let (slow, left, right) =
        (Wobble::new(draw, 14.0, 5), Wobble::new(draw, 2.2, 14), Wobble::new(draw, 2.2, 14));
    let meander = Wobble::new(draw, 18.0, 5);
    let middle = (room.left_mm + room.width_mm / 2.0, room.top_mm + room.height_mm / 2.0 + shift_mm);
    let steps = ((length_mm / 0.2) as usize).max(20);
    let side = |sign: f64, fine: &Wobble, k: usize| {
        let t = 2.0 * k as f64 / steps as f64 - 1.0;
        let u = t * length_mm / 2.0;
        // Ends taper over the last tenth; the factor keeps the mean width.
        let taper = (1.0 - t.abs().powi(9)).max(0.0).sqrt() * 1.04;
        let half = width_mm / 2.0 * (1.0 + 0.16 * slow.at(u)) + 0.05 * fine.at(u) * width_mm.sqrt();
        let v = up * sagitta_mm * (t * t - 0.5) + tilt * u + 0.35 * meander.at(u) + sign * taper * half;
        (middle.0 + u, middle.1 + v)
    };
    let upper = (0..=steps).map(|k| side(-1.0, &left, k));
    let lower = (0..=steps).rev().map(|k| side(1.0, &right, k));
    upper.chain(lower).collect()
}

/// An irregular blob in the middle of the room; `rough`: how irregular.
fn patch(diameter_mm: f64, rough: f64, room: Room, draw: &mut Stream) -> Vec<(f64, f64)> {
    let waves: Vec<(f64, f64, f64)> = (2..=24)
        .map(|turns| {
            let turns = f64::from(turns);
            (turns, TAU * draw.uniform(), rough * draw.normal() / turns.powf(1.15))
        })
        .collect();
    let corners = ((PI * diameter_mm / 0.2) as usize).max(48);
    let radius = |angle: f64| {
        let wave: f64 = waves.iter().map(|(n, phase, size)| size * (n * angle + phase).cos()).sum();
        (1.0 + wave).clamp(0.62, 1.38)
    };
    let round: Vec<(f64, f64)> = (0..corners)
        .map(|k| {
            let angle = TAU * k as f64 / corners as f64;
            (radius(angle) * angle.cos(), radius(angle) * angle.sin())
        })
        .collect();
    // Radii up to 1.38 in room for 1.45: the middle may move by what is left.
    let stretch = diameter_mm / 2.0 * (PI / area_of(&round)).sqrt();
    let slack = |side_mm: f64| (side_mm / 2.0 - 1.45 * diameter_mm / 2.0).max(0.0) * 0.4;
    let middle = (
        room.left_mm + room.width_mm / 2.0 + draw.between(-1.0, 1.0) * slack(room.width_mm),
        room.top_mm + room.height_mm / 2.0 + draw.between(-1.0, 1.0) * slack(room.height_mm),
    );
    round.iter().map(|p| (middle.0 + stretch * p.0, middle.1 + stretch * p.1)).collect()
}

/// Round dots in the place of units drawn from the room's middle.
fn punches(count: usize, room: Room, units: &[Unit], draw: &mut Stream) -> Vec<Vec<(f64, f64)>> {
    let middle = (room.left_mm + room.width_mm / 2.0, room.top_mm + room.height_mm / 2.0);
    let far = |p: (f64, f64)| {
        ((p.0 - middle.0) / (0.44 * room.width_mm)).hypot((p.1 - middle.1) / (0.42 * room.height_mm))
    };
    let mut ranked: Vec<(f64, (f64, f64))> =
        units.iter().filter(|unit| far(unit.at) < 1.0).map(|unit| (draw.uniform(), unit.at)).collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut chosen: Vec<(f64, f64)> = Vec::new();
    for (_, at) in ranked {
        if chosen.len() == count {
            break;
        }
        if chosen.iter().all(|other| (other.0 - at.0).hypot(other.1 - at.1) > 1.35) {
            chosen.push(at);
        }
    }
    chosen.iter().map(|at| dot(*at, draw.between(0.40, 0.50), draw)).collect()
}

/// A nearly round outline.
fn dot(at: (f64, f64), radius_mm: f64, draw: &mut Stream) -> Vec<(f64, f64)> {
    let (oval, turn) = (0.07 * draw.normal(), TAU * draw.uniform());
    (0..28)
        .map(|k| {
            let angle = TAU * f64::from(k) / 28.0;
            let r = radius_mm * (1.0 + oval * (2.0 * angle + turn).cos() + 0.02 * draw.normal());
            (at.0 + r * angle.cos(), at.1 + r * angle.sin())
        })
        .collect()
}

/// Length of a scar: along the middle of a line, the longest extent of anything else.
fn length_mm(kind: ScarKind, outline: &[(f64, f64)], area_mm2: f64) -> f64 {
    match kind {
        ScarKind::Linear => {
            let half = outline.len() / 2;
            let middle: Vec<_> = (0..half)
                .map(|k| {
                    let (a, b) = (outline[k], outline[outline.len() - 1 - k]);
                    ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0)
                })
                // Every fifth place: the fine wobble of the edges is not length.
                .step_by(5)
                .collect();
            middle.windows(2).map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1)).sum()
        }
        ScarKind::Punctate => 2.0 * (area_mm2 / PI).sqrt(),
        ScarKind::Patch => outline
            .iter()
            .flat_map(|a| outline.iter().map(|b| (a.0 - b.0).hypot(a.1 - b.1)))
            .fold(0.0, f64::max),
    }
}

/// Area inside an outline (shoelace).
fn area_of(outline: &[(f64, f64)]) -> f64 {
    let next = outline.iter().cycle().skip(1);
    outline.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>().abs() / 2.0
}

/// A smooth random function of one variable: mean 0, standard deviation near 1.
struct Wobble {
    waves: Vec<(f64, f64)>,
}

impl Wobble {
    /// Waves about `feature_mm` long.
    fn new(draw: &mut Stream, feature_mm: f64, waves: usize) -> Self {
        let wave = |draw: &mut Stream| (TAU / feature_mm * draw.between(0.5, 1.6), TAU * draw.uniform());
        Self { waves: (0..waves).map(|_| wave(draw)).collect() }
    }

    fn at(&self, u_mm: f64) -> f64 {
        let sum: f64 = self.waves.iter().map(|(turns, phase)| (turns * u_mm + phase).sin()).sum();
        sum * (2.0 / self.waves.len() as f64).sqrt()
    }
}
