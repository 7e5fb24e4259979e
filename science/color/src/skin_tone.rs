//! Individual typology angle: skin tone as it is measured (phototype is asked instead).

use crate::lab::Lab;

/// Individual typology angle, degrees: arctan((L* − 50) / b*) [@Chardon1991].
///
/// | | meaning | unit | valid |
/// |---|---|---|---|
/// | in | skin color, CIELAB D65 2° | – | b* > 0 for skin |
/// | out | ITA | degree | −90 to 90 |
pub fn ita_deg(skin: Lab) -> f64 {
    (skin.l - 50.0).atan2(skin.b.max(1e-6)).to_degrees()
}

/// Skin tone classes by ITA [@Chardon1991].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItaClass {
    /// Above 55°.
    VeryLight,
    /// 41° to 55°.
    Light,
    /// 28° to 41°.
    Intermediate,
    /// 10° to 28°.
    Tan,
    /// −30° to 10°.
    Brown,
    /// Below −30°.
    Dark,
}

impl ItaClass {
    /// The classes from light to dark.
    pub const ALL: [Self; 6] =
        [Self::VeryLight, Self::Light, Self::Intermediate, Self::Tan, Self::Brown, Self::Dark];

    /// The class of an angle.
    pub fn of(ita_deg: f64) -> Self {
        match ita_deg {
            d if d > 55.0 => Self::VeryLight,
            d if d > 41.0 => Self::Light,
            d if d > 28.0 => Self::Intermediate,
            d if d > 10.0 => Self::Tan,
            d if d > -30.0 => Self::Brown,
            _ => Self::Dark,
        }
    }

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::VeryLight => "very_light",
            Self::Light => "light",
            Self::Intermediate => "intermediate",
            Self::Tan => "tan",
            Self::Brown => "brown",
            Self::Dark => "dark",
        }
    }
}

/// A typical skin color of an angle: light to dark forehead means, interpolated.
///
/// # Limits
/// Population means of a proxy site (forehead); a person differs by ± 4 in L*, ± 2.5 in a* and b*.
///
/// # Source
/// ISSA forehead means [@Issa]: ITA 46 to −51.
pub fn typical_skin(ita: f64) -> Lab {
    const ROWS: [(f64, [f64; 3]); 7] = [
        (70.0, [73.0, 7.0, 8.4]),
        (46.2, [64.9, 10.7, 14.3]),
        (33.9, [61.0, 11.3, 16.4]),
        (19.5, [56.4, 11.9, 18.1]),
        (-2.5, [49.2, 11.9, 18.5]),
        (-51.1, [35.6, 9.4, 11.6]),
        (-75.0, [26.0, 6.0, 6.4]),
    ];
    let ita = ita.clamp(ROWS[6].0, ROWS[0].0);
    let upper = ROWS.windows(2).find(|pair| ita >= pair[1].0).unwrap_or(&ROWS[5..7]);
    let t = (ita - upper[1].0) / (upper[0].0 - upper[1].0);
    let [l, a, b] = std::array::from_fn(|i| upper[1].1[i] + t * (upper[0].1[i] - upper[1].1[i]));
    Lab { l, a, b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typical_skin_has_the_angle_it_was_asked_for() {
        for ita in [-70.0, -51.0, -20.0, 0.0, 20.0, 35.0, 46.0, 60.0] {
            let back = ita_deg(typical_skin(ita));
            assert!((back - ita).abs() < 3.0, "{ita} came back as {back}");
        }
    }

    #[test]
    fn classes_at_their_borders() {
        let names: Vec<_> = [56.0, 55.0, 41.0, 28.0, 10.0, -30.0].map(|d| ItaClass::of(d).name()).to_vec();
        assert_eq!(names, ["very_light", "light", "intermediate", "tan", "brown", "dark"]);
    }
}
