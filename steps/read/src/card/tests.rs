use nalgebra::{Matrix3, Rotation3, Vector3};
use stipple_color::{Lab, RgbSpace};
use stipple_model::BitDepth;
use stipple_model::card::fiducial_white_at;
use stipple_quantity::{PointInScalp, Seed, Stream};

use super::*;
use crate::white::White;

/// How a card is photographed.
#[derive(Clone, Copy, Debug)]
struct Shot {
    px_per_mm: f64,
    turn_deg: f64,
    tilt_deg: f64,
    tilt_toward_deg: f64,
    blur_px: f64,
    noise: f64,
    light: [f64; 3],
    /// Fiducials with a thumb on them.
    covered: [bool; 4],
    seed: u64,
}

impl Shot {
    fn flat(px_per_mm: f64) -> Self {
        Self {
            px_per_mm,
            turn_deg: 7.0,
            tilt_deg: 0.0,
            tilt_toward_deg: 0.0,
            blur_px: 0.8,
            noise: 0.01,
            light: [0.8; 3],
            covered: [false; 4],
            seed: 1,
        }
    }

    fn size_px(&self) -> (usize, usize) {
        ((108.0 * self.px_per_mm) as usize, (106.0 * self.px_per_mm) as usize)
    }

    /// Millimetres from the card's middle to pixels; the camera stands 300 mm away.
    fn photo_from_card(&self) -> Matrix3<f64> {
        let (width, height) = self.size_px();
        let toward = self.tilt_toward_deg.to_radians();
        let tilt = Rotation3::new(Vector3::new(toward.cos(), toward.sin(), 0.0) * self.tilt_deg.to_radians());
        let turn = Rotation3::from_axis_angle(&Vector3::z_axis(), self.turn_deg.to_radians());
        let r = (tilt * turn).into_inner();
        let pose =
            Matrix3::from_columns(&[r.column(0).into(), r.column(1).into(), Vector3::new(0.0, 0.0, 300.0)]);
        let focal = 300.0 * self.px_per_mm;
        let camera =
            Matrix3::new(focal, 0.0, width as f64 / 2.0, 0.0, focal, height as f64 / 2.0, 0.0, 0.0, 1.0);
        camera * pose
    }

    fn pitch_um(&self) -> f64 {
        1000.0 / self.px_per_mm
    }

    fn take(&self) -> Photo {
        let (width, height) = self.size_px();
        let card_from_photo = self.photo_from_card().try_inverse().expect("a camera sees a plane");
        let papers = GRAYS.map(|g| g.nominal_l).map(luminance);
        let mut light: Vec<f32> = vec![0.0; width * height];
        light.par_iter_mut().enumerate().for_each(|(k, value)| {
            // Four samples a pixel.
            for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                let pixel = Vector3::new((k % width) as f64 + dx, (k / width) as f64 + dy, 1.0);
                let seen = card_from_photo * pixel;
                let (x, y) = (seen.x / seen.z + WIDTH_MM / 2.0, seen.y / seen.z + HEIGHT_MM / 2.0);
                *value += self.reflectance(x, y, &papers) as f32 / 4.0;
            }
        });
        let grid = stipple_raster::Grid::from_samples(width, height, light);
        let blurred = stipple_raster::filter::gaussian_blur(&grid, self.blur_px as f32);
        let space = RgbSpace::Srgb;
        let mut codes = vec![0u16; 3 * width * height];
        let rows = codes.par_chunks_exact_mut(3 * width).zip(blurred.samples.par_chunks_exact(width));
        rows.enumerate().for_each(|(y, (out, row))| {
            let mut stream = Seed(self.seed).stream("shot", y as u64);
            for (pixel, value) in out.chunks_exact_mut(3).zip(row) {
                let noise = self.noise * stream.normal();
                for (code, light) in pixel.iter_mut().zip(self.light) {
                    let encoded = space.encoded_from_linear((f64::from(*value) * light) as f32);
                    *code = 257 * (255.0 * (f64::from(encoded) + noise)).round().clamp(0.0, 255.0) as u16;
                }
            }
        });
        Photo::new(width, height, space, BitDepth::Eight, codes)
    }

    /// Linear reflectance at a place, mm from the card's top left; skin around the card.
    fn reflectance(&self, x: f64, y: f64, papers: &[f64; 6]) -> f64 {
        if !(0.0..WIDTH_MM).contains(&x) || !(0.0..HEIGHT_MM).contains(&y) {
            return 0.35 + 0.05 * (1.3 * x).sin() * (0.9 * y).cos();
        }
        for (index, fiducial) in FIDUCIALS.iter().enumerate() {
            let away = (x - fiducial.left_mm - 7.0).hypot(y - fiducial.top_mm - 2.0);
            if self.covered[index] && away < 8.0 {
                return 0.3;
            }
        }
        if let Some(white) = fiducial_white_at(x, y) {
            return if white { 0.85 } else { 0.04 };
        }
        let inside = |g: &GrayPatch| {
            (g.left_mm..g.left_mm + g.width_mm).contains(&x)
                && (g.top_mm..g.top_mm + g.height_mm).contains(&y)
        };
        GRAYS.iter().position(inside).map_or(0.9, |k| papers[k])
    }
}

/// Luminance of a gray.
fn luminance(l: f64) -> f64 {
    stipple_color::Xyz::from(Lab::new(l, 0.0, 0.0)).y
}

fn found(shot: &Shot) -> Qualified<Card> {
    let Qualified { value, caveats } = find(&shot.take());
    Qualified::new(value.unwrap_or_else(|| panic!("no card found in {shot:?}")), caveats)
}

/// Pitch found over the true one, minus 1, at the card's middle.
fn pitch_error(shot: &Shot, card: &Card) -> f64 {
    let (width, height) = shot.size_px();
    let middle = PointInPhoto::new(width as f64 / 2.0, height as f64 / 2.0);
    card.scalp_from_photo.pixel_pitch_um_at(middle)
        / (shot.pitch_um() / shot.tilt_deg.to_radians().cos().sqrt())
        - 1.0
}

#[test]
fn the_scale_of_a_flat_card_is_good_to_half_a_percent() {
    for (px_per_mm, turn_deg, blur_px) in [
        (4.0, 0.0, 0.7),
        (4.0, 47.0, 0.9),
        (6.0, 131.0, 0.8),
        (9.0, 200.0, 1.5),
        (16.0, 290.0, 2.5),
        (25.0, 33.0, 3.0),
    ] {
        let shot = Shot { turn_deg, blur_px, ..Shot::flat(px_per_mm) };
        let card = found(&shot).value;
        assert_eq!(card.fiducials_found, 4, "{shot:?}");
        let error = pitch_error(&shot, &card);
        assert!(error.abs() < 0.005, "{px_per_mm} px/mm, {turn_deg}°: off by {error}");
        assert!(card.tilt_deg < 8.0, "{}", card.tilt_deg);
    }
}

#[test]
fn tilt_is_undone_and_told() {
    let mut stream = Seed(3).stream("tilt", 0);
    for tilt_deg in [15.0, 25.0, 35.0, 45.0] {
        let shot = Shot {
            turn_deg: stream.between(0.0, 360.0),
            tilt_deg,
            tilt_toward_deg: stream.between(0.0, 360.0),
            ..Shot::flat(7.0)
        };
        let Qualified { value: card, caveats } = found(&shot);
        assert!((card.tilt_deg - tilt_deg).abs() < 4.0, "{tilt_deg} read as {}", card.tilt_deg);
        assert_eq!(caveats.iter().any(|c| c.code == Code::ScaleCardTilted), tilt_deg > 20.0);
        let error = pitch_error(&shot, &card);
        assert!(error.abs() < 0.01, "{shot:?}: off by {error}");
    }
}

#[test]
fn lengths_on_the_card_come_out_right_and_upright() {
    let shot = Shot { turn_deg: 95.0, tilt_deg: 30.0, ..Shot::flat(8.0) };
    let card = found(&shot).value;
    let corners = card.outline.map(|corner| card.scalp_from_photo.apply(corner));
    assert!((corners[0].distance_mm(&corners[1]) / WIDTH_MM - 1.0).abs() < 0.004);
    assert!((corners[1].distance_mm(&corners[2]) / HEIGHT_MM - 1.0).abs() < 0.004);
    // To the right in the picture is to the right on the scalp.
    let at = |x: f64, y: f64| card.scalp_from_photo.apply(PointInPhoto::new(x, y));
    let (left, right): (PointInScalp, PointInScalp) = (at(412.0, 424.0), at(452.0, 424.0));
    assert!(right.x_mm > left.x_mm && (right.y_mm - left.y_mm).abs() < 0.2 * (right.x_mm - left.x_mm));
}

#[test]
fn covered_fiducials_widen_the_uncertainty() {
    let whole = found(&Shot::flat(6.0)).value.pitch_relative_uncertainty;
    let three = Shot { covered: [true, false, false, false], ..Shot::flat(6.0) };
    let one = Shot { covered: [true, true, true, false], ..Shot::flat(6.0) };
    for (shot, count, weight) in [(three, 3, Weight::Note), (one, 1, Weight::Doubt)] {
        let Qualified { value: card, caveats } = found(&shot);
        assert_eq!(card.fiducials_found, count);
        assert!(caveats.iter().any(|c| c.code == Code::ScaleCardPartial && c.weight == weight));
        assert!(card.pitch_relative_uncertainty >= whole);
        let error = pitch_error(&shot, &card);
        assert!(error.abs() < 3.0 * card.pitch_relative_uncertainty, "{count}: off by {error}");
    }
}

#[test]
fn warm_and_dim_light_is_balanced_by_the_grays() {
    let shot = Shot { light: [0.62, 0.48, 0.30], ..Shot::flat(8.0) };
    let photo = shot.take();
    let card = find(&photo).value.expect("a card");
    assert!(card.grays.iter().flatten().count() >= 5);
    let white = White::from_card(&card, photo.space).expect("usable grays");
    let exposure = white.exposure.expect("the card tells lightness");
    let balanced: Vec<f32> =
        shot.light.iter().zip(white.gain).map(|(light, gain)| *light as f32 * gain * exposure).collect();
    assert!(balanced.iter().all(|v| (v - 1.0).abs() < 0.03), "{balanced:?}");
}

/// Fiducials of a card pushed in depth by some shape and seen from 300 mm at 7 px/mm, as if read without error.
fn shaped(depth_mm: impl Fn(f64, f64) -> [f64; 3]) -> Vec<Found> {
    let seen = |[x, y]: [f64; 2]| {
        let [x, y, z] = depth_mm(x - WIDTH_MM / 2.0, y - HEIGHT_MM / 2.0);
        [400.0 + 2100.0 * x / (300.0 + z), 380.0 + 2100.0 * y / (300.0 + z)]
    };
    (0..4).map(|index| Found { index, corners: corners_mm(index).map(seen), wrong_bits: 0 }).collect()
}

#[test]
fn a_bent_card_is_unbent_and_a_crumpled_one_is_not() {
    let photo = Photo::new(800, 760, RgbSpace::Srgb, BitDepth::Eight, vec![0; 3 * 800 * 760]);
    let radius = 90.0;
    let bent = shaped(|x, y| [radius * (x / radius).sin(), y, radius * (1.0 - (x / radius).cos())]);
    let bend = Bend::through(&photo, &bent).expect("a bend");
    assert!(bend.residual_px < 0.2 && (bend.radius_mm() / radius - 1.0).abs() < 0.1, "{bend:?}");
    let middle = bend.plane(&bent).expect("a plane").photo_at([WIDTH_MM / 2.0, HEIGHT_MM / 2.0]);
    assert!((middle.x_px - 400.0).hypot(middle.y_px - 380.0) < 0.5, "{middle:?}");
    // Every corner of the card pulled its own way.
    let crumpled = shaped(|x, y| [x, y, if x * y > 0.0 { 8.0 } else { -8.0 } + 0.2 * x]);
    let bend = Bend::through(&photo, &crumpled).expect("a fit");
    assert!(bend.residual_px > 2.0, "{bend:?}");
}

#[test]
fn no_card_is_invented() {
    for seed in 0..30 {
        let mut stream = Seed(seed).stream("texture", 0);
        let photo = texture(&mut stream);
        assert!(find(&photo).value.is_none(), "texture {seed}");
    }
}

/// Noise, bars, checkers and dark squares of any size.
fn texture(stream: &mut Stream) -> Photo {
    let (width, height) = (600, 500);
    let cell = stream.between(2.0, 40.0);
    let blocks: Vec<f64> = (0..10_000).map(|_| stream.uniform()).collect();
    let contrast = stream.between(0.1, 1.0);
    let squares: Vec<[f64; 4]> = (0..30)
        .map(|_| {
            [
                stream.between(0.0, 600.0),
                stream.between(0.0, 500.0),
                stream.between(10.0, 80.0),
                stream.uniform(),
            ]
        })
        .collect();
    let codes = (0..width * height).flat_map(|k| {
        let (x, y) = ((k % width) as f64, (k / width) as f64);
        let block = blocks[((x / cell) as usize * 97 + (y / cell) as usize * 13) % 10_000];
        let square = squares.iter().find(|s| (x - s[0]).abs() < s[2] && (y - s[1]).abs() < s[2]);
        let base = square.map_or(0.9, |s| {
            if (x - s[0]).abs() > 0.75 * s[2] || (y - s[1]).abs() > 0.75 * s[2] { 0.1 } else { s[3] }
        });
        let value = (base * (1.0 - contrast * (block - 0.5)) + 0.02 * stream.normal()).clamp(0.0, 1.0);
        [(value * 65_535.0) as u16; 3]
    });
    let codes = codes.collect();
    Photo::new(width, height, RgbSpace::Srgb, BitDepth::Eight, codes)
}

#[test]
fn fiducials_of_other_people_are_left_alone() {
    let folder = std::path::Path::new("/work/shared/data/cards/apriltag");
    let Ok(files) = std::fs::read_dir(folder) else { return };
    let pictures =
        files.filter_map(Result::ok).map(|f| f.path()).filter(|p| p.extension().is_some_and(|e| e == "jpg"));
    for path in pictures {
        let bytes = std::fs::read(&path).expect("a readable file");
        let photo =
            crate::photo::decode(&bytes, &crate::photo::DecodeLimits::ordinary()).expect("a photograph");
        assert!(find(&photo.value).value.is_none(), "{}", path.display());
    }
}
