//! The two photographs as pictures of one piece of scalp, and what differs between them.

use stipple_color::{Lab, LinearRgb, RgbSpace, Xyz};
use stipple_model::{BeforeAfter, BitDepth, Laid, Overlay, Photo};
use stipple_quantity::PointInPhoto;
use stipple_raster::masked::blur_inside;
use stipple_raster::region::{outline, regions};
use stipple_raster::simplify::simplify_outline;
use stipple_raster::{Grid, Mask};

use crate::frame::{Frame, Planes};
use crate::plane::Plane;

/// Single hairs differ wherever they moved: lightness is compared over this, mm (standard deviation).
const SMOOTHED_MM: f64 = 0.5;
/// Difference of lightness that gets the strongest color, L*.
const STRONGEST: f32 = 15.0;
/// Colors of no difference, and of the strongest: darker after, lighter after (sRGB).
const SAME: [f32; 3] = [238.0, 238.0, 236.0];
/// See [`SAME`].
const DARKER: [f32; 3] = [24.0, 78.0, 119.0];
/// See [`SAME`].
const LIGHTER: [f32; 3] = [201.0, 92.0, 28.0];
/// What neither photograph shows.
const UNKNOWN: [f32; 3] = [128.0, 128.0, 128.0];
/// Corners of an outline are left out where it strays less than this, pixels.
const OUTLINE_PX: f64 = 0.7;

pub(crate) fn laid(frame: &Frame, planes: &BeforeAfter<Planes>) -> Laid {
    let scar_outlines = regions(&frame.scar).into_iter().map(|region| {
        let corners = simplify_outline(&outline(&region, frame.width, frame.height), OUTLINE_PX);
        corners.into_iter().map(|(x, y)| PointInPhoto::new(x, y)).collect()
    });
    Laid {
        photos: planes.of(|planes| photo(planes, frame)),
        difference: difference(planes, frame),
        mm_per_px: frame.mm_per_px,
        scar_outlines: scar_outlines.collect(),
        scar_shown: frame.shown_share().min(1.0),
        scalp: frame.zone.clone(),
    }
}

/// The plane light as an sRGB picture; black where the photograph shows nothing.
fn photo(planes: &Planes, frame: &Frame) -> Photo {
    let pixels = 0..frame.width * frame.height;
    let codes = pixels.flat_map(|k| {
        let srgb =
            RgbSpace::Srgb.linear_from_xyz(planes.space.xyz_from_linear(LinearRgb { rgb: planes.rgb(k) }));
        srgb.rgb.map(|light| {
            let encoded = RgbSpace::Srgb.encoded_from_linear(light.clamp(0.0, 1.0)).clamp(0.0, 1.0);
            // Eight bits are all that a figure shows.
            (encoded * 255.0).round() as u16 * 257
        })
    });
    Photo::new(frame.width, frame.height, RgbSpace::Srgb, BitDepth::Eight, codes.collect())
}

/// Where it got darker and where lighter, as against the skin around the scar: how light falls slowly over all of it is
/// taken out.
fn difference(planes: &BeforeAfter<Planes>, frame: &Frame) -> Overlay {
    let lightness = planes.of(|planes| lightness(planes, frame));
    let (width, height) = (frame.width, frame.height);
    let off = Grid::computed(width, height, |k| lightness.after.samples[k] - lightness.before.samples[k]);
    let Mask { samples: zone, .. } = &frame.zone;
    let around = Grid::computed(width, height, |k| f32::from(u8::from(zone[k] && !frame.scar.samples[k])));
    let light = Plane::through(&off, &around);
    let color = |k: usize| {
        let change = off.samples[k] - light.at(k, width, height) as f32;
        let strength = (change / STRONGEST).clamp(-1.0, 1.0);
        let toward = if strength < 0.0 { DARKER } else { LIGHTER };
        let mixed: [f32; 3] = std::array::from_fn(|c| SAME[c] + strength.abs() * (toward[c] - SAME[c]));
        if zone[k] { mixed } else { UNKNOWN }
    };
    let codes = (0..width * height).flat_map(|k| color(k).map(|code| code.round() as u16 * 257));
    Overlay { width_px: width, height_px: height, codes: codes.collect() }
}

/// L* of light that is smoothed first: that is how light runs together.
fn lightness(planes: &Planes, frame: &Frame) -> Grid {
    let weights = planes.space.luminance_weights();
    let light = Grid::computed(frame.width, frame.height, |k| {
        planes.rgb(k).iter().zip(weights).map(|(light, weight)| light * weight).sum()
    });
    let smooth = blur_inside(&light, &frame.zone, (SMOOTHED_MM / frame.mm_per_px) as f32, 0.0);
    Grid::computed(frame.width, frame.height, |k| {
        Lab::from(Xyz { x: 0.0, y: f64::from(smooth.samples[k].max(0.0)), z: 0.0 }).l as f32
    })
}
