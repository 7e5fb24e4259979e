use std::sync::atomic::{AtomicBool, Ordering};

use stipple_color::RgbSpace;
use stipple_model::{Dot, Light, Pigment, PlannedPigment, Root, Session, SkinOptics, Totals, Unwatched};
use stipple_quantity::{Estimate, PointInScalp, ScalpFromPhoto};

use stipple_optics::Course;

use super::*;

/// How sharp a photograph is taken to be, px.
const SHARP_PX: f64 = 0.757;

const SKIN: [u16; 3] = [205 * 257, 160 * 257, 136 * 257];

pub(crate) fn photo(width: usize, height: usize) -> Photo {
    let codes = SKIN.iter().copied().cycle().take(3 * width * height).collect();
    Photo::new(width, height, RgbSpace::Srgb, BitDepth::Eight, codes)
}

pub(crate) fn plan(photo: &Photo, px_per_mm: f64, places: &[(f64, f64)]) -> Plan {
    let map = ScalpFromPhoto::from_pixel_pitch_um(1000.0 / px_per_mm);
    let dots = places.iter().map(|(x, y)| {
        let at_photo = PointInPhoto::new(*x, *y);
        Dot {
            at_scalp: PointInScalp::new(x / px_per_mm, y / px_per_mm),
            at_photo,
            diameter_um: 200.0,
            needle_depth_mm: [0.3, 0.6],
            pigment: 0,
            in_scar: false,
            zone: 1,
        }
    });
    let linear = |k: usize| RgbSpace::Srgb.linear_from_encoded(f32::from(SKIN[k]) / 65_535.0);
    let skin = LinearRgb { rgb: [linear(0), linear(1), linear(2)] };
    Plan {
        photo_width_px: photo.width_px,
        photo_height_px: photo.height_px,
        pixel_pitch_um: Estimate::new(1000.0 / px_per_mm, 1.0),
        scalp_from_photo: map,
        photo_white_gain: [1.0; 3],
        hairs: Vec::new(),
        protocol: "test 1".into(),
        pigments: vec![PlannedPigment { pigment: carbon(), dilution: 15.0 }],
        sessions: vec![Session { number: 1, interval_days: 0, dots: dots.collect() }],
        scar_outlines: Vec::new(),
        drawn_lines: Vec::new(),
        lost: Vec::new(),
        sessions_done: 0,
        healed_diameter_um: Estimate::new(120.0, 20.0),
        skin_lab: Lab::from_linear(RgbSpace::Srgb, skin),
        hair_lab: None,
        skin_optics: SkinOptics::ORDINARY,
        healed_match: None,
        scar_tone: None,
        totals: Totals {
            dots: places.len(),
            area_mm2: 1.0,
            dot_density_per_cm2: 1.0,
            pigment_ul: 1.0,
            chair_minutes: 1.0,
        },
    }
}

fn carbon() -> Pigment {
    Pigment {
        id: "carbon".into(),
        name: "Carbon".into(),
        recipe: "Carbon black in water".into(),
        lab_in_bottle: Lab::new(17.0, 0.0, 0.0),
        absorption_550_per_mm: 200.0,
        absorption_exponent: 1.0,
        absorption_curvature: 0.0,
        absorption_uncertainty: 0.5,
        dilutions: vec![15.0],
        source: "test".into(),
    }
}

fn show(plan: &Plan, photo: &Photo, view: View) -> Simulation {
    preview(plan, photo, &view, &Unwatched).expect("the plan fits").value
}

/// A view with everything that can be asked for.
fn everything() -> View {
    View {
        light: Some(Light::Tungsten),
        distance_m: Some(1.0),
        hair_growth_mm: 2.0,
        course: Course::Strong,
        ..View::at(Moment::Year1)
    }
}

/// The darkest pixel in the middle rows, where no mark reaches, of a picture of 200 by 200: a hand sets no dot just where it meant to.
fn darkest_green(picture: &Simulation) -> u16 {
    (200 * 80..200 * 120).map(|i| picture.codes[3 * i + 1]).min().expect("a picture has pixels")
}

#[test]
fn a_hand_is_off_by_little_and_the_same_in_a_part() {
    let photo = photo(700, 700);
    let places: Vec<(f64, f64)> =
        (0..900).map(|i| (50.0 + f64::from(i % 30) * 20.0, 50.0 + f64::from(i / 30) * 20.0)).collect();
    let mut plan = plan(&photo, 10.0, &places);
    let set = |plan: &Plan| looks_of(plan, &View::at(Moment::Healed), SHARP_PX).dots;
    let off_mm = |axis: fn(&looks::PaintedDot) -> f64| {
        let off = |dot: &looks::PaintedDot| 0.1 * ((axis(dot) - 40.0).rem_euclid(20.0) - 10.0);
        let dots = set(&plan);
        (dots.iter().map(|dot| off(dot).powi(2)).sum::<f64>() / dots.len() as f64).sqrt()
    };
    let [x, y] = [off_mm(|dot| dot.x_px), off_mm(|dot| dot.y_px)];
    assert!((0.13..0.16).contains(&x) && (0.13..0.16).contains(&y), "{x} and {y} mm");
    let whole = set(&plan);
    plan.sessions[0].dots.drain(..300);
    let part = set(&plan);
    assert!(part.iter().all(|dot| whole.iter().any(|d| (d.x_px, d.y_px) == (dot.x_px, dot.y_px))));
}

/// Contrast summed over the whole picture in mm², R, G, B.
fn absorbed_mm2(photo: &Photo, plan: &Plan, px_per_mm: f64, moment: Moment) -> [f64; 3] {
    let looks = looks_of(plan, &View::at(moment), SHARP_PX);
    let scene = Scene::new(photo, &looks, moment);
    let kept = scene.kept_light_everywhere();
    let sum = |k: usize| kept.iter().map(|p| 1.0 - f64::from(p[k])).sum::<f64>();
    std::array::from_fn(|k| sum(k) / (px_per_mm * px_per_mm))
}

#[test]
fn the_light_absorbed_does_not_depend_on_the_pixels() {
    for px_per_mm in [3.0, 5.0, 8.0, 12.0, 18.0, 25.0] {
        let side = (11.0 * px_per_mm) as usize;
        let photo = photo(side, side);
        for offset in [0.0, 0.31, 0.5, 0.77] {
            let middle = side as f64 / 2.0 + offset;
            let plan = plan(&photo, px_per_mm, &[(middle, middle)]);
            let looks = looks_of(&plan, &View::at(Moment::Healed), SHARP_PX);
            let expected = looks.profiles[0].integral_mm2().map(|v| v * f64::from(looks.dots[0].strength));
            let got = absorbed_mm2(&photo, &plan, px_per_mm, Moment::Healed);
            for k in 0..3 {
                let ratio = got[k] / expected[k];
                assert!((ratio - 1.0).abs() < 0.02, "{px_per_mm} px/mm at {offset}, band {k}: {ratio}");
            }
        }
    }
}

#[test]
fn a_stretched_map_stretches_the_dots() {
    let photo = photo(220, 140);
    let mut plan = plan(&photo, 10.0, &[(110.2, 70.7)]);
    plan.scalp_from_photo.rows = [[0.05, 0.0, 0.0], [0.0, 0.1, 0.0], [0.0, 0.0, 1.0]];
    let looks = looks_of(&plan, &View::at(Moment::Healed), SHARP_PX);
    let expected = looks.profiles[0].integral_mm2()[1] * f64::from(looks.dots[0].strength);
    let kept = Scene::new(&photo, &looks, Moment::Healed).kept_light_everywhere();
    let got = kept.iter().map(|p| 1.0 - f64::from(p[1])).sum::<f64>() * 0.05 * 0.1;
    assert!((got / expected - 1.0).abs() < 0.02, "{}", got / expected);
    let picture = show(&plan, &photo, View::at(Moment::Fresh));
    let green = |x: usize, y: usize| picture.codes[3 * (y * 220 + x) + 1];
    assert!(green(113, 70) < green(110, 73), "three pixels aside are nearer than three pixels below");
}

#[test]
fn pixels_that_no_dot_reaches_keep_their_codes() {
    let mut photo = photo(600, 500);
    photo.codes.iter_mut().enumerate().for_each(|(i, code)| *code = (i * 7919 % 256) as u16 * 257);
    let plan = plan(&photo, 12.0, &[(150.0, 200.0), (170.5, 210.2)]);
    let picture = show(&plan, &photo, View::at(Moment::Healed));
    let mark = band(600, 500, None, &Words::of_view(&View::at(Moment::Healed)));
    let mut changed = 0;
    for y in 0..mark.top {
        for x in 0..600 {
            let same = picture.codes[3 * (y * 600 + x)..][..3] == photo.pixel(x, y);
            let far = (x as f64 - 160.0).hypot(y as f64 - 205.0) > 12.0 * 5.0;
            assert!(same || !far, "({x}, {y}) changed");
            changed += usize::from(!same);
        }
    }
    assert!(changed > 20, "the dots show: {changed} pixels changed");
}

#[test]
fn time_makes_dots_fainter_and_the_first_days_are_darkest() {
    let photo = photo(200, 200);
    let plan = plan(&photo, 12.0, &[(100.0, 100.0)]);
    let moments = [Moment::Fresh, Moment::Healed, Moment::Year1, Moment::Year3, Moment::Year5];
    let codes = moments.map(|moment| darkest_green(&show(&plan, &photo, View::at(moment))));
    assert!(codes.windows(2).all(|w| w[0] < w[1]), "{codes:?}");
    assert!(codes[4] < SKIN[1], "after five years something is left");
}

#[test]
fn before_treatment_is_the_photograph_in_the_same_light_and_from_as_far() {
    let photo = photo(200, 200);
    let plan = plan(&photo, 20.0, &[(100.0, 100.0)]);
    let before = View { treated: false, ..View::at(Moment::Healed) };
    let shown = show(&plan, &photo, before);
    let middle = 3 * 200 * 80..3 * 200 * 120;
    assert_eq!(shown.codes[middle.clone()], photo.codes[middle]);
    let bare = Plan { sessions: Vec::new(), ..plan.clone() };
    let seen = View { light: Some(Light::Tungsten), distance_m: Some(2.0), ..View::at(Moment::Healed) };
    let [treated, before] = [seen, View { treated: false, ..seen }].map(|view| show(&plan, &photo, view));
    assert_ne!(treated.codes, before.codes);
    let words = 3 * 200 * 100;
    assert_eq!(before.codes[..words], show(&bare, &photo, seen).codes[..words]);
}

#[test]
fn the_first_days_are_red_and_healed_skin_is_not() {
    let photo = photo(300, 300);
    let places: Vec<(f64, f64)> =
        (0..64).map(|i| (90.0 + f64::from(i % 8) * 15.0, 90.0 + f64::from(i / 8) * 15.0)).collect();
    let plan = plan(&photo, 12.0, &places);
    let between = |moment| {
        let picture = show(&plan, &photo, View::at(moment));
        let pixel = &picture.codes[3 * (157 * 300 + 157)..][..3];
        f64::from(pixel[0]) / f64::from(pixel[1])
    };
    let [fresh, third, healed] = [Moment::Fresh, Moment::Day3, Moment::Healed].map(between);
    assert!(fresh > third && fresh > 1.03 * healed, "{fresh} {third} {healed}");
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let photo = photo(400, 300);
    let places: Vec<(f64, f64)> =
        (0..500).map(|i| (f64::from(i * 37 % 400) + 0.3, f64::from(i * 53 % 300) + 0.6)).collect();
    let plan = plan(&photo, 10.0, &places);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start");
        pool.install(|| show(&plan, &photo, everything()))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn hostile_numbers_are_skipped_and_said() {
    let photo = photo(200, 200);
    let odd = [f64::NAN, f64::INFINITY, -1e300, 1e18];
    let mut places: Vec<(f64, f64)> = odd.map(|v| (v, 50.0)).to_vec();
    places.push((100.0, 100.0));
    let mut plan = plan(&photo, 12.0, &places);
    for (dot, value) in plan.sessions[0].dots.iter_mut().zip(odd) {
        dot.diameter_um = value;
        dot.needle_depth_mm = [value, -value];
        dot.pigment = 99;
    }
    let strange = Dot { diameter_um: f64::NAN, needle_depth_mm: [f64::NAN; 2], ..plan.sessions[0].dots[4] };
    plan.sessions[0].dots.push(strange);
    plan.pigments[0].dilution = f64::NAN;
    for moment in Moment::ALL {
        let options = View { moment, light: Some(Light::Flash), ..everything() };
        let got = preview(&plan, &photo, &options, &Unwatched).expect("the rest can be shown");
        assert!(got.caveats.iter().any(|c| c.code == Code::PreviewPhotoDiffers), "{:?}", got.caveats);
    }
}

#[test]
fn what_cannot_be_shown_is_refused() {
    let photo = photo(200, 150);
    let options = View::at(Moment::Healed);
    let refuse =
        |plan: &Plan, watch: &dyn Watch| preview(plan, &photo, &options, watch).expect_err("refused");
    let mut other = plan(&photo, 12.0, &[(100.0, 100.0)]);
    other.photo_width_px = 201;
    assert!(matches!(refuse(&other, &Unwatched), Error::OtherPhoto { found_width_px: 200, .. }));
    let mut flat = plan(&photo, 12.0, &[(100.0, 100.0)]);
    flat.scalp_from_photo.rows = [[f64::NAN; 3]; 3];
    assert!(matches!(refuse(&flat, &Unwatched), Error::Scale { .. }));
    let watch = Stopper(AtomicBool::new(true));
    assert_eq!(refuse(&plan(&photo, 12.0, &[(100.0, 100.0)]), &watch), Error::Stopped);
}

struct Stopper(AtomicBool);

impl Watch for Stopper {
    fn progress(&self, _phase: &'static str, _share: f64) {}
    fn stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[test]
fn other_skin_is_noticed() {
    let photo = photo(200, 200);
    let mut plan = plan(&photo, 12.0, &[(100.0, 100.0)]);
    plan.skin_lab = Lab::new(25.0, 8.0, 9.0);
    let options = View::at(Moment::Healed);
    let got = preview(&plan, &photo, &options, &Unwatched).expect("the plan fits");
    let codes: Vec<Code> = got.caveats.iter().map(|c| c.code).collect();
    assert_eq!(codes, [Code::PreviewOneOfMany, Code::PreviewPhotoDiffers]);
}

#[test]
fn the_course_orders_what_is_left() {
    let photo = photo(200, 200);
    let plan = plan(&photo, 12.0, &[(100.0, 100.0)]);
    let green = |course| darkest_green(&show(&plan, &photo, View { course, ..View::at(Moment::Year3) }));
    let [faint, likely, strong] = Course::ALL.map(green);
    assert!(faint > likely && likely > strong, "{faint} {likely} {strong}");
}

#[test]
fn a_dot_is_lost_from_far_away_and_no_light_is() {
    let photo = photo(400, 400);
    let plan = plan(&photo, 12.0, &[(200.0, 150.0)]);
    let seen = |distance_m| show(&plan, &photo, View { distance_m, ..View::at(Moment::Healed) });
    let darkest = |picture: &Simulation| {
        SKIN[1] - (0..200 * 400).map(|i| picture.codes[3 * i + 1]).min().expect("a picture has pixels")
    };
    let [near, hand, room] = [None, Some(0.3), Some(3.0)].map(|d| darkest(&seen(d)));
    assert!(near > hand && hand > room && room < near / 4, "{near} {hand} {room}");
}

#[test]
fn hair_grows_on_from_where_it_lies() {
    let mut photo = photo(300, 300);
    // A shaft 1 mm long from (100, 100) to the right.
    for (x, y) in (100..112).flat_map(|x| [(x, 99), (x, 100)]) {
        photo.codes[3 * (y * 300 + x)..][..3].fill(40 * 257);
    }
    let mut plan = plan(&photo, 12.0, &[]);
    plan.hair_lab = Some(Lab::new(20.0, 2.0, 3.0));
    plan.hairs = vec![Root { at_photo: PointInPhoto::new(100.0, 100.0), diameter_um: 80.0 }];
    let view = View { hair_growth_mm: 2.0, ..View::at(Moment::Healed) };
    let made = preview(&plan, &photo, &view, &Unwatched).expect("the plan fits");
    let green = |x: usize, y: usize| made.value.codes[3 * (y * 300 + x) + 1];
    let darkest = |x: usize| (90..110).map(|y| green(x, y)).min().expect("rows");
    assert!(
        darkest(118) < SKIN[1] - 6000 && darkest(124) < SKIN[1] - 6000,
        "{} {}",
        darkest(118),
        darkest(124)
    );
    assert!(darkest(140) > SKIN[1] - 1000 && green(100, 124) == SKIN[1]);
    assert!(made.caveats.iter().any(|c| c.message.contains("one hair")));
}

#[test]
fn distances_and_lengths_out_of_range_are_refused() {
    let photo = photo(200, 150);
    let plan = plan(&photo, 12.0, &[(100.0, 100.0)]);
    let refuse = |view: View| preview(&plan, &photo, &view, &Unwatched).expect_err("refused");
    for odd in [0.0, f64::NAN, -1.0, 1e9] {
        let far = refuse(View { distance_m: Some(odd), ..View::at(Moment::Healed) });
        assert!(matches!(far, Error::Distance { .. }));
    }
    for odd in [f64::NAN, -1.0, 3.1] {
        let long = refuse(View { hair_growth_mm: odd, ..View::at(Moment::Healed) });
        assert!(matches!(long, Error::HairGrowth { .. }));
    }
}

#[test]
fn a_plan_of_many_looks_is_shown_in_coarser_steps() {
    let photo = photo(300, 300);
    let places: Vec<(f64, f64)> =
        (0..20_000).map(|i| (f64::from(i % 300) + 0.5, f64::from(i / 300) + 100.0)).collect();
    let mut plan = plan(&photo, 12.0, &places);
    for (i, dot) in (0..).zip(&mut plan.sessions[0].dots) {
        dot.diameter_um = 100.0 + f64::from(i % 97) * 9.0;
        dot.needle_depth_mm = [0.05 + f64::from(i % 89) * 0.03, 0.1 + f64::from(i % 83) * 0.03];
    }
    let looks = looks_of(&plan, &View::at(Moment::Healed), SHARP_PX);
    assert!(looks.profiles.len() <= 2000 && looks.dots.len() == 20_000, "{} looks", looks.profiles.len());
    let kept = Scene::new(&photo, &looks, Moment::Healed).kept_light_everywhere();
    assert!(kept.iter().all(|k| k.iter().all(|v| (0.0..=1.0).contains(v))), "no light is made");
}

#[test]
fn dots_of_sessions_that_are_done_are_healed_where_others_are_new() {
    let photo = photo(200, 200);
    let mut plan = plan(&photo, 10.0, &[(100.0, 100.0)]);
    let fresh = show(&plan, &photo, View::at(Moment::Fresh));
    let healed = show(&plan, &photo, View::at(Moment::Healed));
    plan.sessions_done = 1;
    let done = show(&plan, &photo, View::at(Moment::Fresh));
    assert_eq!(darkest_green(&done), darkest_green(&healed));
    assert!(darkest_green(&fresh) < darkest_green(&done), "a new dot is darker");
}
