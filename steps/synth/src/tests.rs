//! The closed ends: what was asked for is in the picture and in the truth.

use super::*;
use stipple_color::{Lab, LinearRgb};
use stipple_model::Unwatched;
use stipple_quantity::{PointInPhoto, Seed};
use stipple_raster::distance;

/// A small zone of 48 × 36 mm, quick to make.
fn small(seed: u64) -> SynthOptions {
    SynthOptions {
        width_px: 480,
        height_px: 360,
        pixel_pitch_um: 100.0,
        ..SynthOptions::ordinary(Seed(seed))
    }
}

fn made(options: &SynthOptions) -> Synthetic {
    synth(options, &Unwatched).expect("the options can be followed")
}

/// Median color of the pixels that are neither scar nor close to a hair.
fn skin_between_hairs(made: &Synthetic) -> Lab {
    let mut hair = Mask::filled(made.photo.width_px, made.photo.height_px, false);
    for strand in &made.truth.hairs {
        for share in [-0.5, 0.0, 0.5, 1.0] {
            let x = strand.root.x_px + share * (strand.tip.x_px - strand.root.x_px);
            let y = strand.root.y_px + share * (strand.tip.y_px - strand.root.y_px);
            if x >= 0.0 && y >= 0.0 && (x as usize) < hair.width && (y as usize) < hair.height {
                hair.samples[y as usize * hair.width + x as usize] = true;
            }
        }
    }
    let away = distance::distance_to(&hair);
    let near_px = 0.25 * 1000.0 / made.truth.pixel_pitch_um;
    let linear = |code: u16| RgbSpace::Srgb.linear_from_encoded(f32::from(code) / 65_535.0);
    let colors: Vec<Lab> = (0..away.samples.len())
        .filter(|k| f64::from(away.samples[*k]) > near_px && !made.scar_mask.samples[*k])
        .map(|k| {
            let rgb = made.photo.pixel(k % hair.width, k / hair.width).map(linear);
            Lab::from_linear(RgbSpace::Srgb, LinearRgb { rgb })
        })
        .collect();
    let median = |of: fn(&Lab) -> f64| {
        let mut values: Vec<f64> = colors.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Lab::new(median(|c| c.l), median(|c| c.a), median(|c| c.b))
}

#[test]
fn density_is_what_was_asked_for() {
    for (seed, density) in [(1, 75.0), (2, 120.0), (3, 45.0)] {
        let options = SynthOptions { unit_density_per_cm2: density, pixel_pitch_um: 250.0, ..small(seed) };
        let truth = made(&options).truth;
        assert!((truth.unit_density_per_cm2 / density - 1.0).abs() < 0.02, "{}", truth.unit_density_per_cm2);
    }
}

#[test]
fn same_options_same_bytes_on_any_number_of_threads() {
    let threads = |n: usize| rayon::ThreadPoolBuilder::new().num_threads(n).build().expect("threads start");
    let options = SynthOptions { scar: ScarShape::Punches { count: 9 }, ..small(5) };
    let one = threads(1).install(|| made(&options));
    let two = threads(2).install(|| made(&options));
    assert!(one == two && two == made(&options));
    assert!(one.photo != made(&SynthOptions { seed: Seed(6), ..options }).photo);
}

#[test]
fn areas_of_the_truth_are_those_of_the_mask() {
    let shapes = [
        ScarShape::Strip { width_mm: 3.0 },
        ScarShape::Punches { count: 30 },
        ScarShape::Patch { diameter_mm: 14.0 },
    ];
    for (seed, scar) in (10..).zip(shapes) {
        let made = made(&SynthOptions { scar, ..small(seed) });
        let told: f64 = made.truth.scars.iter().map(|scar| scar.area_mm2).sum();
        let masked = made.scar_mask.count() as f64 * 0.01;
        assert!(masked > 0.0 && (told / masked - 1.0).abs() < 1e-9, "{scar:?}: {told} and {masked} mm²");
        match scar {
            ScarShape::Strip { width_mm } => {
                assert!((made.truth.scars[0].width_mm / width_mm - 1.0).abs() < 0.15);
            }
            ScarShape::Punches { count } => assert_eq!(made.truth.scars.len(), count),
            _ => assert!((told / 153.94 - 1.0).abs() < 0.02, "a circle of 14 mm has 153.94 mm²"),
        }
    }
}

#[test]
fn no_hair_is_rooted_in_a_scar_or_under_the_card() {
    let strip = made(&small(20));
    let rooted = |made: &Synthetic| {
        made.truth.hairs.iter().filter(|hair| made.scar_mask.contains(hair.root.x_px, hair.root.y_px)).count()
    };
    assert_eq!(rooted(&strip), 0);
    assert!(strip.truth.hairs.len() > 1500);

    let options = SynthOptions { card: true, pixel_pitch_um: 260.0, ..small(21) };
    let with_card = made(&options);
    let (card, _) = card::lay(&options).expect("there is room");
    let card = card.expect("a card was asked for");
    let mm = |p: PointInPhoto| (p.x_px * 0.26, p.y_px * 0.26);
    assert!(with_card.truth.hairs.iter().all(|hair| !card.covers(mm(hair.root))));
    assert_eq!(rooted(&with_card), 0);
    assert!((with_card.truth.unit_density_per_cm2 / 75.0 - 1.0).abs() < 0.04);
}

#[test]
fn skin_has_the_tone_that_was_asked_for() {
    for (seed, ita) in (30..).zip([60.0, 48.0, 34.0, 20.0, -10.0, -45.0]) {
        // The truth tells skin under even light.
        let made = made(&SynthOptions { ita_deg: ita, light_unevenness: 0.0, ..small(seed) });
        let skin = skin_between_hairs(&made);
        let off = ita_deg(skin) - made.truth.ita_deg;
        assert!(off.abs() < 5.0, "asked for {ita}, found {skin:?}, {off} degrees off");
    }
}

#[test]
fn unfit_options_are_refused() {
    let base = small(40);
    let refused = |options: SynthOptions| synth(&options, &Unwatched).expect_err("cannot be followed");
    let out_of_range = [
        SynthOptions { width_px: 10, ..base },
        SynthOptions { pixel_pitch_um: f64::NAN, ..base },
        SynthOptions { ita_deg: 95.0, ..base },
        SynthOptions { hair_length_mm: 0.0, ..base },
        SynthOptions { unit_density_per_cm2: 1e6, ..base },
        SynthOptions { jpeg_quality: Some(0), ..base },
        SynthOptions { scar: ScarShape::Punches { count: 0 }, ..base },
    ];
    for options in out_of_range {
        assert!(matches!(refused(options), Error::OutOfRange { .. }));
    }
    assert!(matches!(refused(SynthOptions { card: true, ..base }), Error::NoRoomForCard { .. }));
    let wide = ScarShape::Patch { diameter_mm: 55.0 };
    assert!(matches!(refused(SynthOptions { scar: wide, ..base }), Error::NoRoomForScar { .. }));
    let vast = SynthOptions { width_px: 12_000, pixel_pitch_um: 400.0, ..base };
    assert!(matches!(refused(vast), Error::ZoneOutOfRange { .. }));
}

#[test]
fn work_stops_when_asked() {
    struct Impatient;
    impl Watch for Impatient {
        fn progress(&self, _phase: &'static str, _share: f64) {}
        fn stopped(&self) -> bool {
            true
        }
    }
    assert_eq!(synth(&small(50), &Impatient).expect_err("stopped"), Error::Stopped);
}

#[test]
fn visits_show_the_same_follicles_where_the_map_says() {
    let options = SynthOptions { width_px: 300, height_px: 240, ..SynthOptions::ordinary(Seed(60)) };
    for (change, least) in [(Change::easy(Seed(61)), 0.999), (Change::harsh(Seed(62)), 0.7)] {
        let visits = synth_visits(&options, &change, &Unwatched).expect("the options are in range");
        let there: Vec<_> = visits.after.truth.hairs.iter().map(|h| (h.root.x_px, h.root.y_px)).collect();
        let index = stipple_points::CellIndex::new(&there);
        let mapped = visits.before.truth.hairs.iter().map(|hair| visits.after_from_before(hair.root));
        let shown = mapped.filter(|p| (1.0..299.0).contains(&p.x_px) && (1.0..239.0).contains(&p.y_px));
        let off: Vec<f64> =
            shown.filter_map(|p| index.nearest((p.x_px, p.y_px), None)).map(|near| near.1).collect();
        let same = off.iter().filter(|off| **off < 1e-3).count() as f64 / off.len() as f64;
        assert!(off.len() > 200 && same >= least, "{same:.3} of {} follicles", off.len());
        assert!(!visits.dots.is_empty());
        let again = synth_visits(&options, &change, &Unwatched).expect("once more");
        assert!(again.before == visits.before && again.after == visits.after);
    }
    let alone = synth(&options, &Unwatched).expect("the options are in range");
    assert_eq!(alone.truth.seed, 60);
}
