//! What several kinds of file share: measured numbers, colors, places and maps.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_color as color;
use stipple_quantity::{Estimate, PointInPhoto, ScalpFromPhoto};

use crate::error::Error;
use crate::format::number::{LAB, OUTLINE_PX, at_most, rounded, significant, within};

/// Farthest place from the picture's corner that a file may name, px.
const FARTHEST_PX: f64 = 1e6;
/// Most corners of an outline.
const CORNERS_MAX: usize = 100_000;
/// Most outlines of a file.
pub(crate) const OUTLINES_MAX: usize = 10_000;
/// Longest side of a photograph, px.
const SIDE_MAX_PX: usize = 100_000;

/// Size of a pixel on the scalp, µm.
const PITCH_UM: std::ops::RangeInclusive<f64> = 1.0..=5000.0;

/// A measured number with its standard uncertainty (one standard deviation), both in the unit that the
/// field's name tells.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Measured {
    /// Best value.
    pub value: f64,
    /// Standard uncertainty, zero or more.
    pub standard_uncertainty: f64,
}

/// CIE L*, a*, b* under D65, 2° observer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Lab(pub [f64; 3]);

/// A closed outline, as corners [x, y] in pixels of the upright photograph (x right, y down, pixel
/// centers at +0.5); the first corner is not repeated.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OutlinePx(pub Vec<[f64; 2]>);

/// Homography from photograph pixels to scalp millimetres: rows of a 3 × 3 matrix that acts on (x, y, 1).
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Homography(pub [[f64; 3]; 3]);

impl From<Estimate> for Measured {
    fn from(estimate: Estimate) -> Self {
        Self {
            value: significant(estimate.value),
            standard_uncertainty: significant(estimate.standard_uncertainty),
        }
    }
}

impl From<Measured> for Estimate {
    fn from(measured: Measured) -> Self {
        Self::new(measured.value, measured.standard_uncertainty)
    }
}

impl Measured {
    /// The estimate, if its value lies in a range and its uncertainty is not negative.
    pub(crate) fn into_estimate(
        self,
        field: &str,
        range: std::ops::RangeInclusive<f64>,
        unit: &str,
    ) -> Result<Estimate, Error> {
        let value = within("value", self.value, range, unit).map_err(|trouble| trouble.inside(field))?;
        let uncertainty = within("standard_uncertainty", self.standard_uncertainty, 0.0..=1e12, unit)
            .map_err(|trouble| trouble.inside(field))?;
        Ok(Estimate::new(value, uncertainty))
    }
}

/// The same for a number that could not always be measured.
pub(crate) fn maybe(
    field: &str,
    measured: Option<Measured>,
    range: std::ops::RangeInclusive<f64>,
    unit: &str,
) -> Result<Option<Estimate>, Error> {
    measured.map(|measured| measured.into_estimate(field, range, unit)).transpose()
}

impl From<color::Lab> for Lab {
    fn from(lab: color::Lab) -> Self {
        Self([lab.l, lab.a, lab.b].map(|value| rounded(value, LAB)))
    }
}

impl Lab {
    /// The color, if it could be one.
    pub(crate) fn into_model(self, field: &str) -> Result<color::Lab, Error> {
        let [l, a, b] = self.0;
        within(field, l, -20.0..=200.0, "L*")?;
        within(field, a, -300.0..=300.0, "a*")?;
        within(field, b, -300.0..=300.0, "b*")?;
        Ok(color::Lab::new(l, a, b))
    }
}

impl From<&[PointInPhoto]> for OutlinePx {
    fn from(outline: &[PointInPhoto]) -> Self {
        let corner = |p: &PointInPhoto| [rounded(p.x_px, OUTLINE_PX), rounded(p.y_px, OUTLINE_PX)];
        Self(outline.iter().map(corner).collect())
    }
}

impl OutlinePx {
    /// The outline, if it encloses something and is not absurd.
    pub(crate) fn into_model(self, field: &str) -> Result<Vec<PointInPhoto>, Error> {
        if self.0.len() < 3 {
            return Err(Error::field(field, format!("{} corners", self.0.len()), "at least 3 corners"));
        }
        self.into_line(field)
    }

    /// The places one after the other, if they are not absurd.
    pub(crate) fn into_line(self, field: &str) -> Result<Vec<PointInPhoto>, Error> {
        at_most(field, self.0, CORNERS_MAX)?.into_iter().map(|[x, y]| place(field, x, y)).collect()
    }
}

/// A place in the photograph, if it is not absurdly far from it.
pub(crate) fn place(field: &str, x_px: f64, y_px: f64) -> Result<PointInPhoto, Error> {
    within(field, x_px, -FARTHEST_PX..=FARTHEST_PX, "px")?;
    within(field, y_px, -FARTHEST_PX..=FARTHEST_PX, "px")?;
    Ok(PointInPhoto::new(x_px, y_px))
}

/// Size of a photograph in pixels, if it could be one.
pub(crate) fn photo_side(field: &str, side_px: usize) -> Result<usize, Error> {
    if (1..=SIDE_MAX_PX).contains(&side_px) {
        return Ok(side_px);
    }
    Err(Error::field(field, format!("{side_px} px"), format!("1 to {SIDE_MAX_PX} px")))
}

/// Size of a pixel on the scalp, if it could be one.
pub(crate) fn pixel_pitch(field: &str, pitch: Measured) -> Result<Estimate, Error> {
    pitch.into_estimate(field, PITCH_UM, "µm")
}

/// The gains of a photograph whose balance is believed.
pub(crate) fn no_gain() -> [f64; 3] {
    [1.0; 3]
}

/// Factors that make a photograph's colors those that were read, if light and cameras can explain them.
pub(crate) fn white_gain(field: &str, gain: [f64; 3]) -> Result<[f64; 3], Error> {
    gain.iter().try_for_each(|gain| within(field, *gain, 0.02..=50.0, "").map(|_| ()))?;
    Ok(gain)
}

impl From<ScalpFromPhoto> for Homography {
    fn from(map: ScalpFromPhoto) -> Self {
        Self(map.rows.map(|row| row.map(|value| value + 0.0)))
    }
}

impl Homography {
    /// The map, if it can be inverted, no pixel of the photograph lies beyond its horizon, and its pixels have
    /// a size that pixels can have.
    pub(crate) fn into_model(
        self,
        field: &str,
        width_px: usize,
        height_px: usize,
    ) -> Result<ScalpFromPhoto, Error> {
        let map = ScalpFromPhoto { rows: self.0 };
        let [p, q, r] = self.0[2];
        let (width, height) = (width_px as f64, height_px as f64);
        let corners = [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)];
        let depths = corners.map(|(x, y)| p * x + q * y + r);
        let one_side = depths.iter().all(|w| *w > 1e-12) || depths.iter().all(|w| *w < -1e-12);
        if !one_side || !map.is_usable() {
            let found =
                if one_side { "a map without inverse" } else { "a map with its horizon in the picture" };
            return Err(Error::field(field, found, "an invertible map of the whole photograph"));
        }
        let middle = PointInPhoto::new(width / 2.0, height / 2.0);
        within(field, map.pixel_pitch_um_at(middle), PITCH_UM, "µm a pixel")?;
        Ok(map)
    }
}
