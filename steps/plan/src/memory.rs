//! What planning the same head again need not find out again.

use stipple_points::{Metric, Potential, Window};

/// The last potential that was fitted to the hair of a head, with what it was fitted to. It changes no plan: it is taken
/// only for the very same hair.
#[derive(Clone, Debug, Default)]
pub struct Memory(Option<Fitted>);

#[derive(Clone, Debug)]
struct Fitted {
    units: Vec<(f64, f64)>,
    around: Vec<bool>,
    metric: Vec<Metric>,
    potential: Potential,
}

impl Memory {
    /// What `fit` gives, unless it is known.
    pub(crate) fn potential(
        &mut self,
        units: &[(f64, f64)],
        around: &Window,
        metric: &[Metric],
        fit: impl FnOnce() -> Potential,
    ) -> Potential {
        // Because what lies outside of the window does not count, and sliders change it.
        let counted = || {
            metric
                .iter()
                .zip(&around.inside)
                .map(|(own, inside)| if *inside { *own } else { Metric::even(1.0) })
        };
        let is_known = |known: &&Fitted| {
            known.units == units
                && known.around == around.inside
                && known.metric.iter().copied().eq(counted())
        };
        if let Some(known) = self.0.as_ref().filter(is_known) {
            return known.potential.clone();
        }
        let potential = fit();
        let (units, around, metric) = (units.to_vec(), around.inside.clone(), counted().collect());
        self.0 = Some(Fitted { units, around, metric, potential: potential.clone() });
        potential
    }
}
