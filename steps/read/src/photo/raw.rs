//! Camera RAW: demosaiced, balanced as the camera saw it, in the wide space.

use image::metadata::Orientation;
use nalgebra::{Matrix3, Vector3};
use rawler::RawImage;
use rawler::imgop::develop::{Intermediate, ProcessingStep, RawDevelop};
use rawler::imgop::xyz::Illuminant;
use rawler::rawsource::RawSource;
use rayon::prelude::*;
use stipple_color::{LinearRgb, RgbSpace};

use super::kind::Kind;
use super::{Behind, DecodeLimits, Decoded, Samples, Tagged, claims};
use crate::error::Error;

/// What decoding takes for each pixel: mosaic, its copy as f32, three colors as f32, the photograph.
pub(super) const BYTES_PER_PX: u64 = 32;
/// Lights that a camera's color matrix may be given for, best first.
const LIGHTS: [Illuminant; 5] =
    [Illuminant::D65, Illuminant::D55, Illuminant::D50, Illuminant::Daylight, Illuminant::A];

/// A camera RAW picture.
pub(super) fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<Decoded, Error> {
    let damaged = |_| Error::Damaged { found: Kind::Raw.damaged() };
    let unusual = Error::NotAPhotograph { found: Kind::Raw.unusual() };
    claims::require_possible(bytes, limits)?;
    let source = RawSource::new_from_slice(bytes);
    let outline = rawler::decode_dummy(&source).map_err(damaged)?;
    limits.admit(outline.width as u64, outline.height as u64, BYTES_PER_PX)?;
    let raw = rawler::decode(&source, &Default::default()).map_err(damaged)?;
    let steps = [
        ProcessingStep::Rescale,
        ProcessingStep::Demosaic,
        ProcessingStep::FujiRotate,
        ProcessingStep::CropActiveArea,
        ProcessingStep::CropDefault,
    ];
    let developed = RawDevelop::new_with(&steps).develop_intermediate(&raw).map_err(damaged)?;
    let Intermediate::ThreeColor(pixels) = developed else { return Err(unusual) };
    let matrix = rec2020_from_camera(&raw);
    let space = if matrix.is_some() { RgbSpace::Rec2020 } else { RgbSpace::Srgb };
    let (matrix, gain) = (matrix.unwrap_or_else(Matrix3::identity), camera_balance(&raw));
    let code = |linear: f32| (space.encoded_from_linear(linear.clamp(0.0, 1.0)) * 65_535.0).round() as u16;
    let mut codes = vec![0u16; 3 * pixels.data.len()];
    codes.par_chunks_exact_mut(3).zip(&pixels.data).for_each(|(out, camera)| {
        // because a clipped channel must not turn white into magenta
        let balanced = Vector3::from_fn(|c, _| (camera[c] * gain[c]).min(1.0));
        out.copy_from_slice(&(matrix * balanced).map(code).data.0[0]);
    });
    Ok(Decoded {
        width: pixels.width,
        height: pixels.height,
        channels: 3,
        samples: Samples::Wide { codes, full: u16::MAX },
        orientation: Orientation::from_exif(raw.orientation.to_u16().min(255) as u8)
            .unwrap_or(Orientation::NoTransforms),
        behind: Behind::White,
        color: if space == RgbSpace::Rec2020 { Tagged::Space(space) } else { Tagged::Unstated },
        caveats: Vec::new(),
    })
}

/// The camera's own white balance: gains of at least 1, so that what is clipped stays white.
fn camera_balance(raw: &RawImage) -> [f32; 3] {
    let [r, g, b, _] = raw.wb_coeffs;
    let least = r.min(g).min(b);
    if least.is_finite() && least > 0.0 { [r / least, g / least, b / least] } else { [1.0; 3] }
}

/// Balanced camera colors to linear Rec. 2020: white stays white, the rest follows the camera's matrix.
fn rec2020_from_camera(raw: &RawImage) -> Option<Matrix3<f32>> {
    let (_, camera_from_xyz) = raw.color_matrix_find_first(LIGHTS)?;
    if camera_from_xyz.len() != 9 {
        return None;
    }
    let xyz_from_rec2020 = Matrix3::from_columns(&[0, 1, 2].map(|c| {
        let mut rgb = [0.0; 3];
        rgb[c] = 1.0;
        let xyz = RgbSpace::Rec2020.xyz_from_linear(LinearRgb { rgb });
        Vector3::new(xyz.x as f32, xyz.y as f32, xyz.z as f32)
    }));
    let mut camera_from_rec2020 = Matrix3::from_row_slice(&camera_from_xyz) * xyz_from_rec2020;
    for mut row in camera_from_rec2020.row_iter_mut() {
        let sum = row.sum();
        if sum.abs() < 1e-6 {
            return None;
        }
        row /= sum;
    }
    camera_from_rec2020.try_inverse()
}
