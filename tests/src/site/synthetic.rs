//! Portfolios of invented cases, from a seed.

use stipple_color::ItaClass;
use stipple_model::{
    BeforeAfter, CaseId, Comparable, Credential, Date, Denominator, Doubt, HairClass, Insider, Language,
    LedgerHead, Likeness, Measures, Portfolio, PublishedCase, PublishedPicture, Removal, Removed, Review,
    ScarKind, Unpublished,
};
use stipple_quantity::{Estimate, Seed, Stream};
use stipple_record::store::sha256_hex;

pub(super) const TODAY: Date = Date::constant(2026, 11, 29);

/// A portfolio that shows so many cases, with a third as many followed and not shown.
pub(super) fn portfolio(seed: u64, shown: usize, language: Language) -> Portfolio {
    let mut stream = Seed(seed).stream("portfolio", 0);
    let picture = PublishedPicture {
        width_px: 1200,
        height_px: 900,
        sha256: sha256_hex(b"picture"),
        painted_over: 1,
        is_whitened: true,
        outline_drawn: false,
    };
    let cases: Vec<PublishedCase> = (0..shown).map(|k| case(&mut stream, seed, k, &picture)).collect();
    let hidden: Vec<Measures> = (0..shown / 3 + 2).map(|_| measures(&mut stream)).collect();
    let mut consented: std::collections::BTreeSet<CaseId> =
        cases.iter().map(|case| case.id.clone()).collect();
    consented.extend((0..shown / 20).map(|k| id(seed, 10_000 + k)));
    let denominator = Denominator {
        treated: 2 * shown + 9,
        followed: shown + hidden.len() + 1,
        consented: consented.len(),
        published: shown,
        withdrawn: 2,
        taken_down: 0,
        erased: 1,
        removed: 1,
        uncounted: 1,
    };
    Portfolio {
        clinic: if language == Language::English { "Clinic at the Gate" } else { "Praxis am Tor" }.to_owned(),
        country: if language == Language::English { "GB" } else { "DE" }.to_owned(),
        language,
        address: Some("https://clinic.example/portfolio/".to_owned()),
        is_listed: false,
        credentials: credentials(),
        as_of: TODAY,
        ledger: LedgerHead { place: 4211, hash: sha256_hex(&seed.to_le_bytes()) },
        denominator,
        consented,
        cases,
        unpublished: Unpublished::of(&hidden),
        reviews_policy: Some("Everybody is asked once, four weeks after the last session.".to_owned()),
        reviews: reviews(),
        removed_reviews: vec![Removed { reason: Removal::PersonalData, count: 1 }],
    }
}

fn id(seed: u64, k: usize) -> CaseId {
    CaseId::new(&sha256_hex(format!("{seed} {k}").as_bytes())[..12]).expect("letters and digits")
}

fn case(stream: &mut Stream, seed: u64, k: usize, picture: &PublishedPicture) -> PublishedCase {
    let hair_mm = stream.between(0.3, 1.2);
    PublishedCase {
        id: id(seed, k),
        picture: picture.clone(),
        scar: ScarKind::ALL[stream.below(3)],
        skin: ItaClass::ALL[stream.below(6)],
        hair: HairClass::ALL[stream.below(6)],
        sessions: 1 + stream.below(4) as u32,
        days_since_last_session: 28 + stream.below(500) as u32,
        measures: measures(stream),
        scar_shown: Some(0.85),
        doubts: vec![Doubt::ToneUnknown, Doubt::ScaleTyped],
        likeness: Likeness {
            verdict: if stream.uniform() < 0.7 { Comparable::Yes } else { Comparable::WithCare },
            light_delta_e00: stream.between(0.3, 2.5),
            tilt_deg: stream.between(0.0, 12.0),
            hair_length_mm: BeforeAfter {
                before: Some(hair_mm),
                after: (!k.is_multiple_of(7)).then_some(1.1 * hair_mm),
            },
        },
        later: None,
    }
}

fn measures(stream: &mut Stream) -> Measures {
    let before = stream.between(2.0, 14.0);
    let after = before * stream.between(0.02, 0.6);
    let about = |value: f64| Estimate::new(value, value / 9.0);
    Measures {
        visible_distance_m: BeforeAfter {
            before: (before < 13.5).then(|| about(before)),
            after: Some(if after < 0.15 { Estimate::new(0.0, 0.1) } else { about(after) }),
        },
        color_difference: BeforeAfter {
            before: about(stream.between(5.0, 14.0)),
            after: about(stream.between(0.8, 5.0)),
        },
        retained_fraction: (stream.uniform() < 0.8).then(|| Estimate::new(stream.between(0.55, 0.97), 0.03)),
    }
}

fn credentials() -> Vec<Credential> {
    let credential = |what: &str, by: &str, number: Option<&str>, until| Credential {
        what: what.to_owned(),
        issued_by: by.to_owned(),
        number: number.map(str::to_owned),
        until,
    };
    vec![
        credential(
            "Registration for scalp pigmentation",
            "Borough Council",
            Some("SP 2031"),
            Some(Date::constant(2027, 3, 31)),
        ),
        credential("Training in medical tattooing, 120 hours", "A school of tattooing", None, None),
        credential("First aid", "A rescue service", None, Some(Date::constant(2026, 6, 30))),
    ]
}

fn reviews() -> Vec<Review> {
    let review = |stars, text: &str, months: [&str; 2]| Review {
        stars,
        text: text.to_owned(),
        session: months[0].parse().expect("a month"),
        written: months[1].parse().expect("a month"),
        offered: None,
        incentive: None,
        insider: None,
        answer: None,
    };
    let mut all = vec![
        review(5, "I can wear my hair short again.\nIt took three sessions.", ["2025-03", "2025-06"]),
        review(4, "Good, but it faded a little in the second year.", ["2024-02", "2026-01"]),
        review(
            2,
            "It is still seen in bright light. They told me before that it might be.",
            ["2026-04", "2026-07"],
        ),
        review(5, "Kind and exact.", ["2026-05", "2026-07"]),
        review(4, "Calm people. The color is right.", ["2026-06", "2026-09"]),
        review(5, "I work at the desk and had my own scar done.", ["2025-10", "2026-02"]),
    ];
    all[1].offered = Some("a coffee".to_owned());
    all[1].incentive = Some("10 % off the next touch-up".to_owned());
    all[2].answer =
        Some("Thank you for saying so. Scars that reflect light stay visible from some angles.".to_owned());
    all[5].insider = Some(Insider::Staff);
    all
}
