use stipple_model::{BitDepth, Date, Light, Moment};
use stipple_quantity::Seed;
use stipple_read::RootFinder;
use stipple_synth::{ScarShape, SynthOptions};

use stipple_preview::preview_on;

use super::*;
use crate::settings::{PhotoRequest, ScarSaid};
use crate::single;

/// A small scalp with a strip scar, and its reading.
fn scalp() -> (Vec<u8>, Vec<u8>, Settings) {
    let options = SynthOptions {
        width_px: 1000,
        height_px: 800,
        pixel_pitch_um: 90.0,
        scar: ScarShape::Strip { width_mm: 6.0 },
        ..SynthOptions::ordinary(Seed(3))
    };
    let made = single::synth(&options, None, &Unwatched).expect("options in range");
    let settings = Settings::new(None, None, None, Date::constant(2026, 1, 1), Seed(1)).expect("shipped");
    let request = PhotoRequest {
        bytes: made.photo_jpeg,
        scar: ScarSaid::Mask(made.scar_png),
        scribbles: None,
        pixel_pitch_um: Some(90.0),
        neutral: None,
        roots: RootFinder::Classical,
    };
    let reading = single::read(&request, &settings, &Unwatched).expect("it can be read").reading_json;
    (request.bytes, reading.into_bytes(), settings)
}

/// Wishes that move one slider each, as the file says them too.
fn wishes(wish: &Wish) -> Vec<(Wish, String)> {
    let moved = [
        Wish { density: 0.6, ..wish.clone() },
        Wish { density: 1.4, ..wish.clone() },
        Wish { feather_mm: 9.0, ..wish.clone() },
        Wish { healed_diameter_um: 150.0, ..wish.clone() },
        Wish { pigment: Some("carbon-brown".into()), dilution: Some(20.0), sessions: 2, ..wish.clone() },
        Wish { density: 1.2, feather_mm: 33.0, sessions: 4, ..wish.clone() },
    ];
    let text = |wish: Wish| {
        let pigment = wish.pigment.as_ref().map_or("null".to_owned(), |id| format!("\"{id}\""));
        let dilution = wish.dilution.map_or("null".to_owned(), |parts| parts.to_string());
        let json = format!(
            r#"{{"format": "stipple/wish/1", "density": {}, "feather_mm": {}, "healed_diameter_um": {},
                "pigment": {pigment}, "dilution": {dilution}, "sessions": {}}}"#,
            wish.density, wish.feather_mm, wish.healed_diameter_um, wish.sessions
        );
        (wish, json)
    };
    moved.into_iter().map(text).collect()
}

/// Places to a thousandth of a pixel with diameter and session, sorted.
fn sorted(plan: &Plan) -> Vec<[i64; 4]> {
    let rounded = |value: f64| (1000.0 * value).round() as i64;
    let of = |session: &stipple_model::Session| {
        let number = i64::from(session.number);
        let dot = move |dot: &stipple_model::Dot| {
            [rounded(dot.at_scalp.x_mm), rounded(dot.at_scalp.y_mm), rounded(dot.diameter_um / 100.0), number]
        };
        session.dots.iter().map(dot).collect::<Vec<_>>()
    };
    let mut dots: Vec<[i64; 4]> = plan.sessions.iter().flat_map(of).collect();
    dots.sort_unstable();
    dots
}

fn healed(width_px: usize) -> LiveView {
    LiveView { view: Some(View::at(Moment::Healed)), part: None, width_px, over: None }
}

#[test]
fn a_plan_saved_with_a_wish_has_the_dots_that_were_seen() {
    let (photo, reading, settings) = scalp();
    let mut live = Live::open(&photo, &reading, &settings, &Unwatched).expect("it opens");
    let own = single::plan(&reading, None, &settings, &Unwatched).expect("a plan").plan_json;
    let own = format::plan_from_json(own).expect("ours").value;
    let wish = live.wish();
    assert_close(&sorted(&own), &sorted(&live.planned(&wish).expect("a plan").value));
    for (wish, json) in wishes(&wish) {
        let settings = settings.clone().with_wish(json.as_bytes()).expect("it can be granted");
        let saved = single::plan(&reading, None, &settings, &Unwatched).expect("a plan");
        let plan = format::plan_from_json(&saved.plan_json).expect("ours").value;
        let seen = live.planned(&wish).expect("a plan");
        assert_close(&sorted(&plan), &sorted(&seen.value));
        let mixed = |plan: &Plan| -> Vec<(String, f64)> {
            plan.pigments.iter().map(|planned| (planned.pigment.id.clone(), planned.dilution)).collect()
        };
        assert_eq!(mixed(&plan), mixed(&seen.value));
        assert_eq!(saved.caveats, seen.caveats);
        assert!(saved.plan_json.contains("\"wish\""), "the plan says that it was made with a wish");
        assert_eq!(live.dots(&wish).expect("dots").len(), plan.totals.dots);
    }
}

/// The same dots but for what the file rounds away.
fn assert_close(saved: &[[i64; 4]], seen: &[[i64; 4]]) {
    assert_eq!(saved.len(), seen.len());
    assert!(saved.len() > 100, "{} dots", saved.len());
    // One by one, because what is rounded away may change their order.
    let mut seen = seen.to_vec();
    for one in saved {
        let is_same =
            |two: &[i64; 4]| one.iter().zip(two).all(|(a, b)| a.abs_diff(*b) <= 1) && one[3] == two[3];
        let same = seen.iter().position(is_same);
        seen.swap_remove(same.unwrap_or_else(|| panic!("{one:?} was not seen")));
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the tolerance that docs/decisions/0022 speaks of is shown")]
fn what_is_seen_is_the_preview_of_the_saved_plan_shrunk() {
    let (bytes, reading, settings) = scalp();
    let mut live = Live::open(&bytes, &reading, &settings, &Unwatched).expect("it opens");
    let wish = live.wish();
    let plan = live.planned(&wish).expect("a plan").clone().value;
    let whole = photo(&bytes, &Unwatched).expect("decodes").value;
    for (moment, light) in [(Moment::Healed, None), (Moment::Fresh, Some(Light::Tungsten))] {
        let view = View { light, ..View::at(moment) };
        let full = stipple_preview::preview(&plan, &whole, &view, &Unwatched).expect("a preview").value;
        let full = Photo::new(full.width_px, full.height_px, full.space, BitDepth::Eight, full.codes);
        let canvas = |of: &Photo| Canvas::new(of, Part::whole(of), 480).expect("all of it");
        let expected = canvas(&full).photo;
        let seen = preview_on(&canvas(&whole), &plan, &view, &Unwatched).expect("a preview").value;
        // Both marks are away from the middle.
        let (first, last) = (expected.codes.len() / 5, 4 * expected.codes.len() / 5);
        let off = (first..last).map(|k| f64::from(expected.codes[k].abs_diff(seen.codes[k])) / 257.0);
        let (mean, most) = off.fold((0.0, 0.0f64), |(sum, most), off| (sum + off, most.max(off)));
        let mean = mean / (last - first) as f64;
        println!("{moment:?} {light:?}: {mean:.3} levels of 255 in the mean, {most:.0} at most");
        assert!(mean < 0.5 && most < 24.0, "{moment:?}: {mean} in the mean, {most} at most");
    }
}

#[test]
fn frames_do_not_depend_on_threads_or_on_what_was_seen_before() {
    let (photo, reading, settings) = scalp();
    let view = LiveView {
        view: Some(View { light: Some(Light::Led), distance_m: Some(1.0), ..View::at(Moment::Year3) }),
        part: Some(Part { left_px: 100, top_px: 50, width_px: 700, height_px: 600 }),
        width_px: 500,
        over: None,
    };
    let framed = |threads: usize, detour: bool| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let mut live = Live::open(&photo, &reading, &settings, &Unwatched).expect("it opens");
            let start = live.wish();
            if detour {
                for (wish, _) in wishes(&start) {
                    live.frame(&wish, &healed(300)).expect("a frame");
                }
            }
            live.frame(&Wish { density: 0.9, feather_mm: 14.0, ..start }, &view).expect("a frame")
        })
    };
    let one = framed(1, false);
    let two = framed(2, true);
    assert_eq!((&one.jpeg, one.area, &one.summary), (&two.jpeg, two.area, &two.summary));
    assert!(one.summary.dots > 100 && one.summary.sessions.len() == 3, "{:?}", one.summary);
}

#[test]
fn what_changed_over_a_picture_makes_the_next_one() {
    let (bytes, reading, settings) = scalp();
    let mut live = Live::open(&bytes, &reading, &settings, &Unwatched).expect("it opens");
    let whole = photo(&bytes, &Unwatched).expect("decodes").value;
    let canvas = Canvas::new(&whole, Part::whole(&whole), 600).expect("all of it");
    let start = live.wish();
    let view = View { light: Some(Light::Tungsten), ..View::at(Moment::Healed) };
    let painted = |live: &mut Live, wish: &Wish, over: Option<&Footprint>| {
        let plan = live.planned(wish).expect("a plan").value.clone();
        repaint(&canvas, &plan, &view, over, &Unwatched).expect("a picture").value
    };
    let first = painted(&mut live, &start, None);
    let mut pasted = first.simulation.codes;
    let next = Wish { density: 0.7, ..start.clone() };
    let change = painted(&mut live, &next, Some(&first.footprint));
    let Part { left_px, top_px, width_px, height_px } = change.area;
    for (y, row) in change.simulation.codes.chunks_exact(3 * width_px).enumerate() {
        pasted[3 * ((top_px + y) * 600 + left_px)..][..3 * width_px].copy_from_slice(row);
    }
    let expected = painted(&mut live, &next, None);
    assert!(pasted == expected.simulation.codes, "pasted, it is the same picture");
    assert!(height_px < expected.area.height_px, "{:?}", change.area);
    // What is at hand must be what was last painted, looked at in the same way.
    let seen = LiveView { view: Some(view), part: None, width_px: 600, over: None };
    let frame = live.frame(&start, &seen).expect("a frame");
    let again = LiveView { over: Some(frame.number), ..seen };
    assert_eq!(live.frame(&next, &again).expect("a frame").area, Some(change.area));
    assert_eq!(live.frame(&next, &again).expect("a frame").area, None, "another number");
    let later = LiveView { view: Some(View::at(Moment::Year1)), over: Some(frame.number + 2), ..seen };
    assert_eq!(live.frame(&next, &later).expect("a frame").area, None, "another view");
}

#[test]
fn wishes_and_views_that_cannot_be_granted_are_refused() {
    let (photo, reading, settings) = scalp();
    let mut live = Live::open(&photo, &reading, &settings, &Unwatched).expect("it opens");
    let wish = live.wish();
    let other = [photo.as_slice(), &[0]].concat();
    assert!(Live::open(&other, &reading, &settings, &Unwatched).is_err(), "another photograph");
    let refused =
        live.frame(&Wish { density: 2.0, ..wish.clone() }, &healed(300)).expect_err("refused").to_string();
    assert!(refused.contains("density of the wish is 2; needed: a number from 0.5 to 1.5"), "{refused}");
    let part = Some(Part { left_px: 900, top_px: 0, width_px: 200, height_px: 100 });
    let refused = live.frame(&wish, &LiveView { part, ..healed(300) }).expect_err("refused").to_string();
    assert!(refused.contains("200 × 100 pixels from column 900"), "{refused}");
    let bare = live.frame(&wish, &LiveView { view: None, ..healed(300) }).expect("the photograph").jpeg;
    assert!(!bare.windows(17).any(|window| window == b"DigitalSourceType"), "it is no simulation");
}
