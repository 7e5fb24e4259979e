//! Bare skin: its color, its mottling, its relief and its shine.

use rayon::prelude::*;

use stipple_color::LinearRgb;
use stipple_quantity::Seed;
use stipple_raster::{Grid, filter};

use crate::field::Layers;
use crate::hair::Strand;
use crate::options::{SynthOptions, Zone};
use crate::paint::Picture;
use crate::scar::{Scars, Surface};

/// How much melanin darkens R, G, B, per unit of its darkening in green (about λ^−3.3).
pub(crate) const MELANIN: [f32; 3] = [0.62, 1.0, 1.55];
/// How much blood darkens R, G, B, per unit of its darkening in green (bands at 540–576 nm).
pub(crate) const BLOOD: [f32; 3] = [0.12, 1.0, 0.78];

/// Mottling by melanin: feature in mm, standard deviation of its darkening in green.
const MELANIN_LAYERS: [(f64, f32); 4] = [(50.0, 0.022), (14.0, 0.022), (4.0, 0.026), (1.3, 0.022)];
/// Mottling by blood.
const BLOOD_LAYERS: [(f64, f32); 4] = [(38.0, 0.024), (11.0, 0.022), (3.4, 0.026), (1.0, 0.022)];
/// Mottling without color (thickness, dryness): feature in mm, standard deviation of the darkening.
const TONE_LAYERS: [(f64, f32); 2] = [(8.0, 0.026), (2.4, 0.034)];
/// Unevenness of a scar's color, as a share of its difference to the skin around.
const PATCHINESS_LAYERS: [(f64, f32); 2] = [(5.0, 0.20), (1.5, 0.16)];
/// Softness of a scar's edge, mm.
const SCAR_EDGE_MM: f64 = 0.22;
/// Furrows of the skin's relief: feature in mm, height in mm.
const FURROW_LAYERS: [(f64, f32); 2] = [(0.85, 0.016), (0.42, 0.008)];
/// Cords that net a burn's scar: feature in mm; their height is the scar's.
const WEB_LAYERS: [(f64, f32); 1] = [(3.2, 1.0)];
/// Slow bumps under them.
const BUMP_LAYERS: [(f64, f32); 2] = [(9.0, 0.14), (2.6, 0.028)];

/// Where light comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LightCourse {
    /// Direction on the picture toward the light, length 1.
    pub(crate) from: (f64, f64),
    /// Where skin that lies flat would mirror the light, in picture widths from the top left.
    mirror: (f64, f64),
}

impl LightCourse {
    /// Draws a light.
    pub(crate) fn drawn(seed: Seed) -> Self {
        let mut draw = seed.stream("synth.light", 0);
        let angle = draw.between(-2.6f64, -0.5);
        let from = (angle.cos(), angle.sin());
        let mirror = (0.5 + 0.5 * from.0 + draw.between(-0.15, 0.15), 0.4 + 0.5 * from.1);
        Self { from, mirror }
    }
}

/// Bare skin with its scars, in linear light.
pub(crate) struct Skin {
    zone: Zone,
    base: LinearRgb,
    light: LightCourse,
    melanin: Layers,
    blood: Layers,
    tone: Layers,
    /// How unevenly a scar took its color.
    patchiness: Layers,
    /// Height of the surface, mm.
    height: Grid,
    /// Share of scar in every pixel, softened as skin softens edges.
    scarred: Grid,
    scar_darkening: [f32; 3],
    surface: Surface,
    hair_veil: Grid,
}

impl Skin {
    /// Prepares the fields.
    pub(crate) fn new(
        options: &SynthOptions,
        base: LinearRgb,
        light: LightCourse,
        scars: &Scars,
        strands: &[Strand],
    ) -> Self {
        let zone = options.zone();
        let scarred = softened(scars, zone);
        Self {
            zone,
            base,
            light,
            melanin: Layers::new(options.seed, "synth.melanin", &MELANIN_LAYERS, zone),
            blood: Layers::new(options.seed, "synth.blood", &BLOOD_LAYERS, zone),
            tone: Layers::new(options.seed, "synth.tone", &TONE_LAYERS, zone),
            patchiness: Layers::new(options.seed, "synth.patchiness", &PATCHINESS_LAYERS, zone),
            height: relief(options.seed, zone, (&scarred, scars.surface)),
            scarred,
            scar_darkening: scars.darkening,
            surface: scars.surface,
            hair_veil: hair_veil(zone, strands),
        }
    }

    /// Paints it.
    pub(crate) fn paint(&self) -> Picture {
        let width = self.zone.width_px;
        let mut pixels = vec![[0.0f32; 3]; width * self.zone.height_px];
        pixels.par_chunks_mut(width).enumerate().for_each_init(
            || [(); 5].map(|()| vec![0.0f32; width]),
            |[melanin, blood, tone, patchiness, scratch], (y, row)| {
                self.melanin.row(y, scratch, melanin);
                self.blood.row(y, scratch, blood);
                self.tone.row(y, scratch, tone);
                if self.scarred.row(y).iter().any(|scar| *scar > 0.0) {
                    self.patchiness.row(y, scratch, patchiness);
                }
                for (x, pixel) in row.iter_mut().enumerate() {
                    let mottling = Mottling {
                        melanin: melanin[x],
                        blood: blood[x],
                        tone: tone[x],
                        patchiness: patchiness[x],
                    };
                    *pixel = self.pixel(x, y, mottling);
                }
            },
        );
        Picture { width, pixels }
    }

    fn pixel(&self, x: usize, y: usize, mottling: Mottling) -> [f32; 3] {
        let scar = self.scarred.at(x, y);
        let tinted = scar * (1.0 + self.surface.patchiness * mottling.patchiness);
        // Scar skin is more even than the skin around.
        let even = 1.0 - 0.5 * scar;
        let (melanin, blood, tone) = (mottling.melanin * even, mottling.blood * even, mottling.tone * even);
        let veil = self.veil(x, y);
        let (across, down) = self.slope(x, y);
        let toward = across * self.light.from.0 as f32 + down * self.light.from.1 as f32;
        // Height rises toward the light: that side is turned away from it.
        let shading = (-0.8 * toward).clamp(-0.3, 0.3);
        let shine = self.shine(x, y, across, down) * (1.0 + (1.6 * self.surface.shine - 1.0) * scar);
        std::array::from_fn(|c| {
            let darkening = melanin * MELANIN[c]
                + blood * BLOOD[c]
                + tinted * self.scar_darkening[c]
                + veil * VEIL[c]
                + tone
                - shading;
            self.base.rgb[c] * (-darkening).exp() + shine
        })
    }

    /// Slope of the surface at a pixel.
    #[inline]
    fn slope(&self, x: usize, y: usize) -> (f32, f32) {
        let (right, below) = ((x + 1).min(self.zone.width_px - 1), (y + 1).min(self.zone.height_px - 1));
        let (left, above) = (x.saturating_sub(1), y.saturating_sub(1));
        let half = self.zone.px_per_mm as f32 / 2.0;
        (
            (self.height.at(right, y) - self.height.at(left, y)) * half,
            (self.height.at(x, below) - self.height.at(x, above)) * half,
        )
    }

    /// Light mirrored by the skin's oily surface where it is turned the right way.
    #[inline]
    fn shine(&self, x: usize, y: usize, across: f32, down: f32) -> f32 {
        const TURN: f64 = 0.55;
        const ROUGHNESS: f32 = 0.10;
        let unit = self.zone.width_px as f64;
        let wanted = (
            (TURN * (self.light.mirror.0 - x as f64 / unit)) as f32,
            (TURN * (self.light.mirror.1 - y as f64 / unit)) as f32,
        );
        let squared = (across - wanted.0).powi(2) + (down - wanted.1).powi(2);
        let ratio = squared / (2.0 * ROUGHNESS * ROUGHNESS);
        if ratio > 9.0 { 0.0 } else { 0.06 * (-ratio).exp() }
    }

    /// Darkening by light that hairs around have swallowed within the skin.
    #[inline]
    fn veil(&self, x: usize, y: usize) -> f32 {
        let at = |k: usize| (k as f64 + 0.5) / self.zone.px_per_mm / VEIL_CELL_MM;
        self.hair_veil.sample(at(x), at(y))
    }
}

/// The mottling's fields at one pixel.
struct Mottling {
    melanin: f32,
    blood: f32,
    tone: f32,
    patchiness: f32,
}

/// Share of scar in every pixel with the soft edge that skin gives it.
fn softened(scars: &Scars, zone: Zone) -> Grid {
    let samples = scars.mask.samples.iter().map(|inside| if *inside { 1.0 } else { 0.0 }).collect();
    let hard = Grid::from_samples(zone.width_px, zone.height_px, samples);
    filter::gaussian_blur(&hard, (SCAR_EDGE_MM * zone.px_per_mm) as f32)
}

/// The surface's height, mm: furrows, bumps, and scars a little sunken and smooth.
fn relief(seed: Seed, zone: Zone, (scarred, surface): (&Grid, Surface)) -> Grid {
    let furrows: Vec<Layers> = FURROW_LAYERS
        .iter()
        .enumerate()
        .map(|(k, layer)| Layers::new(seed, &format!("synth.furrow-{k}"), &[*layer], zone))
        .collect();
    let bumps = Layers::new(seed, "synth.bump", &BUMP_LAYERS, zone);
    let web = Layers::new(seed, "synth.web", &WEB_LAYERS, zone);
    let rough = seed.stream("synth.roughness", 0).between(0.3, 1.1) as f32;
    let width = zone.width_px;
    let mut samples = vec![0.0f32; width * zone.height_px];
    samples.par_chunks_mut(width).enumerate().for_each_init(
        || [vec![0.0f32; width], vec![0.0f32; width]],
        |[scratch, layer], (y, out)| {
            bumps.row(y, scratch, out);
            let scar = scarred.row(y);
            for furrow in &furrows {
                furrow.row(y, scratch, layer);
                for ((height, value), scar) in out.iter_mut().zip(layer.iter()).zip(scar) {
                    // Where the field crosses zero runs a furrow: together they net the skin.
                    *height += rough * value.abs() * (1.0 - 0.8 * scar);
                }
            }
            out.iter_mut().zip(scar).for_each(|(height, scar)| *height -= 0.05 * scar);
            if surface.web_mm > 0.0 {
                web.row(y, scratch, layer);
                for ((height, value), scar) in out.iter_mut().zip(layer.iter()).zip(scar) {
                    *height += scar * surface.web_mm * (-value.abs()).exp();
                }
            }
        },
    );
    Grid::from_samples(width, zone.height_px, samples)
}

/// What the hair's veil darkens: red a little more than blue.
const VEIL: [f32; 3] = [1.0, 0.97, 0.86];
/// Side of a cell of the veil's grid, mm.
const VEIL_CELL_MM: f64 = 0.25;
/// How far light wanders in skin, mm.
const WANDER_MM: f64 = 0.42;
/// Darkening by 146 black hairs of 75 µm a cm².
const FULL_VEIL: f32 = 0.10;

/// How much the hairs around darken the skin between them.
fn hair_veil(zone: Zone, strands: &[Strand]) -> Grid {
    let cells = |mm: f64| (mm / VEIL_CELL_MM).ceil() as usize + 1;
    let (columns, rows) = (cells(zone.width_mm()), cells(zone.height_mm()));
    let mut sum = Grid::filled(columns, rows, 0.0);
    let one = FULL_VEIL / (146.0 * (VEIL_CELL_MM * VEIL_CELL_MM / 100.0) as f32);
    for strand in strands.iter().filter(|strand| zone.shows(strand.root())) {
        let cell = |mm: f64, n: usize| ((mm / VEIL_CELL_MM).max(0.0) as usize).min(n - 1);
        let k = cell(strand.root().1, rows) * columns + cell(strand.root().0, columns);
        sum.samples[k] += one * strand.darkness * (strand.diameter_mm / 0.075) as f32;
    }
    filter::gaussian_blur(&sum, (WANDER_MM / VEIL_CELL_MM) as f32)
}
