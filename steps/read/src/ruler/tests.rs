use stipple_color::RgbSpace;
use stipple_model::BitDepth;
use stipple_quantity::Seed;

use super::*;

/// Ticks on light ground: every so many one is so long, steps.
fn drawn(step_px: f64, turn_deg: f64, lengths: &[(i64, f64)], blur: f64) -> Photo {
    let (width, height) = (640, 480);
    let (sin, cos) = turn_deg.to_radians().sin_cos();
    let mut stream = Seed(5).stream("ruler", 0);
    let codes = (0..width * height).flat_map(|k| {
        let (x, y) = ((k % width) as f64 + 0.5 - 320.0, (k / width) as f64 + 0.5 - 240.0);
        let (u, v) = ((x * cos + y * sin) / step_px, (y * cos - x * sin) / step_px);
        let number = u.round();
        let long = lengths.iter().rev().find(|(every, _)| (number as i64) % every == 0).map_or(0.0, |l| l.1);
        let inside = u.abs() < 16.5 && (0.0..long).contains(&v);
        let ink = ((0.12 * step_px + blur - (u - number).abs() * step_px) / (2.0 * blur)).clamp(0.0, 1.0);
        let light = 0.8 - if inside { 0.6 * ink } else { 0.0 } + 0.01 * stream.normal();
        [(light.clamp(0.0, 1.0) * 65_535.0) as u16; 3]
    });
    let codes = codes.collect();
    Photo::new(width, height, RgbSpace::Srgb, BitDepth::Eight, codes)
}

const MILLIMETRES: [(i64, f64); 3] = [(1, 2.5), (5, 4.0), (10, 5.0)];
const HALVES: [(i64, f64); 3] = [(1, 1.2), (2, 2.0), (10, 3.0)];
const SIXTEENTHS_OF_AN_INCH: [(i64, f64); 4] = [(1, 1.5), (2, 2.2), (4, 3.0), (8, 4.0)];

#[test]
fn ticks_tell_the_scale_at_any_turn() {
    for (step_px, turn_deg) in [(7.3, 12.0), (11.0, 95.0), (15.2, 201.0), (18.4, 333.0)] {
        for (lengths, step_mm) in [(MILLIMETRES, 1.0), (HALVES, 0.5)] {
            let found = find(&drawn(step_px, turn_deg, &lengths, 0.8)).expect("a ruler");
            let error = found.pixel_pitch_um.value / (1000.0 * step_mm / step_px) - 1.0;
            assert!(error.abs() < 0.005, "{step_px} px, {turn_deg}°, {step_mm} mm: off by {error}");
            assert!(found.pixel_pitch_um.relative_uncertainty() < 0.02);
            assert_eq!(
                beside(&found, step_px, turn_deg, &lengths),
                0,
                "{step_px} px, {turn_deg}°: ticks beside"
            );
        }
    }
}

/// How many ends of drawn ticks lie outside of a ruler's outline.
fn beside(found: &Ruler, step_px: f64, turn_deg: f64, lengths: &[(i64, f64)]) -> usize {
    let corners = found.outline.map(|p| (p.x_px, p.y_px));
    let covered = stipple_raster::region::fill_polygon(&corners, 640, 480);
    let (sin, cos) = turn_deg.to_radians().sin_cos();
    let ends = (-14..=14).flat_map(|number: i64| {
        let long = lengths.iter().rev().find(|(every, _)| number % every == 0).map_or(0.0, |l| l.1);
        [0.0, long].map(|v| (number as f64 * step_px, v * step_px))
    });
    let in_photo = ends.map(|(u, v)| (320.0 + u * cos - v * sin, 240.0 + u * sin + v * cos));
    let shown = in_photo.filter(|(x, y)| (0.0..640.0).contains(x) && (0.0..480.0).contains(y));
    shown.filter(|(x, y)| !covered.contains(*x, *y)).count()
}

#[test]
fn other_orders_of_ticks_are_no_ruler() {
    assert!(find(&drawn(12.0, 20.0, &SIXTEENTHS_OF_AN_INCH, 0.8)).is_none(), "inches");
    assert!(find(&drawn(12.0, 20.0, &[(1, 3.0)], 0.8)).is_none(), "a comb");
    assert!(find(&drawn(12.0, 20.0, &[(3, 4.0), (1, 2.0)], 0.8)).is_none(), "every third");
}

#[test]
#[allow(clippy::print_stdout, reason = "a test that is skipped says so")]
fn two_photographs_with_one_ruler_agree() {
    let folder = std::path::Path::new("/work/shared/data/photos/stubble-ruler");
    let pitch_um = |name: &str| {
        let bytes = std::fs::read(folder.join(name)).ok()?;
        let limits = crate::photo::DecodeLimits::ordinary();
        let photo = crate::photo::decode(&bytes, &limits).expect("a photograph").value;
        Some(find(&photo).expect("the ruler in it").pixel_pitch_um.value)
    };
    let (Some(one), Some(two)) = (pitch_um("hair2.JPG"), pitch_um("hair3.JPG")) else {
        return println!("skipped: no development photographs here");
    };
    // Ticks counted and measured by eye: 28.85 px apart, every second one long, 0.5 mm.
    assert!((one / two - 1.0).abs() < 0.005 && (one / 17.33 - 1.0).abs() < 0.01, "{one} {two}");
}
