//! One made-up case for tests: a strip scar across the back of a head.

use jpeg_encoder::{ColorType, Encoder};
use stipple_color::{ItaClass, Lab};
use stipple_model::{
    Assessment, Caveat, Code, Dot, Expectation, ExpectedThen, Hair, HealedMatch, PhotoFacts, Pigment,
    PitchSource, Plan, PlannedPigment, Reading, Reason, Scar, ScarKind, Session, Skin, SkinOptics, Totals,
    Verdict, WhiteSource,
};
use stipple_quantity::{Estimate, PointInPhoto, ScalpFromPhoto, Seed};

use super::page::Picture;

const WIDTH_PX: usize = 1600;
const HEIGHT_PX: usize = 1200;
const PITCH_UM: f64 = 100.0;

fn known(value: f64, standard_uncertainty: f64) -> Option<Estimate> {
    Some(Estimate::new(value, standard_uncertainty))
}

/// Middle line of the scar: a shallow arc, px.
fn middle_y_px(x_px: f64) -> f64 {
    640.0 - 160.0 * (1.0 - ((x_px - 800.0) / 620.0).powi(2))
}

fn half_width_px(x_px: f64) -> f64 {
    let t = ((x_px - 800.0) / 620.0).abs();
    if t >= 1.0 { 0.0 } else { 22.0 * (1.0 - t.powi(4)) + 4.0 * (x_px / 37.0).sin().abs() }
}

fn scar_outline() -> Vec<PointInPhoto> {
    let xs: Vec<f64> = (0..=62).map(|k| 180.0 + 20.0 * f64::from(k)).collect();
    let edge =
        |x: &f64, side: f64| PointInPhoto::new(*x, middle_y_px(*x) + side * half_width_px(*x).max(1.0));
    xs.iter().map(|x| edge(x, -1.0)).chain(xs.iter().rev().map(|x| edge(x, 1.0))).collect()
}

/// A reading with so many scars; each after the first is the same one, lower down.
pub(crate) fn reading(scars: usize) -> Reading {
    let scar = |k: usize| Scar {
        kind: if k == 0 { ScarKind::Linear } else { ScarKind::Punctate },
        outline: scar_outline()
            .into_iter()
            .map(|p| PointInPhoto::new(p.x_px, p.y_px + 40.0 * k as f64))
            .collect(),
        area_mm2: Estimate::new(538.0, 31.0),
        length_mm: known(127.4, 2.9),
        width_mm: known(4.31, 0.27),
        width_range: None,
        widths: Vec::new(),
        edge_uncertainty_mm: None,
        lab: Some(Lab::new(66.0, 11.0, 14.0)),
        lab_around: Some(Lab::new(58.0, 12.0, 16.0)),
        color_difference: known(8.7, 1.1),
        redness: known(1.4, 0.9),
        texture: if k == 0 { None } else { known(0.61, 0.12) },
        relief: None,
        hair_density_inside_per_cm2: known(6.2, 3.4),
        hair_density_around_per_cm2: known(71.3, 6.8),
    };
    let corner = |x: f64, y: f64| PointInPhoto::new(x, y);
    Reading {
        photo: PhotoFacts {
            width_px: WIDTH_PX,
            height_px: HEIGHT_PX,
            pixel_pitch_um: Estimate::new(PITCH_UM, 1.4),
            pixel_pitch_source: PitchSource::Card,
            scalp_from_photo: ScalpFromPhoto::from_pixel_pitch_um(PITCH_UM),
            tone_slope: None,
        },
        white: WhiteSource::Card,
        white_gain: [1.0; 3],
        zone_outlines: vec![vec![
            corner(60.0, 90.0),
            corner(1540.0, 90.0),
            corner(1510.0, 1040.0),
            corner(110.0, 1060.0),
        ]],
        zone_area_mm2: Estimate::new(13_640.0, 420.0),
        skin: Skin {
            lab: Lab::new(61.2, 11.4, 16.9),
            lab_uncertainty: Lab::new(1.2, 0.7, 0.9),
            ita_deg: Estimate::new(33.5, 3.4),
            ita_class: ItaClass::Intermediate,
            melanin_volume_fraction: known(0.034, 0.006),
            blood_volume_fraction: None,
            erythema_index: known(12.8, 1.3),
        },
        hair: Hair {
            unit_density_per_cm2: known(71.3, 6.8),
            median_diameter_um: known(74.0, 11.0),
            lab: Some(Lab::new(24.0, 2.5, 4.0)),
            detections: Vec::new(),
        },
        scars: (0..scars).map(scar).collect(),
    }
}

/// A plan of three sessions over the strip scar and its surroundings.
pub(crate) fn plan() -> Plan {
    let mut stream = Seed(7).stream("example", 0);
    let mut sessions: Vec<Session> = [(1, 0), (2, 28), (3, 42)]
        .map(|(number, interval_days)| Session { number, interval_days, dots: Vec::new() })
        .into();
    let scalp_from_photo = ScalpFromPhoto::from_pixel_pitch_um(PITCH_UM);
    for row in -18..=18 {
        for column in 0..130 {
            let x_px = 160.0 + 10.0 * (f64::from(column) + stream.between(-0.3, 0.3));
            let from_middle = 10.0 * (f64::from(row) + stream.between(-0.3, 0.3));
            let at_photo = PointInPhoto::new(x_px, middle_y_px(x_px) + from_middle);
            let outside = (from_middle.abs() - half_width_px(x_px)).max(0.0);
            if stream.uniform() > 0.9 * (1.0 - outside / 150.0).max(0.0) {
                continue;
            }
            let share = stream.uniform();
            let session = if share < 0.4 { 0 } else { 1 + usize::from(share > 0.75) };
            sessions[session].dots.push(Dot {
                at_scalp: scalp_from_photo.apply(at_photo),
                at_photo,
                diameter_um: stream.between(180.0, 230.0),
                needle_depth_mm: if outside > 0.0 { [0.5, 0.8] } else { [0.6, 1.0] },
                pigment: 0,
                in_scar: outside <= 0.0,
                zone: 1 + (column / 45) as u32,
            });
        }
    }
    sessions.iter_mut().for_each(|session| session.dots.sort_by_key(|dot| dot.zone));
    let dots = sessions.iter().map(|session| session.dots.len()).sum();
    Plan {
        photo_width_px: WIDTH_PX,
        photo_height_px: HEIGHT_PX,
        pixel_pitch_um: Estimate::new(PITCH_UM, 1.4),
        scalp_from_photo,
        photo_white_gain: [1.0; 3],
        hairs: Vec::new(),
        protocol: "Stipple default, version 1".to_owned(),
        pigments: vec![pigment()],
        sessions,
        lost: Vec::new(),
        sessions_done: 0,
        scar_outlines: vec![scar_outline()],
        drawn_lines: Vec::new(),
        healed_diameter_um: Estimate::new(120.0, 20.0),
        skin_lab: Lab::new(61.2, 11.4, 16.9),
        hair_lab: Some(Lab::new(24.0, 2.5, 4.0)),
        skin_optics: SkinOptics::ORDINARY,
        healed_match: Some(HealedMatch {
            color_difference: Estimate::new(6.2, 2.1),
            worst_color_difference: 7.9,
            worst_light: "tungsten".to_owned(),
            b_shift: Estimate::new(-1.4, 1.1),
            later: Vec::new(),
        }),
        scar_tone: None,
        totals: Totals {
            dots,
            area_mm2: 3720.0,
            dot_density_per_cm2: 62.0,
            pigment_ul: 412.0,
            chair_minutes: 131.0,
        },
    }
}

fn pigment() -> PlannedPigment {
    PlannedPigment {
        pigment: Pigment {
            id: "carbon-neutral".to_owned(),
            name: "Carbon black, neutral".to_owned(),
            recipe: "carbon black (CI 77266) in water, glycerin and witch hazel".to_owned(),
            lab_in_bottle: Lab::new(18.0, 0.2, 0.4),
            absorption_550_per_mm: 220.0,
            absorption_exponent: 0.9,
            absorption_curvature: 0.0,
            absorption_uncertainty: 0.5,
            dilutions: vec![4.0, 8.0, 16.0],
            source: "general knowledge".to_owned(),
        },
        dilution: 8.0,
    }
}

/// An assessment with the verdict wanted.
pub(crate) fn assessment(verdict: Verdict) -> Assessment {
    let reason = |verdict, rule: &str, text: &str, source: &str, grade| Reason {
        rule: rule.to_owned(),
        verdict,
        text: text.to_owned(),
        source: source.to_owned(),
        grade,
    };
    Assessment {
        verdict,
        not_before: (verdict == Verdict::NotYet).then_some(stipple_model::Date::constant(2027, 3, 1)),
        reasons: vec![
            reason(
                verdict,
                "scar_age",
                "The scar is 8 months old. Scars still change color and height in their first year, and \
                 pigment set now may not fit the scar they become.",
                "Swiss Aesthetic Med Spa, scar camouflage candidacy (swissamedspa.com)",
                'C',
            ),
            reason(
                Verdict::SuitableWithCare,
                "sparse_surroundings",
                "The hair around the scar must be kept short: at longer lengths the treated band can show \
                 as a gap.",
                "Rassman et al., newhair.com",
                'B',
            ),
        ],
        alternatives: vec![
            "Keep the hair at 2 cm or longer, which hides most linear scars.".to_owned(),
            "Ask a hair surgeon about scar revision or grafts into the scar.".to_owned(),
            "Try a concealer or a temporary pigment first.".to_owned(),
        ],
        expectation: Expectation {
            visible_distance_today_m: known(4.2, 0.5),
            visible_distance_m: known(1.1, 0.35),
            color_difference_today: known(6.1, 1.2),
            color_difference: known(2.6, 0.8),
            over_time: vec![then(42.0, 0.52, [2.6, 1.1]), then(730.5, 0.3, [3.4, 1.6])],
        },
    }
}

fn then(days: f64, pigment_left_in_scar: f64, [color_difference, metres]: [f64; 2]) -> ExpectedThen {
    ExpectedThen {
        days,
        pigment_left_in_scar: Estimate::new(pigment_left_in_scar, 0.11),
        pigment_left: Estimate::new(pigment_left_in_scar + 0.1, 0.08),
        color_difference: known(color_difference, 1.0),
        visible_distance_m: known(metres, 0.4),
    }
}

/// Three caveats, out of order.
pub(crate) fn caveats() -> Vec<Caveat> {
    use stipple_model::Weight::{Blocks, Doubt, Note};
    vec![
        Caveat::new(
            Code::ScarProposed,
            Note,
            "The scar’s outline was proposed by the software from where hair is missing.",
            "Look at the outline on the photograph and correct it by hand if it is off by more than 1 mm.",
        ),
        Caveat::new(
            Code::SkinChromophoresUnsure,
            Blocks,
            "Blood in the skin could not be measured: 38 % of the skin is covered by hair.",
            "Do not use the redness to judge whether the scar has settled; ask how it has changed instead.",
        ),
        Caveat::new(
            Code::PlanMayLookBlue,
            Doubt,
            "Dots deeper than 0.8 mm in scar skin may look bluish once healed (b* lower by 2.1 ± 0.9).",
            "Stay at the shallow end of the needle depth in the scar, and make a test patch of ten dots \
             first.",
        ),
    ]
}

/// A picture of skin with the scar; `dotted` as after treatment. `crop` is left, top, width, height in px.
pub(crate) fn picture(crop: [u32; 4], dotted: bool) -> Picture {
    let [left, top, width_px, height_px] = crop;
    let mut stream = Seed(11).stream("skin", 0);
    let mut rgb = Vec::new();
    for y in 0..height_px {
        for x in 0..width_px {
            let (x, y) = (f64::from(left + x), f64::from(top + y));
            let off = (y - middle_y_px(x)).abs();
            let cell = ((x / 11.0).floor() * 31.0 + (y / 11.0).floor() * 17.0).sin() * 4.0;
            let near = (x.rem_euclid(11.0) - 5.0 - cell).hypot(y.rem_euclid(11.0) - 5.0 + cell);
            let bare = off < half_width_px(x) && !dotted;
            let shade = if near < 1.4 && !bare { 0.45 } else { 1.0 } + stream.between(-0.03, 0.03);
            let skin = if off < half_width_px(x) { [226.0, 190.0, 176.0] } else { [196.0, 152.0, 128.0] };
            rgb.extend(skin.map(|c| (c * shade).clamp(0.0, 255.0) as u8));
        }
    }
    let mut bytes = Vec::new();
    let (w, h) = (width_px as u16, height_px as u16);
    Encoder::new(&mut bytes, 85).encode(&rgb, w, h, ColorType::Rgb).expect("a small picture encodes");
    Picture { bytes, width_px, height_px }
}
