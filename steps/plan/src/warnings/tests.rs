//! How often each warning comes, over skins and hair colors.
#![allow(clippy::print_stdout, reason = "`--nocapture` shows how often each warning comes")]

use std::collections::BTreeMap;

use stipple_quantity::Estimate;

use super::*;
use crate::expectation::tests::expected;
use crate::palette::Palette;
use crate::pigment::choose;
use crate::plan::tests::{SKINS, default_like_protocol, strip_reading};
use crate::tone::Tone;

/// Hair as a photograph shows it between skin.
const HAIRS: [(&str, [f64; 3]); 6] = [
    ("black", [16.0, 1.0, 1.0]),
    ("dark brown", [24.0, 4.0, 5.0]),
    ("brown", [34.0, 6.0, 9.0]),
    ("light brown", [44.0, 6.0, 13.0]),
    ("blond", [54.0, 5.0, 16.0]),
    ("gray", [58.0, 1.0, 4.0]),
];

/// A strip scar a little paler than its skin, and hair.
fn person(skin: [f64; 3], hair: [f64; 3]) -> Reading {
    let color = |[l, a, b]: [f64; 3]| Lab::new(l, a, b);
    let mut reading = strip_reading();
    (reading.skin.lab, reading.hair.lab) = (color(skin), Some(color(hair)));
    let scar = &mut reading.scars[0];
    scar.lab_around = Some(color(skin));
    scar.lab = Some(Lab::new(skin[0] + 3.0, skin[1] - 1.0, skin[2]));
    reading
}

fn warned(reading: &Reading, protocol: &Protocol) -> Vec<Caveat> {
    let palette = Palette::of(reading, protocol);
    choose(reading, &palette, protocol, &Tone::of(reading, &palette, protocol)).caveats
}

#[test]
fn each_warning_comes_where_it_should_and_not_everywhere() {
    let protocol = default_like_protocol();
    let mut often: BTreeMap<&str, usize> = BTreeMap::new();
    for (skin_name, skin) in SKINS {
        for (hair_name, hair) in HAIRS {
            let caveats = warned(&person(skin, hair), &protocol);
            let codes: Vec<&str> = caveats.iter().map(|c| c.code.name()).collect();
            println!("{skin_name:13} {hair_name:12} {codes:?}");
            codes.iter().for_each(|code| *often.entry(code).or_default() += 1);
            if hair_name == "black" && skin_name != "dark" {
                let doubts = caveats.iter().filter(|c| c.weight != Weight::Note).count();
                assert_eq!(doubts, 0, "black hair on {skin_name} skin: {caveats:?}");
                assert!(!codes.contains(&"plan.too_dark"), "nothing is darker than black hair");
            }
        }
    }
    println!("of {}: {often:?}", SKINS.len() * HAIRS.len());
}

#[test]
fn too_dark_is_said_with_its_numbers_and_a_thinner_dilution() {
    let mut protocol = default_like_protocol();
    for pigment in &mut protocol.pigments {
        pigment.dilutions = vec![0.0, 1.0];
    }
    let caveats = warned(&person(SKINS[0].1, HAIRS[4].1), &protocol);
    let dark = caveats.iter().find(|c| c.code == Code::PlanTooDark).expect("it is far too dark");
    println!("{} {}", dark.message, dark.remedy);
    assert_eq!(dark.weight, Weight::Doubt);
    for said in ["L* ", " ± ", "hair of L* 54", " darker", " % of what", "Before they heal they have L* "] {
        assert!(dark.message.contains(said), "{said}: {}", dark.message);
    }
    assert!(dark.remedy.contains("1 part to one"), "{}", dark.remedy);
}

#[test]
fn blue_and_hardly_are_said_with_their_numbers() {
    let mut protocol = default_like_protocol();
    protocol.needle_depth_in_scar_mm = [0.45, 0.65];
    let caveats = warned(&person(SKINS[0].1, HAIRS[2].1), &protocol);
    let blue = caveats.iter().find(|c| c.code == Code::PlanMayLookBlue).expect("it is deep");
    println!("{}", blue.message);
    assert!(blue.message.contains(" ± ") && blue.message.contains("° against the hair"), "{}", blue.message);
    protocol.needle_depth_in_scar_mm = [0.2, 0.4];
    protocol.pigments.iter_mut().for_each(|pigment| pigment.dilutions = vec![127.0]);
    let caveats = warned(&person(SKINS[0].1, HAIRS[2].1), &protocol);
    let hardly = caveats.iter().find(|c| c.code == Code::PlanHardlyShows).expect("it is very thin");
    println!("{}", hardly.message);
    assert!(hardly.message.contains("CIEDE2000 ") && hardly.message.contains(" ± "), "{}", hardly.message);
}

#[test]
fn too_deep_is_said_instead_of_blaming_the_pigment() {
    let mut protocol = default_like_protocol();
    for (depth_mm, said) in [([0.2, 0.4], false), ([0.5, 0.8], false), ([0.8, 1.2], true), ([1.5, 2.0], true)]
    {
        protocol.needle_depth_in_scar_mm = depth_mm;
        let caveats = warned(&person(SKINS[0].1, HAIRS[0].1), &protocol);
        let deep: Vec<_> = caveats.iter().filter(|c| c.code == Code::PlanTooDeep).collect();
        assert_eq!(deep.len(), usize::from(said), "{depth_mm:?}");
        let blamed = [Code::PlanPigmentPoor, Code::PlanHardlyShows];
        assert!(!said || !caveats.iter().any(|c| blamed.contains(&c.code)), "{caveats:?}");
    }
    let around = Protocol { needle_depth_mm: [1.5, 3.0], ..default_like_protocol() };
    let caveats = warned(&person(SKINS[0].1, HAIRS[0].1), &around);
    let deep =
        caveats.iter().find(|c| c.code == Code::PlanTooDeep).expect("the soft edge's dots are too deep");
    assert!(deep.message.contains("no scar"), "{}", deep.message);
}

#[test]
fn red_scars_show_more_under_pigment_and_pale_ones_less() {
    let protocol = default_like_protocol();
    let change = |skin: [f64; 3], lightness: f64, red: f64| {
        let mut reading = person(skin, HAIRS[0].1);
        let scar = &mut reading.scars[0];
        scar.lab = Some(Lab::new(skin[0] + lightness, skin[1] + red, skin[2]));
        scar.color_difference = Some(Estimate::new(5.0, 1.0));
        let expected = expected(&reading, &protocol).value;
        let value = |e: Option<Estimate>| e.expect("all is measured").value;
        (value(expected.color_difference_today), value(expected.color_difference))
    };
    let red: Vec<_> = SKINS[..3].iter().map(|(_, skin)| change(*skin, -4.0, 6.0)).collect();
    let pale: Vec<_> =
        SKINS[..3].iter().flat_map(|(_, skin)| [3.0, 6.0].map(|l| change(*skin, l, -1.0))).collect();
    println!("red, today and healed: {red:.1?}; pale: {pale:.1?}");
    assert!(red.iter().all(|(today, healed)| healed > today), "{red:?}");
    assert!(pale.iter().all(|(today, healed)| healed < today), "{pale:?}");
}
