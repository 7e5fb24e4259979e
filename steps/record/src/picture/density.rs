//! The hair density map as a picture with its legend.

use png::{BitDepth, ColorType, Encoder};
use stipple_raster::Grid;

use super::{finish, side};

/// Colors from low to high: equally spaced samples of matplotlib's "viridis" (CC0), sRGB.
const COLORS: [[u8; 3]; 9] = [
    [68, 1, 84],
    [71, 45, 123],
    [59, 82, 139],
    [44, 114, 142],
    [33, 145, 140],
    [40, 174, 128],
    [94, 201, 98],
    [173, 220, 48],
    [253, 231, 37],
];

/// Where no scalp was read; no color of the ramp is gray.
const NOT_READ: [u8; 3] = [160, 160, 160];

/// Characters of the legend, 5 columns by 7 rows; bit 4 is the leftmost column.
const GLYPHS: [(char, [u8; 7]); 14] = [
    ('0', [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110]),
    ('1', [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110]),
    ('2', [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111]),
    ('3', [0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110]),
    ('4', [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010]),
    ('5', [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110]),
    ('6', [0b01110, 0b10000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110]),
    ('7', [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000]),
    ('8', [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110]),
    ('9', [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00001, 0b01110]),
    ('/', [0b00001, 0b00001, 0b00010, 0b00100, 0b01000, 0b10000, 0b10000]),
    ('c', [0b00000, 0b00000, 0b01110, 0b10000, 0b10000, 0b10000, 0b01110]),
    ('m', [0b00000, 0b00000, 0b11010, 0b10101, 0b10101, 0b10101, 0b10101]),
    ('²', [0b11100, 0b00100, 0b11100, 0b10000, 0b11100, 0b00000, 0b00000]),
];

/// The hair density map as PNG: the map at the photograph's size, and a strip below with its legend.
///
/// |     | name         | meaning                                      | unit    |
/// |-----|--------------|----------------------------------------------|---------|
/// | in  | `density`    | follicular units per cm², not a number (gray) where none was read | per cm² |
/// | in  | `step_px`    | photograph pixels per sample of `density`    | px      |
/// | in  | `width_px`, `height_px` | size of the photograph            | px      |
///
/// # Panics
/// If the map or the photograph has no pixels.
pub fn png_of_density(density: &Grid, step_px: f64, width_px: usize, height_px: usize) -> Vec<u8> {
    assert!(!density.samples.is_empty() && step_px > 0.0, "a map has samples");
    let highest = density.samples.iter().copied().filter(|v| v.is_finite()).fold(1.0, f32::max);
    let highest = (highest / 10.0).ceil() * 10.0;
    let colors: Vec<[u8; 3]> = (0..=u8::MAX).map(|k| color_of(f32::from(k) / 255.0)).collect();
    let mut canvas = Canvas::new(width_px, height_px + strip_height(height_px));
    for y in 0..height_px {
        for x in 0..width_px {
            let value = density.sample((x as f64 + 0.5) / step_px, (y as f64 + 0.5) / step_px);
            let read = colors[usize::from((value / highest * 255.0) as u8)];
            canvas.put(x, y, if value.is_finite() { read } else { NOT_READ });
        }
    }
    draw_legend(&mut canvas, height_px, highest);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, side(canvas.width), side(canvas.height));
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    let description = format!(
        "Hair density, 0 to {highest} follicular units per cm2; legend below the map; gray was not read"
    );
    encoder.add_text_chunk("Description".into(), description).expect("the keyword is short and plain");
    finish(encoder, &canvas.bytes);
    bytes
}

/// Rows of the strip below the map.
fn strip_height(height_px: usize) -> usize {
    (height_px / 24).max(11)
}

/// Ramp with its two ends named: `0 ▒▒▓▓ 120 /cm²`.
fn draw_legend(canvas: &mut Canvas, top: usize, highest: f32) {
    let height = canvas.height - top;
    let dot = (height / 11).max(1);
    let (margin, letter) = (2 * dot, 6 * dot);
    let label = format!("{highest}/cm²");
    canvas.write("0", margin, top + margin, dot);
    let left = 2 * margin + letter;
    let right = canvas.width.saturating_sub(2 * margin + letter * label.chars().count());
    for x in left..right {
        let color = color_of((x - left) as f32 / (right - left) as f32);
        (top + margin..top + height - margin).for_each(|y| canvas.put(x, y, color));
    }
    canvas.write(&label, right.max(left) + margin, top + margin, dot);
}

/// The color of a share from 0 to 1.
fn color_of(share: f32) -> [u8; 3] {
    let last = COLORS.len() - 1;
    let place = share * last as f32;
    let below = (place as usize).min(last - 1);
    let t = place - below as f32;
    let blend = |c: usize| f32::from(COLORS[below][c]) * (1.0 - t) + f32::from(COLORS[below + 1][c]) * t;
    [blend(0).round() as u8, blend(1).round() as u8, blend(2).round() as u8]
}

/// 8-bit sRGB pixels to draw on.
struct Canvas {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

impl Canvas {
    fn new(width: usize, height: usize) -> Self {
        Self { width, height, bytes: vec![255; 3 * width * height] }
    }

    /// Colors a pixel; off the canvas nothing happens.
    fn put(&mut self, x: usize, y: usize, color: [u8; 3]) {
        if x < self.width && y < self.height {
            let k = 3 * (y * self.width + x);
            self.bytes[k..k + 3].copy_from_slice(&color);
        }
    }

    /// Writes characters of `GLYPHS` in black, `dot` pixels to a dot.
    fn write(&mut self, text: &str, left: usize, top: usize, dot: usize) {
        for (k, letter) in text.chars().enumerate() {
            let Some((_, rows)) = GLYPHS.iter().find(|(known, _)| *known == letter) else { continue };
            for (y, row) in rows.iter().enumerate() {
                for x in (0..5).filter(|x| row >> (4 - x) & 1 == 1) {
                    let (at_x, at_y) = (left + (6 * k + x) * dot, top + y * dot);
                    for offset in 0..dot * dot {
                        self.put(at_x + offset % dot, at_y + offset / dot, [0; 3]);
                    }
                }
            }
        }
    }
}
