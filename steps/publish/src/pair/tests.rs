//! Pixels of the pair, and what is suggested.

use stipple_color::RgbSpace;
use stipple_model::{BitDepth, Overlay};
use stipple_quantity::PointInPhoto;

use super::*;

const SIDE: (usize, usize) = (300, 200);

/// A scar in the middle; the left fifth is no scalp, and neither is a blot at the upper right.
fn laid() -> Laid {
    let (width, height) = SIDE;
    let photo = |shift: usize| {
        let codes = (0..3 * width * height).map(|k| ((k * 7 + shift) % 256) as u16 * 257);
        Photo::new(width, height, RgbSpace::Srgb, BitDepth::Eight, codes.collect())
    };
    let mut scalp = Mask::filled(width, height, true);
    for (k, is_scalp) in scalp.samples.iter_mut().enumerate() {
        let (x, y) = (k % width, k / width);
        *is_scalp = x >= 60 && !(x >= 260 && y < 40);
    }
    let corner = |x: f64, y: f64| PointInPhoto::new(x, y);
    Laid {
        photos: BeforeAfter { before: photo(0), after: photo(91) },
        difference: Overlay { width_px: width, height_px: height, codes: vec![0; 3 * width * height] },
        mm_per_px: 0.1,
        scar_outlines: vec![vec![corner(120.0, 90.0), corner(180.0, 90.0), corner(180.0, 110.0)]],
        scar_shown: 1.0,
        scalp,
    }
}

fn originals() -> BeforeAfter<String> {
    BeforeAfter { before: "a".repeat(64), after: "b".repeat(64) }
}

fn recipe(crop: Area, hidden: Vec<Area>) -> Recipe {
    Recipe { originals: originals(), crop, hidden, language: Language::English }
}

fn area(left_px: usize, top_px: usize, width_px: usize, height_px: usize) -> Area {
    Area { left_px, top_px, width_px, height_px }
}

fn holds(area: &Area, (x, y): (usize, usize)) -> bool {
    (area.left_px..area.left_px + area.width_px).contains(&x)
        && (area.top_px..area.top_px + area.height_px).contains(&y)
}

#[test]
fn what_is_painted_over_is_gone_from_both_and_the_rest_is_untouched() {
    let (laid, hidden) = (laid(), area(100, 50, 30, 20));
    let pair = derived(&laid, &recipe(area(80, 40, 200, 120), vec![hidden])).expect("it fits");
    for (made, original) in [(&pair.before, &laid.photos.before), (&pair.after, &laid.photos.after)] {
        assert_eq!((made.width_px, made.height_px), (200, 120));
        for (x, y) in (0..120).flat_map(|y| (0..200).map(move |x| (x, y))) {
            let place = (x + 80, y + 40);
            let expected = if holds(&hidden, place) { [PAINT; 3] } else { original.pixel(place.0, place.1) };
            assert_eq!(made.pixel(x, y), expected, "{place:?}");
        }
    }
}

#[test]
fn what_one_photograph_does_not_show_is_painted_over_in_both() {
    let mut laid = laid();
    // Beside the scalp it is nothing; on it, it may be a hair.
    for place in [(80, 150), (20, 30)] {
        let k = 3 * (place.1 * SIDE.0 + place.0);
        laid.photos.after.codes[k..k + 3].fill(0);
    }
    assert!(paints_unshown(&laid, &recipe(area(0, 0, 200, 200), Vec::new())));
    assert!(!paints_unshown(&laid, &recipe(area(60, 40, 140, 160), Vec::new())), "all of it is shown");
    let pair = derived(&laid, &recipe(area(0, 0, 200, 200), Vec::new())).expect("it fits");
    for photo in [&pair.before, &pair.after] {
        assert_eq!(photo.pixel(20, 30), [PAINT; 3]);
    }
    assert_eq!(pair.after.pixel(80, 150), [0; 3]);
    assert_eq!(pair.before.pixel(80, 150), laid.photos.before.pixel(80, 150));
}

#[test]
fn same_recipe_same_pixels() {
    let of = || derived(&laid(), &recipe(area(80, 40, 200, 120), vec![area(90, 50, 9, 9)])).expect("it fits");
    assert_eq!(of(), of());
}

#[test]
fn another_original_is_refused() {
    let recipe = recipe(area(0, 0, 100, 100), Vec::new());
    assert!(require_originals(&recipe, &originals()).is_ok());
    let other = BeforeAfter { after: "c".repeat(64), ..originals() };
    let refused = require_originals(&recipe, &other);
    assert!(matches!(refused, Err(Error::OtherOriginal { which: "after" })), "{refused:?}");
}

#[test]
fn areas_beyond_the_pictures_are_refused() {
    let inside = area(0, 0, 100, 100);
    let beyond =
        [area(0, 0, 301, 100), area(250, 0, 60, 100), area(usize::MAX, 0, 100, 100), area(0, 0, 20, 100)];
    for crop in beyond {
        assert!(derived(&laid(), &recipe(crop, Vec::new())).is_err(), "{crop:?}");
    }
    assert!(derived(&laid(), &recipe(inside, vec![area(0, 150, 10, usize::MAX)])).is_err());
    assert!(derived(&laid(), &recipe(inside, vec![inside; 1001])).is_err());
}

/// How much of the scar is told to be seen, percent; none where it is enough.
fn refused(laid: &Laid, crop: Area, hidden: Vec<Area>) -> Option<u8> {
    match derived(laid, &recipe(crop, hidden)) {
        Ok(_) => None,
        Err(Error::ScarHidden { percent }) => Some(percent),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_crop_that_leaves_the_scar_out_is_refused() {
    let laid = laid();
    assert_eq!(refused(&laid, area(110, 60, 90, 80), vec![]), None);
    assert_eq!(refused(&laid, area(200, 60, 90, 80), vec![]), Some(0), "beside the scar");
    let half = refused(&laid, area(150, 60, 90, 80), vec![]).expect("a part of the scar");
    assert!((60..=85).contains(&half), "three quarters of a triangle lie to the right: {half}");
    // A pixel or two of an end may be lost.
    assert_eq!(refused(&laid, area(122, 60, 90, 80), vec![]), None);
}

#[test]
fn a_scar_that_is_painted_over_is_refused() {
    let whole = area(60, 0, 200, 200);
    assert_eq!(refused(&laid(), whole, vec![area(110, 85, 80, 30)]), Some(0), "all of it");
    let both_halves = vec![area(110, 85, 50, 30), area(150, 85, 40, 30)];
    assert_eq!(refused(&laid(), whole, both_halves), Some(0), "area by area");
    assert_eq!(refused(&laid(), whole, vec![area(60, 0, 200, 85)]), None, "beside it");
    // What one of the photographs does not show is painted over too.
    let mut laid = laid();
    for (x, y) in pixels(&area(110, 85, 80, 30)) {
        let k = y * SIDE.0 + x;
        laid.scalp.samples[k] = false;
        laid.photos.after.codes[3 * k..3 * k + 3].fill(0);
    }
    assert_eq!(refused(&laid, whole, vec![]), Some(0));
}

#[test]
fn what_is_no_scalp_is_suggested_and_the_scar_is_not() {
    let found = suggested(&laid(), originals(), Language::German);
    assert_eq!(found.crop.left_px, 60, "what is no scalp on one side is cut off");
    assert_eq!(found.crop.left_px + found.crop.width_px, 260);
    assert_eq!((found.crop.top_px, found.crop.height_px), (0, 200));
    assert_eq!(found.hidden, []);
    let mut blotted = laid();
    (0..10).for_each(|x| (0..10).for_each(|y| blotted.scalp.samples[(150 + y) * SIDE.0 + 90 + x] = false));
    let found = suggested(&blotted, originals(), Language::German);
    let covered = |x: usize, y: usize| found.hidden.iter().any(|area| holds(area, (x, y)));
    blotted.scalp.samples.fill(false);
    let kept = suggested(&blotted, originals(), Language::German).hidden;
    let on_scar = |place| kept.iter().any(|area| holds(area, place));
    assert!(!on_scar((150, 95)) && !on_scar((175, 105)), "the scar is never painted over, inside neither");
    assert!(covered(95, 155) && !covered(150, 100) && !covered(200, 20), "{:?}", found.hidden);
    assert!(derived(&laid(), &found).is_ok());
}
