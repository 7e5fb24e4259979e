//! What a person should know about the hair that was found and the hair that was not.

use stipple_model::{Caveat, Code, Weight};

use super::response::Polarity;
use super::{COARSE_PX_PER_MM, Found, HAIRS_MIN, ROOTLESS_MAX};

/// Share of faint hairs from which a person is told.
const FAINT_TOLD: f64 = 0.45;

/// Mean length over which shafts are followed from which a person is told, mm: 0.34 to 0.58 of synthetic hair of 0.5 to
/// 1 mm, 0.66 to 0.79 of hair of 1.5 to 3 mm, which crosses other hair.
const LONG_TOLD_MM: f64 = 0.62;
/// Relative uncertainty of counting such hair from which it is not to be counted: 0.25 and 0.35 of hair of 3 mm.
const LONG_BLOCKS: f64 = 0.22;
/// Share of shafts without a root from which a person is told; of clean synthetic stubble below one in ten.
const ROOTLESS_TOLD: f64 = 0.15;
/// Mean confidence of the detections below which a person is told.
const CERTAINTY_TOLD: f64 = 0.65;

impl Found {
    /// What a person should know about the count.
    pub(crate) fn caveats(&self, px_per_mm: f64) -> Vec<Caveat> {
        let mut caveats = Vec::new();
        let n = self.detections.len();
        if n < HAIRS_MIN {
            caveats.push(Caveat::new(
                Code::HairFew,
                Weight::Doubt,
                format!("{n} hairs were found: too few to tell how densely hair grows here"),
                "if hair is there, photograph again, sharp and near, with hair of 0.5–1 mm; where none grows, enter the \
                 density by hand",
            ));
        }
        if px_per_mm < COARSE_PX_PER_MM {
            caveats.push(Caveat::new(
                Code::HairDensityOnly,
                Weight::Blocks,
                format!(
                    "at {px_per_mm:.1} pixels per millimetre single hairs cannot be told apart; \
                     the count is only an impression of texture"
                ),
                "photograph from nearer: at least 8 pixels per millimetre",
            ));
        }
        if n >= HAIRS_MIN {
            caveats.extend([self.long(px_per_mm), self.rootless(), self.doubtful()].into_iter().flatten());
        }
        caveats.extend(self.unseen());
        if self.is_mixed() && !self.is_unread() && n >= HAIRS_MIN {
            let (counted, other) = match self.polarity {
                Polarity::Dark => ("dark", "light"),
                Polarity::Light => ("light", "dark"),
            };
            caveats.push(Caveat::new(
                Code::HairUncertain,
                Weight::Doubt,
                format!(
                    "beside {counted} hair many {other} marks are seen: {other} hair, flakes or shine; they \
                         were not counted"
                ),
                "if the hair is gray, expect up to twice the density given; wash off flakes and avoid shine",
            ));
        }
        if self.polarity == Polarity::Dark && !self.is_mixed() && n >= 20 {
            caveats.push(Caveat::new(
                Code::HairUncertain,
                Weight::Note,
                "white hairs leave no trace in most photographs and were not counted",
                "if the hair is graying, expect up to twice the density given",
            ));
        }
        if self.polarity == Polarity::Light {
            caveats.push(Caveat::new(
                Code::HairUncertain,
                Weight::Doubt,
                "the hair is lighter than the skin; light hair is easily missed",
                "check the marked hairs in the picture; side light helps",
            ));
        }
        caveats
    }

    /// Hair too long to show where it leaves the skin.
    fn long(&self, px_per_mm: f64) -> Option<Caveat> {
        let unsure = self.counting_relative(px_per_mm).is_none_or(|relative| relative > LONG_BLOCKS);
        let weight = if unsure { Weight::Blocks } else { Weight::Doubt };
        (self.length_mm > LONG_TOLD_MM).then(|| {
            Caveat::new(
                Code::HairUncertain,
                weight,
                "hair is longer than about 1.5 mm: it hides roots, and where hairs cross, more roots are told than there \
                 are, by 7 to 43 % in tests",
                "clip the hair to 0.5–1 mm and photograph again for a better count",
            )
        })
    }

    /// Marks that look like hair but have no root.
    fn rootless(&self) -> Option<Caveat> {
        let share = self.rootless_share.filter(|share| *share > ROOTLESS_TOLD)?;
        let weight = if share > ROOTLESS_MAX { Weight::Blocks } else { Weight::Doubt };
        let what = match self.strays {
            0 => "cut hair, lying hair or scratches; they were not counted".to_owned(),
            n => format!(
                "{n} of these lie as the hair around does and were counted, with roots taken from their ends; \
                 cut hair may be among them"
            ),
        };
        Some(Caveat::new(
            Code::HairUncertain,
            weight,
            format!("{:.0} % of what looks like hair shows no root: {what}", 100.0 * share),
            "brush off cut hair, wipe the scalp dry, clip to 0.5–1 mm and photograph from straight above",
        ))
    }

    /// Detections of which many are none, by their own confidence.
    fn doubtful(&self) -> Option<Caveat> {
        let certainty = self.certainty();
        (certainty < CERTAINTY_TOLD && self.by_root_head && !self.is_guess()).then(|| {
            Caveat::new(
                Code::HairUncertain,
                Weight::Doubt,
                format!(
                    "of 100 places marked as roots about {:.0} are right to 0.15 mm: the picture shows too little of them",
                    100.0 * certainty
                ),
                "photograph sharp, near and in soft, even light, on dry, clean skin",
            )
        })
    }

    /// What a person should know about hair that hardly shows or does not.
    fn unseen(&self) -> Option<Caveat> {
        if self.is_guess() {
            return Some(Caveat::new(
                Code::HairUncertain,
                Weight::Blocks,
                format!(
                    "hair could hardly be told from the skin: of 100 places marked as roots about {:.0} are right, and \
                     most hairs are missed; no density is given, and a missing scar cannot be trusted",
                    100.0 * self.certainty()
                ),
                "photograph sharp and near with light from the side; if hair has the skin's color, count it by \
                 eye and draw the scar by hand",
            ));
        }
        if self.is_texture() {
            return Some(Caveat::new(
                Code::HairUncertain,
                Weight::Blocks,
                "hair could not be told from the skin: as much stands out lighter than the skin as darker; no \
                 density is given, and neither the marked hairs nor a missing scar can be trusted",
                "photograph sharp and near with light from the side; if hair has the skin's color, count it by \
                 eye and draw the scar by hand",
            ));
        }
        (self.faint_share > FAINT_TOLD && self.detections.len() >= HAIRS_MIN).then(|| {
            Caveat::new(
                Code::HairUncertain,
                Weight::Doubt,
                format!(
                    "{:.0} % of the hairs hardly stand out from the skin; fainter ones were missed, so hair \
                     stands more densely than given",
                    100.0 * self.faint_share
                ),
                "check the marked hairs in the picture; side light and a nearer photograph help",
            )
        })
    }
}
