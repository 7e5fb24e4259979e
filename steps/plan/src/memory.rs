//! What planning the same head again need not find out again.

use std::convert::Infallible;

use stipple_model::{Protocol, Reading};
use stipple_points::{Metric, Potential, Window};

use crate::areas::Areas;
use crate::error::Error;
use crate::ground::Ground;
use crate::hair_stream::HairStream;
use crate::palette::Palette;

/// What was last found out about a head, with what was asked. It changes no plan: it is taken only for the very same
/// question.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    potential: Last<PotentialOf, Potential>,
    hair_stream: Last<StreamOf, HairStream>,
    palette: Last<(Reading, Protocol), Palette>,
    ground: Last<GroundOf, Ground>,
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

    /// The piece of scalp to plan on.
    ///
    /// # Errors
    /// If areas are too large, or none are there.
    pub(crate) fn ground(
        &mut self,
        reading: &Reading,
        areas: &Areas,
        feather_mm: f64,
    ) -> Result<Ground, Error> {
        let question = GroundOf { reading: reading.clone(), areas: areas.clone(), feather_mm };
        self.ground.try_answer(question, || Ground::new(reading, areas, feather_mm))
    }

    /// What dots may be in the skins of a reading.
    pub(crate) fn palette(&mut self, reading: &Reading, protocol: &Protocol) -> Palette {
        // What sliders change and a palette does not know.
        let mixed = Protocol {
            density_share: 1.0,
            thinning_density_share: 1.0,
            feather_mm: 0.0,
            sessions: Vec::new(),
            ..protocol.clone()
        };
        let find = || Palette::of(reading, &mixed);
        self.palette.answer((reading.clone(), mixed.clone()), find)
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

#[derive(Clone, Debug, PartialEq)]
struct GroundOf {
    reading: Reading,
    areas: Areas,
    feather_mm: f64,
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
        let found: Result<A, Infallible> = self.try_answer(question, || Ok(find()));
        found.unwrap_or_else(|never| match never {})
    }

    fn try_answer<E>(&mut self, question: Q, find: impl FnOnce() -> Result<A, E>) -> Result<A, E> {
        match &self.0 {
            Some((last, answer)) if *last == question => Ok(answer.clone()),
            _ => Ok(self.0.insert((question, find()?)).1.clone()),
        }
    }
}

impl<Q, A> Default for Last<Q, A> {
    fn default() -> Self {
        Self(None)
    }
}
