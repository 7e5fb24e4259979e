//! What planning the same head again need not find out again.

use std::convert::Infallible;

use stipple_model::{Protocol, Reading};
use stipple_points::Window;

use crate::areas::Areas;
use crate::error::Error;
use crate::ground::Ground;
use crate::hair_stream::HairStream;
use crate::palette::Palette;
use crate::surroundings::Surroundings;

/// What was last found out about a head, with what was asked. It changes no plan: it is taken only for the very same
/// question.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    surroundings: Last<SurroundingsOf, Surroundings>,
    hair_stream: Last<StreamOf, HairStream>,
    palette: Last<(Reading, Protocol), Palette>,
    ground: Last<GroundOf, Ground>,
}

impl Memory {
    /// What the units in a window tell, by their density in each of its cells.
    pub(crate) fn surroundings(
        &mut self,
        reading: &Reading,
        units: &[(f64, f64)],
        window: &Window,
        per_mm2: &[f64],
    ) -> Surroundings {
        let question =
            SurroundingsOf { reading: reading.clone(), window: window.clone(), per_mm2: per_mm2.to_vec() };
        self.surroundings.answer(question, || Surroundings::of(reading, units, window, per_mm2))
    }

    /// How hair lies over the whole ground.
    pub(crate) fn hair_stream(
        &mut self,
        reading: &Reading,
        around: &HairStream,
        window: &Window,
    ) -> HairStream {
        let question = StreamOf { reading: reading.clone(), around: around.clone(), window: window.clone() };
        self.hair_stream.answer(question, || around.over(window, reading))
    }

    /// The piece of scalp to plan on.
    ///
    /// # Errors
    /// If areas are too large, or none are there.
    pub(crate) fn ground(
        &mut self,
        reading: &Reading,
        areas: &Areas,
        units: &[(f64, f64)],
        feather_mm: f64,
    ) -> Result<Ground, Error> {
        let question = GroundOf { reading: reading.clone(), areas: areas.clone(), feather_mm };
        self.ground.try_answer(question, || Ground::new(reading, areas, units, feather_mm))
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
}

#[derive(Clone, Debug, PartialEq)]
struct SurroundingsOf {
    reading: Reading,
    window: Window,
    per_mm2: Vec<f64>,
}

#[derive(Clone, Debug, PartialEq)]
struct StreamOf {
    reading: Reading,
    around: HairStream,
    window: Window,
}

#[derive(Clone, Debug, PartialEq)]
struct GroundOf {
    reading: Reading,
    areas: Areas,
    feather_mm: f64,
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
