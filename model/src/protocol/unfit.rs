//! Which settings of a protocol can be followed: one table, for files and for numbers that come another way.

use std::ops::RangeInclusive;

use super::{Pigment, Protocol, SessionSetting, TestSetting};
use crate::unfit::Unfit;
use crate::wish::DILUTION;

impl Protocol {
    /// The first setting that no plan can follow.
    pub fn unfit(&self) -> Option<Unfit> {
        let sizes = [
            ("fresh_diameter_um", &self.fresh_diameter_um),
            ("healed_diameter_um", &self.healed_diameter_um),
        ];
        self.numbers()
            .into_iter()
            .find_map(|(setting, value, range, unit)| Unfit::outside(setting, value, range, unit))
            .or_else(|| {
                sizes.iter().find_map(|(setting, size)| {
                    Unfit::outside(&format!("{setting}.value"), size.value, 20.0..=1000.0, "µm").or_else(
                        || {
                            let setting = format!("{setting}.standard_uncertainty");
                            Unfit::outside(&setting, size.standard_uncertainty, 0.0..=1000.0, "µm")
                        },
                    )
                })
            })
            .or_else(|| self.healed_too_wide())
            .or_else(|| depths("needle_depth_mm", self.needle_depth_mm))
            .or_else(|| depths("needle_depth_in_scar_mm", self.needle_depth_in_scar_mm))
            .or_else(|| test(self.test))
            .or_else(|| sessions(&self.sessions))
            .or_else(|| pigments(&self.pigments))
    }

    /// A dot's rim is lost as it heals, and what runs in the skin runs from its width.
    fn healed_too_wide(&self) -> Option<Unfit> {
        const TIMES_MOST: f64 = 1.5;
        let (healed, fresh) = (self.healed_diameter_um.value, self.fresh_diameter_um.value);
        // Sliders take both along, which rounds.
        (healed > TIMES_MOST * fresh * (1.0 + 1e-9)).then(|| {
            let needed = format!("at most {TIMES_MOST} times the fresh diameter, {} µm,", TIMES_MOST * fresh);
            unfit("healed_diameter_um.value", format!("{healed} µm"), needed)
        })
    }

    /// Every setting that is one number: its name, its value, what it may be and its unit.
    fn numbers(&self) -> [(&'static str, f64, RangeInclusive<f64>, &'static str); 14] {
        let line = &self.hairline;
        [
            ("density_share", self.density_share, 0.0..=1.5, ""),
            ("fallback_unit_density_per_cm2", self.fallback_unit_density_per_cm2, 5.0..=300.0, "per cm²"),
            ("feather_mm", self.feather_mm, 0.0..=100.0, "mm"),
            ("thinning.density_share", self.thinning_density_share, 0.0..=1.0, ""),
            ("hairline.soft_mm", line.soft_mm, 0.0..=50.0, "mm"),
            ("hairline.singles_mm", line.singles_mm, 0.0..=50.0, "mm"),
            ("hairline.micro_deviation_mm", line.small.deviation_mm, 0.0..=5.0, "mm"),
            ("hairline.micro_length_mm", line.small.length_mm, 1.0..=200.0, "mm"),
            ("hairline.macro_deviation_mm", line.large.deviation_mm, 0.0..=5.0, "mm"),
            ("hairline.macro_length_mm", line.large.length_mm, 1.0..=200.0, "mm"),
            ("dot_spacing_min_mm", self.dot_spacing_min_mm, 0.1..=10.0, "mm"),
            ("lifetime_dots_per_cm2_max", self.lifetime_dots_per_cm2_max, 1.0..=1000.0, "per cm²"),
            ("dots_per_minute", self.dots_per_minute, 0.1..=1000.0, "per minute"),
            ("pigment_ul_per_dot", self.pigment_ul_per_dot, 0.0..=100.0, "µl"),
        ]
    }
}

fn unfit(setting: &str, found: String, needed: impl Into<String>) -> Unfit {
    Unfit { field: setting.to_owned(), found, needed: needed.into() }
}

/// A band of needle depths: shallowest and deepest.
fn depths(setting: &str, [shallowest, deepest]: [f64; 2]) -> Option<Unfit> {
    let band = (0.05..=3.0).contains(&shallowest) && (0.05..=3.0).contains(&deepest) && shallowest < deepest;
    let needed = "the shallowest and then the deepest depth, both from 0.05 to 3 mm";
    (!band).then(|| unfit(setting, format!("{shallowest} to {deepest} mm"), needed))
}

/// Test dots that are looked at within a year.
fn test(test: TestSetting) -> Option<Unfit> {
    const DAYS_MOST: u32 = 365;
    (test.days > DAYS_MOST).then(|| unfit("test.days", format!("{} days", test.days), "0 to 365 days"))
}

/// Sessions whose shares rise to 1.
fn sessions(sessions: &[SessionSetting]) -> Option<Unfit> {
    const SESSIONS: RangeInclusive<usize> = 1..=20;
    const DAYS_MAX: u32 = 3650;
    if !SESSIONS.contains(&sessions.len()) {
        return Some(unfit("sessions", format!("{} sessions", sessions.len()), "1 to 20 sessions"));
    }
    let shares: Vec<f64> = sessions.iter().map(|session| session.share_after).collect();
    let rising = shares[0] > 0.0 && shares.windows(2).all(|pair| pair[0] < pair[1]);
    if !rising || (shares[shares.len() - 1] - 1.0).abs() > 1e-6 {
        let found: Vec<String> = shares.iter().map(f64::to_string).collect();
        return Some(unfit("sessions.share_after", found.join(", "), "shares that rise from above 0 to 1"));
    }
    let is_odd = |(k, session): &(usize, &SessionSetting)| {
        session.interval_days > DAYS_MAX || (*k > 0 && session.interval_days == 0)
    };
    let (_, odd) = sessions.iter().enumerate().find(is_odd)?;
    let needed = format!("1 to {DAYS_MAX} days since the session before (the first may say 0)");
    Some(unfit("sessions.interval_days", format!("{} days", odd.interval_days), needed))
}

/// What a file may hold of a pigment is more, and checked there; this is what dots can be computed with.
fn pigments(pigments: &[Pigment]) -> Option<Unfit> {
    if pigments.is_empty() {
        return Some(unfit("pigments", "empty".to_owned(), "at least one pigment"));
    }
    let one = |(k, pigment): (usize, &Pigment)| {
        let name = |field: &str| format!("pigments[{k}].{field}");
        let lab = pigment.lab_in_bottle;
        let numbers = [
            ("absorption_550_per_mm", pigment.absorption_550_per_mm, Pigment::ABSORPTION_PER_MM, "per mm"),
            ("absorption_exponent", pigment.absorption_exponent, Pigment::EXPONENT, ""),
            ("absorption_curvature", pigment.absorption_curvature, Pigment::CURVATURE, ""),
            ("absorption_uncertainty", pigment.absorption_uncertainty, 0.0..=2.0, ""),
            ("lab_in_bottle", lab.l, 0.0..=100.0, "L*"),
            ("lab_in_bottle", lab.a, -128.0..=128.0, "a*"),
            ("lab_in_bottle", lab.b, -128.0..=128.0, "b*"),
        ];
        let dilutions = pigment.dilutions.iter().map(|parts| ("dilutions", *parts, DILUTION, "parts"));
        numbers
            .into_iter()
            .chain(dilutions)
            .find_map(|(field, value, range, unit)| Unfit::outside(&name(field), value, range, unit))
            .or_else(|| {
                let ascending = pigment.dilutions.windows(2).all(|pair| pair[0] < pair[1]);
                let count = pigment.dilutions.len();
                let fits = ascending && (1..=100).contains(&count);
                (!fits).then(|| {
                    unfit(&name("dilutions"), format!("{count} numbers"), "1 to 100 numbers, ascending")
                })
            })
    };
    pigments.iter().enumerate().find_map(one)
}
