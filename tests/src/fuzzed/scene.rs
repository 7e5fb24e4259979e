//! A small photograph and what a person says of it, drawn from bytes; shared with `fuzz/`.
//!
//! Every byte string is a scene: a head, shapes, marks, and what is left is
//! either a picture in a file format, stretched over the ground, or codes that are mixed into it.

use std::f64::consts::TAU;

use stipple_color::RgbSpace;
use stipple_model::{BitDepth, Marks, Photo, Side, Stroke};
use stipple_quantity::PointInPhoto;
use stipple_raster::Mask;
use stipple_read::photo::{DecodeLimits, decode};
use stipple_read::{ReadOptions, RootFinder};

/// Sides of a scene, pixels.
const SIDES_PX: std::ops::RangeInclusive<usize> = 48..=400;
/// Farthest place that a file of scribbles or the command line lets through, pixels.
const FARTHEST_PX: f64 = 1e6;
/// Pitches at and beyond the ends of what is sensible, µm.
const PITCHES_UM: [f64; 12] = [
    5.0,
    4.999,
    1000.0,
    1000.001,
    0.0,
    -80.0,
    1e-300,
    1e300,
    f64::NAN,
    f64::INFINITY,
    f64::MIN_POSITIVE,
    80.0,
];
/// Patches of a color checker as it is drawn here, 8-bit sRGB, row by row.
const PATCHES: [[u8; 3]; 24] = [
    [115, 82, 68],
    [194, 150, 130],
    [98, 122, 157],
    [87, 108, 67],
    [133, 128, 177],
    [103, 189, 170],
    [214, 126, 44],
    [80, 91, 166],
    [193, 90, 99],
    [94, 60, 108],
    [157, 188, 64],
    [224, 163, 46],
    [56, 61, 150],
    [70, 148, 73],
    [175, 54, 60],
    [231, 199, 31],
    [187, 86, 149],
    [8, 133, 161],
    [243, 243, 242],
    [200, 200, 200],
    [160, 160, 160],
    [122, 122, 121],
    [85, 85, 85],
    [52, 52, 52],
];

/// The photograph and the options that these bytes stand for.
pub(crate) fn scene(bytes: &[u8]) -> (Photo, ReadOptions) {
    let mut feed = Feed { bytes };
    let size = (side(feed.long()), side(feed.long()));
    let [space, depth, ground, pitch, finder, mask, neutral] = [(); 7].map(|()| usize::from(feed.byte()));
    let colors = [feed.color(), feed.color()];
    let pitch_um = pitch_um(pitch, feed.long());
    let neutral = (neutral % 3 == 1).then(|| feed.place(size));
    let shapes: Vec<Shape> = (0..feed.byte() % 24).map(|_| Shape::of(&mut feed, size)).collect();
    let marks = (feed.byte() % 2 == 1).then(|| marks(&mut feed, size));
    let mut canvas = Canvas { size, codes: vec![[0; 3]; size.0 * size.1] };
    canvas.ground(ground, colors);
    canvas.strew(feed.bytes);
    shapes.iter().for_each(|shape| canvas.draw(shape));
    let options = ReadOptions {
        pixel_pitch_um: pitch_um,
        scar_mask: scar_mask(mask, size, &shapes),
        scar_found: false,
        neutral,
        marks,
        roots: if finder % 2 == 0 { RootFinder::Learned } else { RootFinder::Classical },
    };
    let spaces = [RgbSpace::Srgb, RgbSpace::DisplayP3, RgbSpace::AdobeRgb, RgbSpace::Rec2020];
    let depths = [BitDepth::Eight, BitDepth::Sixteen];
    let codes = canvas.codes.into_iter().flatten().collect();
    (Photo::new(size.0, size.1, spaces[space % 4], depths[depth % 2], codes), options)
}

fn side(number: u16) -> usize {
    SIDES_PX.start() + usize::from(number) % (SIDES_PX.end() - SIDES_PX.start() + 1)
}

/// None, one at an end, or one within the range, most of them as photographs have it.
fn pitch_um(kind: usize, number: u16) -> Option<f64> {
    match kind % 4 {
        0 => None,
        1 => Some(PITCHES_UM[usize::from(number) % PITCHES_UM.len()]),
        2 => Some(5.0 + f64::from(number) / 66.0),
        _ => Some(20.0 + f64::from(number % 256)),
    }
}

/// Where a person says the scar is: nowhere, everywhere, at the shapes, or of the wrong size.
fn scar_mask(kind: usize, size: (usize, usize), shapes: &[Shape]) -> Option<Mask> {
    let mut mask = Mask::filled(size.0, size.1, false);
    match kind % 8 {
        0 => mask.samples.fill(true),
        1 => {}
        2 | 3 => {
            let every = if kind % 8 == 2 { 1 } else { 3 };
            let inside = |k: usize| {
                let at = (k % size.0, k / size.0);
                shapes.iter().step_by(every).any(|shape| shape.inside(at).is_some())
            };
            (0..mask.samples.len()).filter(|k| inside(*k)).collect::<Vec<_>>().iter().for_each(|k| {
                mask.samples[*k] = true;
            });
        }
        4 => mask.samples.iter_mut().enumerate().for_each(|(k, inside)| *inside = k % size.0 % 40 < kind / 8),
        5 if kind == 5 => return Some(Mask::filled(size.1 + 1, size.0, true)),
        _ => return None,
    }
    Some(mask)
}

fn marks(feed: &mut Feed<'_>, size: (usize, usize)) -> Marks {
    let frame = (feed.byte() % 3 == 1).then(|| [feed.place(size), feed.place(size)]);
    let strokes = (0..feed.byte() % 6).map(|_| {
        let kind = feed.byte();
        let radius_px = match feed.byte() {
            0 => 0.01,
            255 => 1000.0,
            number => f64::from(number) / 4.0,
        };
        let path = (0..1 + kind / 2 % 8).map(|_| feed.place(size)).collect();
        Stroke { side: Side::ALL[usize::from(kind % 2)], path, radius_px }
    });
    Marks { strokes: strokes.collect(), frame, ..Marks::default() }
}

/// Bytes from the front; zeros when there are no more.
struct Feed<'a> {
    bytes: &'a [u8],
}

impl Feed<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    fn long(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    fn color(&mut self) -> [u16; 3] {
        [(); 3].map(|()| 257 * u16::from(self.byte()))
    }

    /// A place in and around the picture; rarely at the end of the world.
    fn place(&mut self, size: (usize, usize)) -> PointInPhoto {
        let mut one = |side: usize| match self.byte() {
            0 => -FARTHEST_PX,
            255 => FARTHEST_PX,
            number => (f64::from(number) - 28.0) / 200.0 * side as f64,
        };
        let x = one(size.0);
        PointInPhoto::new(x, one(size.1))
    }
}

/// Something on the skin: a turned rectangle or ellipse with a pattern in it.
struct Shape {
    kind: u8,
    middle: (f64, f64),
    half: (f64, f64),
    turn: (f64, f64),
    color: [u16; 3],
    /// Length that the pattern repeats after, pixels.
    period: f64,
}

impl Shape {
    fn of(feed: &mut Feed<'_>, size: (usize, usize)) -> Self {
        let kind = feed.byte();
        let middle = feed.place(size);
        let half = [size.0, size.1].map(|side| (0.5 + f64::from(feed.byte())) / 400.0 * side as f64);
        Self {
            kind,
            middle: (middle.x_px, middle.y_px),
            half: (half[0], half[1]),
            turn: (TAU * f64::from(feed.byte()) / 256.0).sin_cos(),
            color: feed.color(),
            period: 1.5 + f64::from(feed.byte()) / 4.0,
        }
    }

    /// Where a pixel lies along and across the shape, its middle at 0, its sides at 1.
    fn inside(&self, (x, y): (usize, usize)) -> Option<(f64, f64)> {
        let (x, y) = (x as f64 + 0.5 - self.middle.0, y as f64 + 0.5 - self.middle.1);
        let (sin, cos) = self.turn;
        let (u, v) = ((x * cos + y * sin) / self.half.0, (y * cos - x * sin) / self.half.1);
        let round = self.kind % 2 == 1;
        let within = if round { u * u + v * v <= 1.0 } else { u.abs().max(v.abs()) <= 1.0 };
        within.then_some((u, v))
    }

    /// Its color at such a place, if it covers what is there.
    fn color(&self, (u, v): (f64, f64)) -> Option<[u16; 3]> {
        let (along, across) = (u * self.half.0, v * self.half.1);
        let repeats = |length: f64, share: f64| (length / self.period).rem_euclid(1.0) < share;
        match self.kind / 2 % 8 {
            0 | 1 => Some(self.color),
            // Stripes; as ticks of a ruler, every fifth one longer.
            2 => repeats(along, 0.3).then_some(self.color),
            3 => {
                let number = (along / self.period).floor() as i64;
                let long = if number % 10 == 0 { 1.0 } else { 0.0 };
                (repeats(along, 0.25) && v < long).then_some(self.color)
            }
            // Dots, as of hair cut short.
            4 | 5 => (repeats(along, 0.3) && repeats(across, 0.3)).then_some(self.color),
            6 => {
                let (column, row) = ((u + 1.0) * 3.0, (v + 1.0) * 2.0);
                let patch = PATCHES[(row as usize).min(3) * 6 + (column as usize).min(5)];
                let framed = column.fract().min(row.fract()) < 0.16;
                Some(if framed { self.color } else { patch.map(|code| 257 * u16::from(code)) })
            }
            _ => Some(self.color.map(|code| code ^ (noise(along.to_bits() ^ across.to_bits()) >> 3))),
        }
    }
}

fn noise(seed: u64) -> u16 {
    let mixed = (seed ^ (seed >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 48) as u16
}

struct Canvas {
    size: (usize, usize),
    codes: Vec<[u16; 3]>,
}

impl Canvas {
    /// One color that turns into another: not at all, slowly, by noise or in a lattice of dots.
    fn ground(&mut self, kind: usize, [one, other]: [[u16; 3]; 2]) {
        let (width, height) = self.size;
        let period = 4 + kind / 4 % 16;
        for (k, code) in self.codes.iter_mut().enumerate() {
            let (x, y) = (k % width, k / width);
            let share = match kind % 4 {
                0 => 0,
                1 => (x + y) * 65_535 / (width + height),
                2 => usize::from(noise(k as u64)) * period / 20,
                _ if (x + y / period % 2 * 2) % period < 2 && y % period < 2 => 65_535,
                _ => usize::from(noise(k as u64) >> 5),
            };
            *code = std::array::from_fn(|c| {
                ((usize::from(one[c]) * (65_535 - share) + usize::from(other[c]) * share) / 65_535) as u16
            });
        }
    }

    /// What is left of the bytes, as a picture or as codes.
    fn strew(&mut self, rest: &[u8]) {
        let limits = DecodeLimits { pixels_max: 250_000, memory_bytes_max: 64 << 20, threads: 1 };
        let (width, height) = self.size;
        if let Ok(picture) = decode(rest, &limits) {
            let picture = picture.value;
            for (k, code) in self.codes.iter_mut().enumerate() {
                let (x, y) = (k % width * picture.width_px / width, k / width * picture.height_px / height);
                *code = picture.pixel(x, y);
            }
        } else if !rest.is_empty() {
            let codes = self.codes.as_flattened_mut();
            let apart = (codes.len() / rest.len()).max(1);
            codes.iter_mut().step_by(apart).zip(rest).for_each(|(code, byte)| *code ^= u16::from(*byte) << 8);
        }
    }

    fn draw(&mut self, shape: &Shape) {
        for (k, code) in self.codes.iter_mut().enumerate() {
            if let Some(color) =
                shape.inside((k % self.size.0, k / self.size.0)).and_then(|at| shape.color(at))
            {
                *code = color;
            }
        }
    }
}
