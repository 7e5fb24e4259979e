//! What dots may be in the skins of a reading, however many there are and wherever they stand.

use stipple_model::{Protocol, Reading};

use crate::pigment::{self, Candidate};
use crate::skins::Skins;
use crate::tone::sizes::{DotSizes, single_range};

/// Mixtures with what is seen of them in the skins of a reading.
#[derive(Clone, Debug)]
pub(crate) struct Palette {
    pub(crate) skins: Skins,
    /// For scars: first the mixture that matches the hair, then those that tone may take instead.
    pub(crate) in_scar: Vec<(Candidate, DotSizes)>,
    /// For the skin around, of the same pigment as in scars.
    pub(crate) around: (Candidate, DotSizes),
}

impl Palette {
    /// What the protocol's pigments, needle and dot sizes allow; nothing else of it counts.
    ///
    /// # Cost
    /// About 20 ms.
    pub(crate) fn of(reading: &Reading, protocol: &Protocol) -> Self {
        let skins = Skins::of(reading);
        let sized = |dot: Candidate| {
            let sizes = DotSizes::of(&dot.deposit, &skins.of_dot(dot.in_scar).around, single_range(protocol));
            (dot, sizes)
        };
        let in_scar: Vec<_> = pigment::dilutions(reading, &skins, protocol).into_iter().map(sized).collect();
        let bottle = in_scar.first().filter(|_| !reading.scars.is_empty());
        // One bottle for all of it; only the dilution may differ.
        let pigments =
            bottle.map_or(&protocol.pigments[..], |(dot, _)| std::slice::from_ref(&dot.planned.pigment));
        let around = sized(pigment::best(reading, &skins, protocol, pigments, false));
        Self { around, in_scar, skins }
    }
}
