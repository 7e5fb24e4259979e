//! What is known before a dot is placed.

use stipple_model::{Caveat, Code, Drawn, Plan, Protocol, Qualified, Reading};
use stipple_points::marks::HAIRS_MEAN;
use stipple_points::{CellIndex, Fill, Filled, Standing, fill, rank};
use stipple_quantity::{PointInScalp, Seed};

use crate::after::Earlier;
use crate::areas::Areas;
use crate::density::Density;
use crate::doubts;
use crate::error::Error;
use crate::finish::Finisher;
use crate::ground::Ground;
use crate::memory::Memory;
use crate::palette::Palette;
use crate::pigment::{self, Choice};
use crate::sessions;
use crate::standing::{hairs, units};
use crate::tone::{self, Field, Tone};

/// Variation of a dot's diameter by the hand, share to either side.
const HAND_VARIATION: f64 = 0.06;
/// A dot's area follows the hairs of its unit to this power: in full, the largest would be five times the smallest, which
/// no needle makes; so dots of single hairs are 0.85 of the mean diameter and those of four 1.2.
const AREA_BY_HAIRS: f64 = 0.5;
/// Hair as near to a dot as this has a say in which session the dot belongs to: three spacings of a third of the dots.
const HAIR_REACH_SPACINGS: f64 = 5.0;
/// More dots than this are not a plan: a full head takes 40,000.
const DOTS_MAX: usize = 200_000;

/// Where dots go, how they keep apart, and what they are made of.
pub(crate) struct Site<'a> {
    pub(crate) reading: &'a Reading,
    pub(crate) protocol: &'a Protocol,
    pub(crate) drawn: &'a Drawn,
    pub(crate) seed: Seed,
    pub(crate) ground: Ground,
    pub(crate) density: Density,
    pub(crate) palette: Palette,
    pub(crate) choice: Choice,
    tone: Tone,
    /// Doubts about where dots go and how many.
    doubts: Vec<Caveat>,
}

impl<'a> Site<'a> {
    pub(crate) fn new(
        reading: &'a Reading,
        protocol: &'a Protocol,
        drawn: &'a Drawn,
        seed: Seed,
        memory: &mut Memory,
    ) -> Result<Self, Error> {
        let units = units(reading);
        let areas = Areas::new(reading, drawn, &units, protocol, seed)?;
        let ground = memory.ground(reading, &areas, &units, protocol.feather_mm)?;
        let density = Density::new(reading, units, protocol, &ground, memory);
        let doubts = doubts::all(&density, &ground, protocol);
        let palette = memory.palette(reading, protocol);
        let tone = Tone::of(reading, &palette, protocol);
        let choice = pigment::choose(reading, &palette, protocol, &tone);
        Ok(Self { reading, protocol, drawn, seed, ground, density, palette, choice, tone, doubts })
    }

    /// The ground as the eye takes it.
    pub(crate) fn field(&self) -> Field<'_> {
        let around = &self.palette.around.1;
        Field::new(self.reading, self.protocol, &self.ground, &self.density, &self.tone, around)
    }

    /// The plan: dots that were placed, ranked and sized among hair and the dots that healed.
    pub(crate) fn filled(&self, field: &Field, placed: Filled, earlier: &Earlier) -> Qualified<Plan> {
        let Filled { points, unplaced } = placed;
        let (healed, fixed) = (earlier.places(), self.fixed(earlier));
        let diameter = self.protocol.fresh_diameter_um.value;
        let sizes: Vec<f64> = earlier.healed.iter().map(|dot| dot.diameter_um / diameter).collect();
        let sized = || field.toned(&points, &self.marks(&points, &fixed), (&healed, &sizes));
        let (order, toned) = rayon::join(|| self.ranked(&points, &healed), sized);
        let finish = Finisher { site: self, earlier, toned: &toned };
        let session_of = [&earlier.session_of[..], &sessions::by_rank(&order, &earlier.sessions)].concat();
        let dots = finish.dots(&points);
        let sessions = sessions::split(&dots, &session_of, &earlier.sessions);

        let mut caveats = [&self.doubts[..], &earlier.caveats].concat();
        caveats.extend((unplaced > 0).then(|| doubts::unplaced(unplaced, points.len(), self.protocol)));
        if dots.is_empty() {
            let is_said = caveats.iter().any(|caveat| caveat.code == Code::PlanNothing);
            caveats.extend((!is_said).then(|| doubts::no_dots(self.protocol)));
            return Qualified::new(finish.plan(sessions), caveats);
        }
        caveats.extend(doubts::touching(&dots, self.protocol));
        caveats.extend(self.palette.skins.caveat());
        caveats.extend(self.choice.caveats.iter().cloned());
        caveats.extend(doubts::redness(self.reading));
        caveats.extend(toned.scars.and_then(|scars| tone::caveat(&self.tone, &scars)));
        Qualified::new(finish.plan(sessions), caveats)
    }

    /// Hair that stands and dots that healed.
    fn fixed(&self, earlier: &Earlier) -> Vec<(f64, f64)> {
        self.density.units.iter().copied().chain(earlier.places()).collect()
    }

    /// The dots that are missing among what stands, mm.
    pub(crate) fn placed(&self, earlier: &Earlier) -> Result<Filled, Error> {
        let expected = earlier.missing_per_mm2.iter().sum::<f64>() * self.ground.cell_area_mm2();
        if expected > DOTS_MAX as f64 {
            return Err(Error::TooMany { dots: expected, most: DOTS_MAX });
        }
        let request = Fill {
            window: &self.ground.window,
            fixed: &self.fixed(earlier),
            obstacles: &hairs(self.reading),
            metric: &self.density.metric(),
            new_density: &earlier.missing_per_mm2,
            zone: &self.ground.area_of.number,
            count: expected.round() as usize,
            spacing_min: self.protocol.dot_spacing_min_mm,
            potential: &self.density.potential,
        };
        Ok(fill(&request, self.seed))
    }

    /// The order of new dots: any beginning of it has its share of the scars and of their surroundings, and is as well spread
    /// as all of them together with the healed dots and so large a part of the hair around.
    fn ranked(&self, points: &[(f64, f64)], healed: &[(f64, f64)]) -> Vec<usize> {
        let hair = self.hair_near(points);
        let metric = |places: &[(f64, f64)]| -> Vec<_> {
            places.iter().map(|p| self.density.whole_metric(&self.ground, *p)).collect()
        };
        let standing = Standing { first: healed, others: &hair, others_metric: &metric(&hair) };
        let order = rank(points, &metric(points), standing);
        let is_scar = |k: &usize| self.ground.is_scar(PointInScalp::new(points[*k].0, points[*k].1));
        let (scars, around): (Vec<usize>, Vec<usize>) = order.into_iter().partition(is_scar);
        sessions::taking_turns([&scars, &around])
    }

    /// Hair that has a say in the order of dots.
    fn hair_near(&self, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let dots = CellIndex::new(points);
        let reach_mm = HAIR_REACH_SPACINGS * self.density.spacing_mm;
        let is_near = |unit: &&(f64, f64)| dots.nearest(**unit, None).is_some_and(|(_, mm)| mm <= reach_mm);
        self.density.units.iter().filter(is_near).copied().collect()
    }

    /// Diameters over the protocol's, by the hairs that each dot stands for and by the hand.
    fn marks(&self, places: &[(f64, f64)], fixed: &[(f64, f64)]) -> Vec<f64> {
        let Self { protocol, ground, density, seed, .. } = self;
        let spacing: Vec<f64> = places.iter().map(|p| density.whole_spacing_mm(ground, *p)).collect();
        let hairs = stipple_points::hairs(places, &spacing, fixed, *seed);
        let mut draw = seed.stream("plan.diameter", 0);
        let mut mark = |(place, hairs): (&(f64, f64), u8)| {
            let hairs = hairs.min(ground.hairs_most(*place, &protocol.hairline));
            let by_hairs = (f64::from(hairs) / HAIRS_MEAN).powf(AREA_BY_HAIRS / 2.0);
            by_hairs * draw.between(1.0 - HAND_VARIATION, 1.0 + HAND_VARIATION)
        };
        places.iter().zip(hairs).map(&mut mark).collect()
    }
}
