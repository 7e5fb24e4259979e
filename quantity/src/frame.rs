//! Where something is: the photograph, the scalp, and the map between them.

/// A place in the upright photograph: pixels, origin top left, x right, y down, centers at +0.5.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointInPhoto {
    /// Pixels from the left edge.
    pub x_px: f64,
    /// Pixels from the top edge.
    pub y_px: f64,
}

/// A place on the flattened zone of the scalp: millimetres, x right, y down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointInScalp {
    /// Millimetres to the right.
    pub x_mm: f64,
    /// Millimetres down.
    pub y_mm: f64,
}

impl PointInPhoto {
    /// A place in the photograph, in pixels.
    pub fn new(x_px: f64, y_px: f64) -> Self {
        Self { x_px, y_px }
    }
}

impl PointInScalp {
    /// A place on the scalp, in millimetres.
    pub fn new(x_mm: f64, y_mm: f64) -> Self {
        Self { x_mm, y_mm }
    }

    /// Straight distance to another place, mm.
    pub fn distance_mm(&self, other: &Self) -> f64 {
        (self.x_mm - other.x_mm).hypot(self.y_mm - other.y_mm)
    }
}

/// Plane homography that takes photograph pixels to scalp millimetres.
///
/// Without a card it is a pure scaling by the pixel pitch; with the card it also undoes the tilt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScalpFromPhoto {
    /// Row-major 3 × 3, `[row][column]`, acting on `(x_px, y_px, 1)`.
    pub rows: [[f64; 3]; 3],
}

impl ScalpFromPhoto {
    /// A picture taken square-on: one pixel is `pixel_pitch_um` wide everywhere.
    pub fn from_pixel_pitch_um(pixel_pitch_um: f64) -> Self {
        let mm = pixel_pitch_um / 1000.0;
        Self { rows: [[mm, 0.0, 0.0], [0.0, mm, 0.0], [0.0, 0.0, 1.0]] }
    }

    /// The place on the scalp seen at a place in the photograph.
    pub fn apply(&self, p: PointInPhoto) -> PointInScalp {
        let [x, y] = project(&self.rows, p.x_px, p.y_px);
        PointInScalp::new(x, y)
    }

    /// The place in the photograph where a place on the scalp is seen.
    ///
    /// # Panics
    /// If the homography has no inverse; [`Self::is_usable`] tells beforehand.
    pub fn photo_from_scalp(&self, p: PointInScalp) -> PointInPhoto {
        let inverse = inverse(&self.rows).expect("a usable homography has an inverse");
        let [x, y] = project(&inverse, p.x_mm, p.y_mm);
        PointInPhoto::new(x, y)
    }

    /// Area on the scalp covered by one pixel at a place, mm².
    pub fn pixel_area_mm2_at(&self, p: PointInPhoto) -> f64 {
        let h = 0.5;
        let at = |dx: f64, dy: f64| self.apply(PointInPhoto::new(p.x_px + dx, p.y_px + dy));
        let (left, right, up, down) = (at(-h, 0.0), at(h, 0.0), at(0.0, -h), at(0.0, h));
        let (ax, ay) = (right.x_mm - left.x_mm, right.y_mm - left.y_mm);
        let (bx, by) = (down.x_mm - up.x_mm, down.y_mm - up.y_mm);
        (ax * by - ay * bx).abs()
    }

    /// Pixel pitch at a place, µm: the side of a square of the pixel's area.
    pub fn pixel_pitch_um_at(&self, p: PointInPhoto) -> f64 {
        1000.0 * self.pixel_area_mm2_at(p).sqrt()
    }

    /// Whether it is finite and can be inverted.
    pub fn is_usable(&self) -> bool {
        self.rows.iter().flatten().all(|v| v.is_finite()) && inverse(&self.rows).is_some()
    }
}

fn project(m: &[[f64; 3]; 3], x: f64, y: f64) -> [f64; 2] {
    let row = |r: &[f64; 3]| r[0] * x + r[1] * y + r[2];
    let w = row(&m[2]);
    [row(&m[0]) / w, row(&m[1]) / w]
}

fn inverse(m: &[[f64; 3]; 3]) -> Option<[[f64; 3]; 3]> {
    let cofactor = |r: usize, c: usize| {
        let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
    };
    let determinant: f64 = (0..3).map(|c| m[0][c] * cofactor(0, c)).sum();
    if !determinant.is_finite() || determinant.abs() < 1e-30 {
        return None;
    }
    Some(std::array::from_fn(|r| std::array::from_fn(|c| cofactor(c, r) / determinant)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_and_its_inverse_meet() {
        let map = ScalpFromPhoto { rows: [[0.05, 0.002, 1.0], [-0.003, 0.06, 2.0], [1e-5, -2e-5, 1.0]] };
        let there = map.apply(PointInPhoto::new(812.25, 77.5));
        let back = map.photo_from_scalp(there);
        assert!((back.x_px - 812.25).abs() < 1e-9 && (back.y_px - 77.5).abs() < 1e-9);
    }

    #[test]
    fn pitch_of_a_square_on_picture_is_the_same_everywhere() {
        let map = ScalpFromPhoto::from_pixel_pitch_um(83.0);
        assert!((map.pixel_pitch_um_at(PointInPhoto::new(3000.0, 9.0)) - 83.0).abs() < 1e-6);
    }
}
