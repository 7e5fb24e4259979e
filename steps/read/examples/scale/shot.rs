//! The reference card photographed by a small renderer of our own: rays onto card, head and what covers them.

use nalgebra::{Matrix3, Rotation3, Vector3};
use rayon::prelude::*;
use stipple_color::{RgbSpace, Xyz, skin_tone::typical_skin};
use stipple_model::Photo;
use stipple_model::card::{
    FIDUCIAL_SIDE_MM, FIDUCIALS, GRAYS, HEIGHT_MM, RULER_LEFT_MM, RULER_LENGTH_MM, RULER_TOP_MM, WIDTH_MM,
    fiducial_white_at,
};
use stipple_quantity::{PointInPhoto, Seed, Stream};
use stipple_raster::{Grid, filter::gaussian_blur};
use stipple_read::checker::{COLUMNS, PATCHES, ROWS};
use stipple_read::photo::{DecodeLimits, decode};

/// What the card lies on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Surface {
    /// A plane.
    Flat,
    /// The card bends with the head, a cylinder of this radius, mm, around an axis in the card's plane, degrees.
    Bent { radius_mm: f64, axis_deg: f64 },
    /// A stiff card touches a ball of this radius, mm, at its middle.
    Tangent { radius_mm: f64 },
}

/// What lies on the head, in the card's place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Lies {
    Nothing,
    Card,
    /// A strip with ticks.
    Ruler(Ruler),
    /// A color checker as large as the card.
    Checker,
}

/// From patch to patch of the checker, and the side of a patch, mm; it fills the card's place.
const STEP_MM: f64 = 13.0;
const PATCH_MM: f64 = 11.0;
/// Middle of the first patch, mm from the card's left and top.
const FIRST_MM: [f64; 2] = [WIDTH_MM / 2.0 - 2.5 * STEP_MM, HEIGHT_MM / 2.0 - 1.5 * STEP_MM];

/// Color of a checker at a place.
fn checked([x, y]: [f64; 2], colors: &[[f32; 3]; PATCHES]) -> [f32; 3] {
    let (column, row) = ((x - FIRST_MM[0]) / STEP_MM, (y - FIRST_MM[1]) / STEP_MM);
    let (nearest_column, nearest_row) = (column.round(), row.round());
    let inside = |t: f64, nearest: f64, count: usize| {
        (t - nearest).abs() < PATCH_MM / STEP_MM / 2.0 && (0.0..count as f64).contains(&nearest)
    };
    if inside(column, nearest_column, COLUMNS) && inside(row, nearest_row, ROWS) {
        return colors[nearest_row as usize * COLUMNS + nearest_column as usize];
    }
    [0.035; 3]
}

/// A strip with ticks, or ticks on the skin itself, as a contact plate shows them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ruler {
    pub(crate) step_mm: f64,
    /// Every so many ticks one is so long, mm; the last that fits holds.
    pub(crate) lengths: [(i64, f64); 3],
    pub(crate) width_mm: f64,
    /// Reflectance of ticks and ground; no ground shows the skin.
    pub(crate) ink: f32,
    pub(crate) ground: Option<f32>,
    pub(crate) numbers: bool,
}

impl Ruler {
    /// Reflectance at a place in the card's frame; `None` where the skin shows.
    fn at(&self, [x, y]: [f64; 2]) -> Option<f32> {
        let (along, down) = (x - 3.0, y - 21.0);
        if !(-2.0..81.0).contains(&along) || !(-0.5..12.0).contains(&down) {
            return None;
        }
        let number = (along / self.step_mm).round();
        let on = |(every, _): &&(i64, f64)| (number as i64).rem_euclid(*every) == 0;
        let length = self.lengths.iter().rev().find(on).map_or(0.0, |(_, mm)| *mm);
        let tick =
            (along - number * self.step_mm).abs() < self.width_mm / 2.0 && (0.0..length).contains(&down);
        // A digit of 1.6 × 2.4 mm below every centimetre.
        let (column, row) = (((along + 0.8).rem_euclid(10.0) / 0.4).floor(), ((down - 6.5) / 0.4).floor());
        let digit = self.numbers && (0.0..4.0).contains(&column) && (0.0..6.0).contains(&row);
        let stroke =
            digit && mixed(7, (along / 10.0).round() as i64, 0) >> (column as u32 + 4 * row as u32) & 1 == 1;
        if tick || stroke { Some(self.ink) } else { self.ground }
    }
}

/// Something that lies on the card: a thick line from one place to another, mm on the card.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cover {
    pub from: [f64; 2],
    pub to: [f64; 2],
    pub radius_mm: f64,
    pub color: [f32; 3],
}

/// How a card is photographed.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    pub seed: u64,
    pub px_per_mm: f64,
    pub size_mm: [f64; 2],
    pub turn_deg: f64,
    pub tilt_deg: f64,
    pub tilt_toward_deg: f64,
    pub distance_mm: f64,
    pub shift_mm: [f64; 2],
    pub surface: Surface,
    pub covers: Vec<Cover>,
    pub blur_mm: f64,
    pub motion_mm: [f64; 2],
    pub noise: f64,
    pub sharpening: f32,
    pub jpeg_quality: u8,
    pub light: [f64; 3],
    pub light_slope: [f64; 2],
    pub shadow: Option<([f64; 3], f64)>,
    pub ita_deg: f64,
    pub hair_per_mm2: f64,
    /// Exponent by which the camera bends light before it encodes it.
    pub(crate) tone: f32,
    pub(crate) lies: Lies,
    /// Linear colors of the checker's patches, row by row.
    pub(crate) patches: [[f32; 3]; PATCHES],
}

impl Shot {
    /// A plain shot: flat, any turn, everyday light and noise.
    pub(crate) fn plain(seed: u64) -> Self {
        let mut s = Seed(seed).stream("shot", 0);
        let level = s.between(0.35, 0.95);
        let warm = s.between(-0.25, 0.25);
        Self {
            seed,
            px_per_mm: 4.0 * 2.5f64.powf(s.uniform()),
            size_mm: [112.0, 100.0],
            turn_deg: s.between(0.0, 360.0),
            tilt_deg: s.between(0.0, 5.0),
            tilt_toward_deg: s.between(0.0, 360.0),
            distance_mm: s.between(150.0, 400.0),
            shift_mm: [s.between(-6.0, 6.0), s.between(-6.0, 6.0)],
            surface: Surface::Flat,
            covers: Vec::new(),
            blur_mm: 0.05,
            motion_mm: [0.0; 2],
            noise: s.between(0.004, 0.02),
            sharpening: s.between(0.0, 0.8) as f32,
            jpeg_quality: s.between(70.0, 96.0) as u8,
            light: [level * (1.0 + warm), level, level * (1.0 - warm)],
            light_slope: [s.between(-0.003, 0.003), s.between(-0.003, 0.003)],
            shadow: None,
            ita_deg: s.between(-60.0, 65.0),
            hair_per_mm2: s.between(0.0, 1.6),
            tone: 1.0,
            lies: Lies::Card,
            patches: [[0.2; 3]; PATCHES],
        }
    }

    pub(crate) fn tilted(mut self, most_deg: f64) -> Self {
        self.tilt_deg = self.chance("tilt").between(0.0, most_deg);
        self
    }

    /// A thumb on one corner, or a lock of hair, and single hairs all over.
    pub(crate) fn covered(mut self) -> Self {
        let mut s = self.chance("cover");
        let hair = [0.03, 0.022, 0.016].map(|v| (v * s.between(0.6, 8.0)) as f32);
        let corner =
            [if s.uniform() < 0.5 { 0.0 } else { WIDTH_MM }, if s.uniform() < 0.5 { 0.0 } else { HEIGHT_MM }];
        let inward = [WIDTH_MM / 2.0 - corner[0], HEIGHT_MM / 2.0 - corner[1]];
        let reach = s.between(0.05, 0.25);
        if s.uniform() < 0.5 {
            let to = [corner[0] + reach * inward[0], corner[1] + reach * inward[1]];
            let from = [corner[0] - inward[0] + s.between(-15.0, 15.0), corner[1] - inward[1]];
            let color = typical_skin(s.between(-40.0, 60.0)).to_linear(RgbSpace::Srgb).rgb;
            self.covers.push(Cover { from, to, radius_mm: s.between(6.0, 9.0), color });
        } else {
            let along = s.between(0.0, std::f64::consts::TAU);
            for _ in 0..70 {
                let at = [corner[0] + 7.0 * s.normal(), corner[1] + 7.0 * s.normal()];
                self.covers.push(strand(&mut s, at, along, hair));
            }
        }
        for _ in 0..s.below(25) {
            let at = [s.between(0.0, WIDTH_MM), s.between(0.0, HEIGHT_MM)];
            let along = s.between(0.0, std::f64::consts::TAU);
            self.covers.push(strand(&mut s, at, along, hair));
        }
        self
    }

    pub(crate) fn blurred(mut self) -> Self {
        let mut s = self.chance("blur");
        self.blur_mm = s.between(0.05, 0.30);
        let (length, along) = (s.between(0.0, 0.6), s.between(0.0, std::f64::consts::TAU));
        self.motion_mm = [length * along.cos(), length * along.sin()];
        self
    }

    /// Half the pictures with an edge of a shadow, dim light, much noise, strong compression.
    pub(crate) fn poorly_lit(mut self) -> Self {
        let mut s = self.chance("light");
        if s.uniform() < 0.5 {
            let along = s.between(0.0, std::f64::consts::TAU);
            self.shadow = Some(([along.cos(), along.sin(), s.between(-30.0, 30.0)], s.between(0.25, 0.7)));
        }
        let dim = s.between(0.3, 1.0);
        self.light = self.light.map(|v| v * dim);
        self.noise = s.between(0.01, 0.035);
        self.jpeg_quality = s.between(50.0, 85.0) as u8;
        self.light_slope = [s.between(-0.006, 0.006), s.between(-0.006, 0.006)];
        self
    }

    /// Pushed over the picture's edge, so that fiducials may be cut.
    pub(crate) fn pushed(mut self) -> Self {
        let mut s = self.chance("push");
        self.shift_mm = [s.between(-40.0, 40.0), s.between(-30.0, 30.0)];
        self
    }

    pub(crate) fn chance(&self, what: &str) -> Stream {
        Seed(self.seed).stream(what, 1)
    }

    pub(crate) fn size_px(&self) -> [usize; 2] {
        self.size_mm.map(|mm| (mm * self.px_per_mm) as usize)
    }

    fn rotation(&self) -> Matrix3<f64> {
        let toward = self.tilt_toward_deg.to_radians();
        let tilt = Rotation3::new(Vector3::new(toward.cos(), toward.sin(), 0.0) * self.tilt_deg.to_radians());
        (tilt * Rotation3::from_axis_angle(&Vector3::z_axis(), self.turn_deg.to_radians())).into_inner()
    }

    /// Where a place on the surface, mm from the card's top left, is seen.
    pub(crate) fn seen_at(&self, [x_mm, y_mm]: [f64; 2], on_card: bool) -> PointInPhoto {
        let (x, y) = (x_mm - WIDTH_MM / 2.0, y_mm - HEIGHT_MM / 2.0);
        let at = match self.surface {
            Surface::Bent { radius_mm, axis_deg } => {
                let (sin, cos) = axis_deg.to_radians().sin_cos();
                let (along, across) = (x * cos + y * sin, y * cos - x * sin);
                let (s, c) = (across / radius_mm).sin_cos();
                let b = radius_mm * s;
                Vector3::new(along * cos - b * sin, along * sin + b * cos, radius_mm * (1.0 - c))
            }
            Surface::Tangent { radius_mm } if !on_card => {
                let away = x.hypot(y).max(1e-9);
                let (s, c) = (away / radius_mm).sin_cos();
                Vector3::new(x / away * radius_mm * s, y / away * radius_mm * s, radius_mm * (1.0 - c))
            }
            _ => Vector3::new(x, y, 0.0),
        };
        let p = self.rotation() * at + Vector3::new(self.shift_mm[0], self.shift_mm[1], self.distance_mm);
        let focal = self.px_per_mm * self.distance_mm;
        let [width, height] = self.size_px();
        PointInPhoto::new(focal * p.x / p.z + width as f64 / 2.0, focal * p.y / p.z + height as f64 / 2.0)
    }

    /// Place on the surface, mm from the card's top left, that a pixel sees.
    pub(crate) fn place_at(&self, pixel: [f64; 2]) -> [f64; 2] {
        Eye::of(self).sees(self, pixel).map_or([0.0; 2], |(place, _)| place)
    }

    /// True pixel pitch at a place on the surface, µm.
    pub(crate) fn pitch_um(&self, place: [f64; 2], on_card: bool) -> f64 {
        let h = 0.05;
        let at = |dx: f64, dy: f64| self.seen_at([place[0] + dx, place[1] + dy], on_card);
        let (l, r, u, d) = (at(-h, 0.0), at(h, 0.0), at(0.0, -h), at(0.0, h));
        let area =
            ((r.x_px - l.x_px) * (d.y_px - u.y_px) - (r.y_px - l.y_px) * (d.x_px - u.x_px)) / (4.0 * h * h);
        1000.0 / area.abs().sqrt()
    }

    /// Fiducials of which, with their white rim, at least nine tenths are seen.
    pub(crate) fn visible_fiducials(&self) -> usize {
        let [width, height] = self.size_px();
        let is_visible = |k: &usize| {
            let n = 24;
            let seen = (0..n * n).filter(|i| {
                let step = |j: usize| -1.0 + (FIDUCIAL_SIDE_MM + 2.0) * (j as f64 + 0.5) / n as f64;
                let at = [FIDUCIALS[*k].left_mm + step(i % n), FIDUCIALS[*k].top_mm + step(i / n)];
                let p = self.seen_at(at, true);
                let inside = p.x_px > 1.0
                    && p.y_px > 1.0
                    && p.x_px < width as f64 - 1.0
                    && p.y_px < height as f64 - 1.0;
                inside && self.covers.iter().all(|c| !c.covers(at))
            });
            seen.count() * 10 >= n * n * 9
        };
        (0..FIDUCIALS.len()).filter(is_visible).count()
    }

    /// Middle of a patch of the checker, mm from the card's top left.
    pub(crate) fn patch_mm(patch: usize) -> [f64; 2] {
        [FIRST_MM[0] + STEP_MM * (patch % COLUMNS) as f64, FIRST_MM[1] + STEP_MM * (patch / COLUMNS) as f64]
    }

    /// Patches of the checker of which nine tenths are seen.
    pub(crate) fn visible_patches(&self) -> usize {
        let [width, height] = self.size_px();
        let is_visible = |patch: &usize| {
            const N: usize = 12;
            let middle = Self::patch_mm(*patch);
            let seen = (0..N * N).filter(|i| {
                let step = |j: usize| PATCH_MM * ((j as f64 + 0.5) / N as f64 - 0.5);
                let at = [middle[0] + step(i % N), middle[1] + step(i / N)];
                let p = self.seen_at(at, true);
                let inside = (1.0..width as f64 - 1.0).contains(&p.x_px)
                    && (1.0..height as f64 - 1.0).contains(&p.y_px);
                inside && self.covers.iter().all(|c| !c.covers(at))
            });
            seen.count() * 10 >= N * N * 9
        };
        (0..PATCHES).filter(is_visible).count()
    }

    /// The photograph, after the camera and JPEG.
    pub(crate) fn take(&self) -> Photo {
        let [width, height] = self.size_px();
        let skin = typical_skin(self.ita_deg).to_linear(RgbSpace::Srgb).rgb;
        let papers = GRAYS.map(|g| Xyz::from(stipple_color::Lab::new(g.nominal_l, 0.0, 0.0)).y as f32);
        let eye = Eye::of(self);
        let mut light = vec![[0f32; 3]; width * height];
        light.par_chunks_exact_mut(width).enumerate().for_each(|(y, row)| {
            for (x, pixel) in row.iter_mut().enumerate() {
                *pixel = self.pixel(&eye, [x as f64, y as f64], skin, &papers);
            }
        });
        let sigma_px = (self.blur_mm * self.px_per_mm).max(0.5) as f32;
        let channels: [Grid; 3] = std::array::from_fn(|c| {
            let plane = Grid::from_samples(width, height, light.iter().map(|p| p[c]).collect());
            gaussian_blur(&plane, sigma_px)
        });
        self.developed(&channels)
    }

    /// Mean light of a pixel over four rays, which motion spreads.
    fn pixel(&self, eye: &Eye, [x, y]: [f64; 2], skin: [f32; 3], papers: &[f32; 6]) -> [f32; 3] {
        const RAYS: [[f64; 2]; 4] = [[0.15, 0.4], [0.6, 0.1], [0.4, 0.85], [0.9, 0.6]];
        let mut sum = [0f32; 3];
        for (k, [dx, dy]) in RAYS.iter().enumerate() {
            let t = (k as f64 / 3.0 - 0.5) * self.px_per_mm;
            let at = [x + dx + t * self.motion_mm[0], y + dy + t * self.motion_mm[1]];
            let color = match eye.sees(self, at) {
                Some((place, on_card)) => self.reflectance(place, on_card, skin, papers),
                None => [0.02; 3],
            };
            let from_middle = [
                at[0] / self.px_per_mm - self.size_mm[0] / 2.0,
                at[1] / self.px_per_mm - self.size_mm[1] / 2.0,
            ];
            let slope = 1.0 + self.light_slope[0] * from_middle[0] + self.light_slope[1] * from_middle[1];
            let shade = self.shadow.map_or(1.0, |([a, b, c], dark)| {
                let t = ((a * from_middle[0] + b * from_middle[1] - c) / 2.0).clamp(-1.0, 1.0);
                1.0 - (1.0 - dark) * (0.5 + 0.5 * t)
            });
            for c in 0..3 {
                sum[c] += color[c] * (self.light[c] * slope.max(0.1) * shade) as f32 / 4.0;
            }
        }
        sum
    }

    fn reflectance(&self, place: [f64; 2], on_card: bool, skin: [f32; 3], papers: &[f32; 6]) -> [f32; 3] {
        let near_card = (-12.0..WIDTH_MM + 12.0).contains(&place[0]);
        let cover = if near_card { self.covers.iter().find(|c| c.covers(place)) } else { None };
        if let Some(cover) = cover {
            return cover.color;
        }
        if on_card && self.lies == Lies::Checker {
            return checked(place, &self.patches);
        }
        let seen = match self.lies {
            Lies::Card if on_card => Some(printed(place, papers)),
            Lies::Ruler(ruler) if on_card => ruler.at(place),
            _ => None,
        };
        if let Some(paper) = seen {
            return [paper; 3];
        }
        let tone = 1.0 + 0.06 * (0.23 * place[0]).sin() as f32 * (0.31 * place[1]).cos() as f32;
        if self.hair_at(place) { [0.03, 0.025, 0.02] } else { skin.map(|v| v * tone) }
    }

    /// Whether a short hair lies there: at most one in every cell of a millimetre's size, and within it.
    fn hair_at(&self, [x, y]: [f64; 2]) -> bool {
        let cell = 1.0 / self.hair_per_mm2.max(1.0).sqrt();
        let (cx, cy) = ((x / cell).floor(), (y / cell).floor());
        let h = mixed(self.seed, cx as i64, cy as i64);
        let part = |k: u32| ((h >> (12 * k)) & 0xfff) as f64 / 4096.0;
        if part(0) >= self.hair_per_mm2 {
            return false;
        }
        let root = [(cx + 0.1 + 0.3 * part(1)) * cell, (cy + 0.1 + 0.3 * part(2)) * cell];
        let (along, length) = (0.9 + 1.2 * (part(3) - 0.5), 0.5 * part(4) * cell + 0.1);
        let to = [root[0] + length * along.cos(), root[1] + length * along.sin()];
        is_near([x, y], root, to, 0.045)
    }

    fn developed(&self, channels: &[Grid; 3]) -> Photo {
        let [width, height] = self.size_px();
        let blurred: [Grid; 3] = std::array::from_fn(|c| gaussian_blur(&channels[c], 1.0));
        let space = RgbSpace::Srgb;
        let mut bytes = vec![0u8; 3 * width * height];
        bytes.par_chunks_exact_mut(3 * width).enumerate().for_each(|(y, row)| {
            let mut s = Seed(self.seed).stream("grain", y as u64);
            for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
                let k = y * width + x;
                for (c, out) in pixel.iter_mut().enumerate() {
                    let (v, soft) = (channels[c].samples[k], blurred[c].samples[k]);
                    let sharp = (v + self.sharpening * (v - soft)).max(0.0).powf(self.tone);
                    let encoded = f64::from(space.encoded_from_linear(sharp)) + self.noise * s.normal();
                    *out = (255.0 * encoded).round().clamp(0.0, 255.0) as u8;
                }
            }
        });
        let mut file = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut file, self.jpeg_quality);
        encoder
            .encode(&bytes, width as u16, height as u16, jpeg_encoder::ColorType::Rgb)
            .expect("a picture encodes");
        decode(&file, &DecodeLimits::ordinary()).expect("what was encoded decodes").value
    }
}

/// The camera in the card's frame.
struct Eye {
    at: Vector3<f64>,
    back: Matrix3<f64>,
    focal_px: f64,
    middle_px: [f64; 2],
}

impl Eye {
    fn of(shot: &Shot) -> Self {
        let back = shot.rotation().transpose();
        let [width, height] = shot.size_px();
        let at = back * -Vector3::new(shot.shift_mm[0], shot.shift_mm[1], shot.distance_mm);
        let focal_px = shot.px_per_mm * shot.distance_mm;
        Self { at, back, focal_px, middle_px: [width as f64 / 2.0, height as f64 / 2.0] }
    }

    /// Place on the surface, mm from the card's top left, and whether it is on the card.
    fn sees(&self, shot: &Shot, [u, v]: [f64; 2]) -> Option<([f64; 2], bool)> {
        let ray = Vector3::new(
            (u - self.middle_px[0]) / self.focal_px,
            (v - self.middle_px[1]) / self.focal_px,
            1.0,
        );
        let d = self.back * ray;
        let o = self.at;
        let in_card = |p: [f64; 2]| (0.0..WIDTH_MM).contains(&p[0]) && (0.0..HEIGHT_MM).contains(&p[1]);
        let shifted = |x: f64, y: f64| [x + WIDTH_MM / 2.0, y + HEIGHT_MM / 2.0];
        let on_plane = || {
            let t = -o.z / d.z;
            shifted(o.x + t * d.x, o.y + t * d.y)
        };
        let (place, may_be_card) = match shot.surface {
            Surface::Flat => (on_plane(), true),
            Surface::Bent { radius_mm, axis_deg } => {
                let (sin, cos) = axis_deg.to_radians().sin_cos();
                let (ob, db) = (o.y * cos - o.x * sin, d.y * cos - d.x * sin);
                let t = nearest(
                    ob * ob + (o.z - radius_mm).powi(2),
                    ob * db + (o.z - radius_mm) * d.z,
                    db * db + d.z * d.z,
                    radius_mm,
                )?;
                let across = radius_mm * (ob + t * db).atan2(radius_mm - o.z - t * d.z);
                let along = (o.x + t * d.x) * cos + (o.y + t * d.y) * sin;
                (shifted(along * cos - across * sin, along * sin + across * cos), true)
            }
            Surface::Tangent { radius_mm } => {
                if in_card(on_plane()) {
                    (on_plane(), true)
                } else {
                    let from = o - Vector3::new(0.0, 0.0, radius_mm);
                    let t = nearest(from.norm_squared(), from.dot(&d), d.norm_squared(), radius_mm)?;
                    let p = o + t * d;
                    let away = (p.x * p.x + p.y * p.y).sqrt().max(1e-9);
                    let arc = radius_mm * away.atan2(radius_mm - p.z);
                    (shifted(p.x / away * arc, p.y / away * arc), false)
                }
            }
        };
        Some((place, may_be_card && in_card(place)))
    }
}

/// The nearer of a ray's two meetings with a round body.
fn nearest(from_squared: f64, along: f64, length_squared: f64, radius: f64) -> Option<f64> {
    let inner = along * along - length_squared * (from_squared - radius * radius);
    (inner >= 0.0).then(|| (-along - inner.sqrt()) / length_squared)
}

/// Reflectance of the card as printed.
fn printed([x, y]: [f64; 2], papers: &[f32; 6]) -> f32 {
    if let Some(white) = fiducial_white_at(x, y) {
        return if white { 0.85 } else { 0.04 };
    }
    let inside = |g: &stipple_model::card::GrayPatch| {
        (g.left_mm..g.left_mm + g.width_mm).contains(&x) && (g.top_mm..g.top_mm + g.height_mm).contains(&y)
    };
    if let Some(k) = GRAYS.iter().position(inside) {
        return papers[k];
    }
    let along = x - RULER_LEFT_MM;
    let nearest = along.round();
    let length = if nearest % 10.0 == 0.0 {
        5.0
    } else if nearest % 5.0 == 0.0 {
        4.0
    } else {
        2.5
    };
    let on_ruler =
        (-0.1..RULER_LENGTH_MM + 0.1).contains(&along) && (RULER_TOP_MM..RULER_TOP_MM + length).contains(&y);
    if on_ruler && (along - nearest).abs() < 0.09 { 0.05 } else { 0.85 }
}

fn strand(s: &mut Stream, at: [f64; 2], along: f64, color: [f32; 3]) -> Cover {
    let along = along + 0.25 * s.normal();
    let half = s.between(4.0, 20.0);
    let (dx, dy) = (half * along.cos(), half * along.sin());
    let radius_mm = s.between(0.03, 0.06);
    Cover { from: [at[0] - dx, at[1] - dy], to: [at[0] + dx, at[1] + dy], radius_mm, color }
}

impl Cover {
    fn covers(&self, at: [f64; 2]) -> bool {
        is_near(at, self.from, self.to, self.radius_mm)
    }
}

/// Whether a place is nearer to a line between two others than some distance.
fn is_near(p: [f64; 2], a: [f64; 2], b: [f64; 2], away: f64) -> bool {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let (px, py) = (p[0] - a[0], p[1] - a[1]);
    let t = ((px * dx + py * dy) / (dx * dx + dy * dy).max(1e-12)).clamp(0.0, 1.0);
    (px - t * dx).powi(2) + (py - t * dy).powi(2) < away * away
}

/// 64 bits that look random for a seed and a cell (the finalizer of SplitMix64).
pub(crate) fn mixed(seed: u64, x: i64, y: i64) -> u64 {
    let mut h = seed
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add((x as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9))
        .wrapping_add((y as u64).wrapping_mul(0x94d0_49bb_1331_11eb));
    h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    h ^ (h >> 31)
}
