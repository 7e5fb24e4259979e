//! Why two pictures' points were not aligned.

/// No alignment can be stood up for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Too few points to tell a constellation from chance.
    #[error(
        "{found} follicles were found in one of the pictures; needed: at least {needed}; show more scalp, or take a sharper picture"
    )]
    TooFew {
        /// How many there were in the smaller set.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// One of the pictures is turned left to right.
    #[error(
        "the pictures fit only when one of them is mirrored; needed: two pictures as the camera took them; turn mirroring off (front cameras do it) and take it again"
    )]
    Mirrored,
    /// No place of one has its counterpart in the other.
    #[error(
        "no part of the two pictures shows the same follicles (evidence {found_nats:.0}, needed: {needed_nats:.0}); check that \
         both show the same place of the same person, sharply, and that the size of a pixel is right for each"
    )]
    Unlike {
        /// Evidence of the best alignment of a place, natural logarithm of its odds.
        found_nats: f64,
        /// What is needed.
        needed_nats: f64,
    },
    /// A place fits, but what was kept aside does not confirm it.
    #[error(
        "the best alignment may be an accident ({share_percent:.0} % of the follicles agree; chance 1e{log10_chance:.0}, allowed: \
         at most 1e{log10_allowed:.0}); check that both show the same place, sharply, and that the size of a pixel is right \
         for each; show more scalp"
    )]
    Accident {
        /// Decimal logarithm of the bound on the chance.
        log10_chance: f64,
        /// What is allowed.
        log10_allowed: f64,
        /// Share of the follicles kept aside that have a partner beyond chance, percent.
        share_percent: f64,
    },
}
