//! One small value of every kind, with every field filled and every `None` taken once.

use stipple_color::{ItaClass, Lab};
use stipple_model as model;
use stipple_model::{Caveat, Code, Qualified, Weight};
use stipple_quantity::{Estimate, PointInPhoto, PointInScalp, ScalpFromPhoto};

use super::*;
use crate::provenance::Setting;

/// The kind and the text of every file.
pub(crate) fn files() -> Vec<(&'static str, String)> {
    vec![
        ("assessment", assessment_to_json(&assessment(), &provenance())),
        ("outcome", outcome_to_json(&outcome(), &provenance())),
        ("plan", plan_to_json(&plan(), &provenance())),
        ("reading", reading_to_json(&reading(3), &provenance())),
        ("truth", truth_to_json(&truth(), &provenance())),
    ]
}

pub(crate) fn provenance() -> Provenance {
    Provenance::of_this_program()
        .with_seed(7)
        .with_option("pixel_pitch_um", Setting::Number(83.25))
        .with_option("quiet", Setting::Flag(true))
        .with_option("moment", Setting::Text("1y".into()))
        .with_input("photo", b"abc")
}

fn measured(value: f64) -> Estimate {
    Estimate::new(value, value.abs() / 30.0)
}

fn square(at_px: f64) -> Vec<PointInPhoto> {
    [(0.0, 0.0), (40.125, 0.0), (40.0, 30.0), (0.0, 30.0)]
        .map(|(x, y)| PointInPhoto::new(at_px + x, at_px + y))
        .to_vec()
}

fn caveats() -> Vec<Caveat> {
    vec![Caveat::new(Code::ScaleEntered, Weight::Note, "The pitch was \"entered\": 83 µm.", "Use the card.")]
}

fn tilted() -> ScalpFromPhoto {
    ScalpFromPhoto { rows: [[0.083, 0.001 / 3.0, -1.0], [-0.0, 0.083, 2.0], [1e-6, -2e-6, 1.0]] }
}

pub(crate) fn reading(detections: usize) -> Qualified<model::Reading> {
    let detection = |k: usize| model::Detection {
        at: PointInPhoto::new(1.0 / 3.0 + k as f64, 1000.0 + k as f64 / 7.0),
        diameter_um: 61.234_567,
        lab: Lab::new(23.123_456, -0.000_01, 5.1),
        confidence: 0.934_56,
        direction_deg: Some(91.234_5),
        length_mm: (k != 1).then_some(0.712_34),
        unit: k / 2,
    };
    let scar = model::Scar {
        kind: model::ScarKind::Linear,
        outline: square(100.0),
        area_mm2: measured(321.123_456_78),
        length_mm: Some(measured(80.0)),
        width_mm: Some(measured(4.0)),
        width_range: Some(model::WidthRange {
            p10_mm: measured(3.0),
            p90_mm: measured(5.0),
            max_mm: measured(6.0),
        }),
        widths: vec![model::WidthAt { at: PointInPhoto::new(120.0, 110.0), along_mm: 0.5, width_mm: 4.0 }],
        edge_uncertainty_mm: Some(0.25),
        lab: Some(Lab::new(66.0, 11.0, 14.5)),
        lab_around: None,
        color_difference: Some(measured(9.5)),
        redness: Some(measured(-1.5)),
        texture: None,
        relief: Some(measured(0.05)),
        hair_density_inside_per_cm2: Some(Estimate::new(0.0, 0.5)),
        hair_density_around_per_cm2: Some(measured(74.0)),
    };
    let value = model::Reading {
        photo: model::PhotoFacts {
            width_px: 4000,
            height_px: 3000,
            pixel_pitch_um: Estimate::new(83.25, 0.0),
            pixel_pitch_source: model::PitchSource::Entered,
            scalp_from_photo: tilted(),
            tone_slope: Some(measured(0.97)),
        },
        white: model::WhiteSource::Camera,
        white_gain: [1.02, 0.99, 1.01],
        zone_outlines: vec![square(0.0), square(500.0)],
        zone_area_mm2: measured(9000.0),
        skin: model::Skin {
            lab: Lab::new(61.0, 11.3, 16.4),
            lab_uncertainty: Lab::new(2.0, 1.0, 1.0),
            ita_deg: measured(34.0),
            ita_class: ItaClass::Intermediate,
            melanin_volume_fraction: Some(measured(0.031)),
            blood_volume_fraction: None,
            erythema_index: Some(measured(22.0)),
        },
        hair: model::Hair {
            unit_density_per_cm2: Some(measured(74.0)),
            median_diameter_um: None,
            lab: Some(Lab::new(23.0, 4.0, 5.0)),
            detections: (0..detections).map(detection).collect(),
        },
        scars: vec![scar],
    };
    Qualified::new(value, caveats())
}

pub(crate) fn assessment() -> Qualified<model::Assessment> {
    let reason = model::Reason {
        rule: "scar_under_6_months".into(),
        verdict: model::Verdict::NotYet,
        text: "The scar is still healing.".into(),
        source: "a book".into(),
        grade: 'C',
    };
    let value = model::Assessment {
        verdict: model::Verdict::NotYet,
        not_before: Some("2027-02-28".parse().expect("a day")),
        reasons: vec![reason],
        alternatives: vec!["Wait.".into()],
        expectation: model::Expectation {
            visible_distance_today_m: Some(measured(2.5)),
            visible_distance_m: Some(measured(0.7)),
            color_difference_today: Some(measured(6.5)),
            color_difference: None,
            over_time: vec![model::ExpectedThen {
                days: 730.5,
                pigment_left_in_scar: measured(0.3),
                pigment_left: measured(0.4),
                color_difference: None,
                visible_distance_m: Some(measured(1.0)),
            }],
        },
    };
    Qualified::new(value, caveats())
}

pub(crate) fn plan() -> Qualified<model::Plan> {
    let pigment = |id: &str| model::PlannedPigment {
        pigment: model::Pigment {
            id: id.into(),
            name: "Carbon black".into(),
            recipe: "CI 77266".into(),
            lab_in_bottle: Lab::new(17.0, 0.2, -0.4),
            absorption_550_per_mm: 200.0,
            absorption_exponent: 1.0,
            absorption_curvature: 0.0,
            absorption_uncertainty: 0.5,
            dilutions: vec![0.0, 1.0, 15.0],
            source: "a table".into(),
        },
        dilution: 15.0,
    };
    let dot = |k: usize| model::Dot {
        at_scalp: PointInScalp::new(k as f64 / 3.0, -1e-9),
        at_photo: PointInPhoto::new(k as f64 * 4.0, 1_234.567_89),
        diameter_um: 200.0,
        needle_depth_mm: [0.3, 0.5],
        pigment: k % 2,
        in_scar: k == 0,
        zone: 1 + k as u32 / 2,
    };
    let session =
        |number| model::Session { number, interval_days: 28 * (number - 1), dots: (0..3).map(dot).collect() };
    let value = model::Plan {
        photo_width_px: 4000,
        photo_height_px: 3000,
        pixel_pitch_um: measured(83.25),
        scalp_from_photo: tilted(),
        photo_white_gain: [1.02, 0.99, 1.01],
        hairs: vec![model::Root { at_photo: PointInPhoto::new(12.25, 30.5), diameter_um: 71.5 }],
        protocol: "stipple-default 1".into(),
        pigments: vec![pigment("carbon-black"), pigment("carbon-brown")],
        sessions: vec![session(1), session(2)],
        scar_outlines: vec![square(100.0)],
        drawn_lines: vec![square(300.0)],
        lost: vec![PointInPhoto::new(12.5, 30.25)],
        sessions_done: 1,
        healed_diameter_um: measured(120.0),
        skin_lab: Lab::new(61.0, 11.3, 16.4),
        hair_lab: None,
        skin_optics: model::SkinOptics::ORDINARY,
        healed_match: Some(model::HealedMatch {
            color_difference: measured(4.0),
            worst_color_difference: 6.0,
            worst_light: "tungsten".into(),
            b_shift: measured(-2.0),
            later: vec![model::LaterMatch {
                years: 3.0,
                lightness: [55.0, 48.0, 41.0],
                color_difference: [14.0, 8.0, 3.0],
            }],
        }),
        scar_tone: Some(model::ScarTone {
            today: model::ToneDifference { median: 4.5, p95: 5.5 },
            healed: model::ToneDifference { median: 1.0, p95: 2.0 },
        }),
        totals: model::Totals {
            dots: 6,
            area_mm2: 3210.0,
            dot_density_per_cm2: 0.187,
            pigment_ul: 1.2,
            chair_minutes: 0.2,
        },
    };
    Qualified::new(value, caveats())
}

pub(crate) fn truth() -> model::Truth {
    model::Truth {
        seed: u64::MAX,
        width_px: 640,
        height_px: 480,
        pixel_pitch_um: 100.0,
        skin_lab: Lab::new(61.0, 11.3, 16.4),
        ita_deg: 34.0,
        hair_lab: Lab::new(23.0, 4.0, 5.0),
        unit_density_per_cm2: 74.0,
        hairs: vec![model::TruthHair {
            root: PointInPhoto::new(10.5, 20.25),
            tip: PointInPhoto::new(14.0 / 3.0, 21.0),
            diameter_um: 70.0,
            unit: 3,
        }],
        scars: vec![model::TruthScar {
            kind: model::ScarKind::Patch,
            outline: square(100.0),
            area_mm2: 12.0,
            length_mm: 4.0,
            width_mm: 3.0,
            lab: Lab::new(65.0, 9.0, 12.0),
        }],
    }
}

pub(crate) fn outcome() -> Qualified<model::Outcome> {
    let pair =
        |before: f64, after: f64| model::BeforeAfter { before: measured(before), after: measured(after) };
    let colors =
        |l: f64| model::ScarColors { scar: Lab::new(l, 12.123_456, 17.0), around: Lab::new(51.0, 9.0, 14.5) };
    let units =
        |inside: f64| model::UnitsAround { inside_per_cm2: measured(inside), around_per_cm2: measured(78.9) };
    let value = model::Outcome {
        comparability: model::Comparability {
            light_delta_e00: 3.271_592_6,
            sharpness_ratio: Some(1.1),
            residual_px: 0.31,
            scale_ratio: 1.05,
            rotation_deg: -3.21,
            tilt_deg: 6.54,
            hair_length_mm: model::BeforeAfter { before: Some(0.71), after: None },
            tone_ratio: Some(measured(0.93)),
            days_since_last_session: Some(93),
            verdict: model::Comparable::WithCare,
        },
        alignment: model::AlignmentFacts { pairs: 812, scatter_um: 26.543_21, log10_chance: -141.2 },
        scar_area_mm2: 173.25,
        scale_unsure: 0.031,
        visible_distance_m: model::BeforeAfter { before: None, after: Some(measured(3.2)) },
        visibility: vec![model::SeenFrom { distance_m: 0.25, detectability: pair(12.3, 0.0) }],
        color_difference: pair(9.876_543_2, 2.1),
        colors: model::BeforeAfter { before: colors(60.0), after: colors(52.0) },
        redness: pair(1.5, -0.25),
        units: model::BeforeAfter { before: units(3.0), after: units(71.0) },
        edge_profile: vec![model::AcrossEdge { from_edge_mm: -0.25, lightness: pair(60.0, 52.0) }],
        blue_shift: None,
        deposits: Some(model::Deposits {
            planned: 120,
            unseen: vec![PointInPhoto::new(7.0, 8.5)],
            found: 100,
            retained_fraction: measured(0.84),
            interval: (0.77, 0.9),
            in_scar: Some(measured(0.8)),
            around: None,
            by_session: vec![model::SessionKept {
                number: 2,
                planned: 40,
                retained_fraction: Some(measured(0.8)),
            }],
            look: Some(model::DotLook {
                contrast_mm2: [0.031, 0.034, 0.035].map(measured),
                half_radius_um: measured(160.0),
                expected: Some(model::ExpectedLook {
                    contrast_mm2: [0.033, 0.036, 0.037].map(measured),
                    half_radius_um: measured(150.0),
                }),
            }),
            dots: vec![model::DotToday {
                at: PointInPhoto::new(100.0 / 3.0, 50.0),
                probability: 0.98765,
                contrast_mm2: Some(0.031_234_567),
            }],
        }),
    };
    Qualified { value, caveats: caveats() }
}
