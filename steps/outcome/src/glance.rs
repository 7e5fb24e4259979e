//! Whether two small pictures are of one exposure, stored anew, made smaller, lighter or flatter; not where one was cut or turned.

use stipple_model::Photo;

/// Samples along the longer side.
const SIDE: usize = 128;
/// Half the side of the square whose mean is taken away, samples: what is left are hairs and edges, not light.
const AROUND: usize = 3;
/// By how many samples one may lie beside the other.
const BESIDE: isize = 2;
/// Correlation from which two are of one exposure. Copies at half contrast, half size and JPEG quality 50 agree to 0.90; two
/// exposures of one scalp to 0.03 (`tests/src/outcome.rs` prints both).
const AGREES: f64 = 0.8;

/// What a glance at a photograph shows: fine contrast on few samples.
#[derive(Clone, Debug)]
pub struct Glance {
    width: usize,
    height: usize,
    samples: Vec<f64>,
}

impl Glance {
    /// Of a photograph of any size; none of one that is plain, or thinner than a few samples.
    pub fn of(photo: &Photo) -> Option<Self> {
        let longer = photo.width_px.max(photo.height_px);
        let samples = |px: usize| (px * SIDE + longer / 2) / longer;
        let (width, height) = (samples(photo.width_px), samples(photo.height_px));
        if width.min(height) <= 2 * AROUND || photo.width_px.min(photo.height_px) < width.min(height) {
            return None;
        }
        let light = shrunk(photo, width, height);
        let samples = without_light(&light, width, height);
        samples.iter().any(|sample| sample.abs() > f64::EPSILON).then_some(Self { width, height, samples })
    }

    /// Whether both are of one exposure.
    pub fn is_of_same_exposure(&self, other: &Self) -> bool {
        self.agreement(other) > AGREES
    }

    /// Correlation where they lie best on one another, −1 to 1; 0 for pictures of other shapes.
    pub fn agreement(&self, other: &Self) -> f64 {
        if self.width.abs_diff(other.width) > 1 || self.height.abs_diff(other.height) > 1 {
            return 0.0;
        }
        let shifts = -BESIDE..=BESIDE;
        let all = shifts.clone().flat_map(|dx| shifts.clone().map(move |dy| (dx, dy)));
        all.map(|shift| self.at_shift(other, shift)).fold(-1.0, f64::max)
    }

    fn at_shift(&self, other: &Self, (dx, dy): (isize, isize)) -> f64 {
        let (width, height) = (self.width.min(other.width), self.height.min(other.height));
        let (mut both, mut one, mut two) = (0.0, 0.0, 0.0);
        for y in 0..height {
            for x in 0..width {
                let (Some(u), Some(v)) = (x.checked_add_signed(dx), y.checked_add_signed(dy)) else {
                    continue;
                };
                if u < width && v < height {
                    let (a, b) = (self.samples[y * self.width + x], other.samples[v * other.width + u]);
                    both += a * b;
                    one += a * a;
                    two += b * b;
                }
            }
        }
        if one * two > 0.0 { both / (one * two).sqrt() } else { 0.0 }
    }
}

/// Mean light on a grid of samples.
fn shrunk(photo: &Photo, width: usize, height: usize) -> Vec<f64> {
    let (mut sums, mut counts) = (vec![0.0; width * height], vec![0.0; width * height]);
    for (k, rgb) in photo.codes.chunks_exact(3).enumerate() {
        let (x, y) = (k % photo.width_px, k / photo.width_px);
        let at = y * height / photo.height_px * width + x * width / photo.width_px;
        sums[at] += rgb.iter().map(|code| f64::from(*code)).sum::<f64>();
        counts[at] += 1.0;
    }
    sums.iter().zip(&counts).map(|(sum, count)| if *count > 0.0 { sum / count } else { 0.0 }).collect()
}

/// Each sample less the mean of those around.
fn without_light(light: &[f64], width: usize, height: usize) -> Vec<f64> {
    let mut fine = Vec::with_capacity(light.len());
    for y in 0..height {
        for x in 0..width {
            let rows = y.saturating_sub(AROUND)..(y + AROUND + 1).min(height);
            let columns = x.saturating_sub(AROUND)..(x + AROUND + 1).min(width);
            let count = (rows.len() * columns.len()) as f64;
            let around: f64 = rows.flat_map(|row| &light[row * width..][columns.clone()]).sum();
            fine.push(light[y * width + x] - around / count);
        }
    }
    fine
}
