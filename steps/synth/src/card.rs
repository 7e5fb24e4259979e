//! The reference card lying on the scalp.

use rayon::prelude::*;

use stipple_color::{Lab, RgbSpace};
use stipple_model::card;

use crate::options::{Error, SynthOptions, Zone};
use crate::paint::Picture;

/// An upright rectangle of free skin, mm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) left_mm: f64,
    pub(crate) top_mm: f64,
    pub(crate) width_mm: f64,
    pub(crate) height_mm: f64,
}

/// Where the card lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CardPose {
    middle: (f64, f64),
    cos: f64,
    sin: f64,
}

/// Least distance between the card and the picture's border, mm.
const BORDER_MM: f64 = 3.0;
/// Least skin left free beside the card, mm.
const FREE_MM: f64 = 14.0;
/// Radius of the card's rounded corners, mm.
const CORNER_MM: f64 = 2.5;

/// Lays the card, if one was asked for, into a corner; what is left of the picture is free for scars.
///
/// # Errors
/// [`Error::NoRoomForCard`].
pub(crate) fn lay(options: &SynthOptions) -> Result<(Option<CardPose>, Room), Error> {
    let zone = options.zone();
    let (width_mm, height_mm) = (zone.width_mm(), zone.height_mm());
    let whole = Room { left_mm: 0.0, top_mm: 0.0, width_mm, height_mm };
    if !options.card {
        return Ok((None, whole));
    }
    let mut draw = options.seed.stream("synth.card", 0);
    let angle = draw.between(-5.0f64, 5.0).to_radians();
    let (cos, sin) = (angle.cos(), angle.sin());
    let reach = (
        (card::WIDTH_MM * cos + card::HEIGHT_MM * sin.abs()) / 2.0 + BORDER_MM,
        (card::WIDTH_MM * sin.abs() + card::HEIGHT_MM * cos) / 2.0 + BORDER_MM,
    );
    let (beside_mm, above_mm) = (width_mm - 2.0 * reach.0, height_mm - 2.0 * reach.1);
    if beside_mm < 0.0 || above_mm < 0.0 || beside_mm.max(above_mm) < FREE_MM {
        return Err(Error::NoRoomForCard { width_mm, height_mm });
    }
    let (at_right, at_bottom) = (draw.uniform() < 0.5, draw.uniform() < 0.5);
    let middle = (
        if at_right { width_mm - reach.0 } else { reach.0 },
        if at_bottom { height_mm - reach.1 } else { reach.1 },
    );
    let room = if above_mm * width_mm >= beside_mm * height_mm {
        Room { top_mm: if at_bottom { 0.0 } else { 2.0 * reach.1 }, height_mm: above_mm, ..whole }
    } else {
        Room { left_mm: if at_right { 0.0 } else { 2.0 * reach.0 }, width_mm: beside_mm, ..whole }
    };
    Ok((Some(CardPose { middle, cos, sin }), room))
}

impl CardPose {
    /// A place on the scalp, told on the card, mm from its top left.
    fn on_card(&self, (x_mm, y_mm): (f64, f64)) -> (f64, f64) {
        let (dx, dy) = (x_mm - self.middle.0, y_mm - self.middle.1);
        (
            dx * self.cos + dy * self.sin + card::WIDTH_MM / 2.0,
            dy * self.cos - dx * self.sin + card::HEIGHT_MM / 2.0,
        )
    }

    /// Whether the card hides a place.
    pub(crate) fn covers(&self, place: (f64, f64)) -> bool {
        outside_mm(self.on_card(place)) <= 0.0
    }

    /// Paints shadow and card: every pixel by the mean of four by four places in it.
    pub(crate) fn paint(&self, picture: &mut Picture, zone: Zone, light_from: (f64, f64)) {
        let gray = GrayTable::new();
        let shadow_mm = (-1.1 * light_from.0, -1.1 * light_from.1);
        picture.pixels.par_chunks_mut(picture.width).enumerate().for_each(|(y, row)| {
            for (x, pixel) in row.iter_mut().enumerate() {
                let at = |k: usize| (k as f64 + 0.5) / zone.px_per_mm;
                let place = (at(x), at(y));
                let away = outside_mm(self.on_card(place));
                if away > 6.0 {
                    continue;
                }
                let cast = outside_mm(self.on_card((place.0 - shadow_mm.0, place.1 - shadow_mm.1)));
                let shadow = 0.42 / (1.0 + (cast / 0.45).exp()) as f32;
                pixel.iter_mut().for_each(|v| *v *= 1.0 - shadow);
                if away < 2.0 / zone.px_per_mm {
                    self.blend(place, 1.0 / zone.px_per_mm, &gray, pixel);
                }
            }
        });
    }

    fn blend(&self, place: (f64, f64), pixel_mm: f64, gray: &GrayTable, pixel: &mut [f32; 3]) {
        const N: usize = 4;
        let offset = |k: usize| ((k as f64 + 0.5) / N as f64 - 0.5) * pixel_mm;
        let (mut light, mut hits) = (0.0, 0.0);
        for k in 0..N * N {
            let on_card = self.on_card((place.0 + offset(k % N), place.1 + offset(k / N)));
            if outside_mm(on_card) <= 0.0 {
                light += gray.at(on_card);
                hits += 1.0;
            }
        }
        let skin = 1.0 - hits / (N * N) as f32;
        pixel.iter_mut().for_each(|v| *v = *v * skin + light / (N * N) as f32);
    }
}

/// Distance outside the card with its rounded corners; at most zero on it.
fn outside_mm((u, v): (f64, f64)) -> f64 {
    let beyond = |t: f64, side: f64| (t - side / 2.0).abs() - (side / 2.0 - CORNER_MM);
    let (x, y) = (beyond(u, card::WIDTH_MM), beyond(v, card::HEIGHT_MM));
    x.max(0.0).hypot(y.max(0.0)) + x.max(y).min(0.0) - CORNER_MM
}

/// Linear reflectances of what is printed.
struct GrayTable {
    paper: f32,
    ink: f32,
    patches: [f32; 6],
}

impl GrayTable {
    fn new() -> Self {
        let linear = |l: f64| Lab::new(l, 0.0, 0.0).to_linear(RgbSpace::Srgb).rgb[1];
        Self {
            paper: linear(95.0),
            ink: linear(17.0),
            patches: card::GRAYS.map(|patch| linear(patch.nominal_l)),
        }
    }

    fn at(&self, (u, v): (f64, f64)) -> f32 {
        if let Some(white) = card::fiducial_white_at(u, v) {
            return if white { self.paper } else { self.ink };
        }
        let patch = card::GRAYS.iter().position(|patch| {
            (0.0..patch.width_mm).contains(&(u - patch.left_mm))
                && (0.0..patch.height_mm).contains(&(v - patch.top_mm))
        });
        match patch {
            Some(k) => self.patches[k],
            None if on_tick(u - card::RULER_LEFT_MM, v - card::RULER_TOP_MM) => self.ink,
            None => self.paper,
        }
    }
}

/// Whether a place, told from the ruler's zero, is on one of its ticks: one a millimetre, 0.2 mm thick,
/// longer every five and ten.
fn on_tick(along_mm: f64, down_mm: f64) -> bool {
    let tick = along_mm.round();
    if !(0.0..=card::RULER_LENGTH_MM).contains(&tick) || (along_mm - tick).abs() > 0.1 {
        return false;
    }
    let long_mm = match tick as usize {
        k if k % 10 == 0 => 4.0,
        k if k % 5 == 0 => 3.0,
        _ => 2.0,
    };
    (0.0..long_mm).contains(&down_mm)
}
