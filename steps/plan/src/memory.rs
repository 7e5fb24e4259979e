//! What planning the same head again need not find out again.

use stipple_model::Reading;
use stipple_points::{Metric, Potential, Window};

use crate::hair_stream::HairStream;

/// What was last found out about a head, with what was asked. It changes no plan: it is taken only for the very same
/// question.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    potential: Last<PotentialOf, Potential>,
    hair_stream: Last<StreamOf, HairStream>,
}

impl Memory {
    /// How units keep apart, as `fit` finds, unless it is known.
    pub(crate) fn potential(
        &mut self,
        units: &[(f64, f64)],
        around: &Window,
        metric: &[Metric],
        fit: impl FnOnce() -> Potential,
    ) -> Potential {
        let metric = counted(around, metric, Metric::even(1.0));
        self.potential.answer(PotentialOf { units: units.to_vec(), around: around.clone(), metric }, fit)
    }

    /// How hair lies, as `find` finds, unless it is known.
    pub(crate) fn hair_stream(
        &mut self,
        reading: &Reading,
        around: &Window,
        per_mm2: &[f64],
        find: impl FnOnce() -> HairStream,
    ) -> HairStream {
        let per_mm2 = counted(around, per_mm2, 0.0);
        self.hair_stream.answer(StreamOf { reading: reading.clone(), around: around.clone(), per_mm2 }, find)
    }
}

#[derive(Clone, Debug, PartialEq)]
struct PotentialOf {
    units: Vec<(f64, f64)>,
    around: Window,
    metric: Vec<Metric>,
}

#[derive(Clone, Debug, PartialEq)]
struct StreamOf {
    reading: Reading,
    around: Window,
    per_mm2: Vec<f64>,
}

/// Values of cells; `nothing` outside of the window, because what lies there does not count and sliders change it.
fn counted<T: Copy>(around: &Window, values: &[T], nothing: T) -> Vec<T> {
    let cells = values.iter().zip(&around.inside);
    cells.map(|(value, inside)| if *inside { *value } else { nothing }).collect()
}

/// The last question and its answer.
#[derive(Clone, Debug)]
struct Last<Q, A>(Option<(Q, A)>);

impl<Q: PartialEq, A: Clone> Last<Q, A> {
    fn answer(&mut self, question: Q, find: impl FnOnce() -> A) -> A {
        match &self.0 {
            Some((last, answer)) if *last == question => answer.clone(),
            _ => self.0.insert((question, find())).1.clone(),
        }
    }
}

impl<Q, A> Default for Last<Q, A> {
    fn default() -> Self {
        Self(None)
    }
}
