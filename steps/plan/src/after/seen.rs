//! Which of the dots that were made are seen.

use stipple_model::{After, Dot, Protocol, Session};
use stipple_points::CellIndex;

use super::check;
use crate::error::Error;
use crate::ground::Ground;
use crate::pigment::depth_mm;

/// A healed dot farther than this from every dot that was made is none of them, mm: a hand is 0.15 mm off along each axis
/// (docs/decisions/0019), and a place in a second photograph as much again.
const REACH_MM: f64 = 0.75;
/// The middle dot may be so far from the nearest that was made, mm; places by chance are 0.55 mm and more from it.
const MEDIAN_MOST_MM: f64 = 0.4;
/// Fewer dots tell nothing about whether they lie where dots were made.
const TELLING: usize = 10;

/// Dots that were made, seen again or not.
pub(super) struct Seen {
    /// Dots that healed, where they were seen, with what was planned for them.
    pub(super) healed: Vec<Dot>,
    /// The session of each of them, from 0.
    pub(super) session_of: Vec<usize>,
    /// Dots that were made and are not seen.
    pub(super) lost: Vec<Dot>,
    /// Dots that were lost before, mm.
    pub(super) lost_before: Vec<(f64, f64)>,
    /// How many were seen where none was made.
    pub(super) strange: usize,
    /// How many places were said twice.
    pub(super) twice: usize,
}

impl Seen {
    pub(super) fn of(after: &After, protocol: &Protocol, ground: &Ground) -> Result<Self, Error> {
        let map = &after.plan.scalp_from_photo;
        let on_scalp = |p: &stipple_quantity::PointInPhoto| {
            let p = map.apply(*p);
            (p.x_mm, p.y_mm)
        };
        let all: Vec<_> = after.healed.iter().map(on_scalp).collect();
        if !all.iter().all(|p| p.0.is_finite() && p.1.is_finite()) {
            return Err(Error::Map);
        }
        let places = each_once(&all, after.plan.healed_diameter_um.value / 2000.0);
        let made = Made::of(&after.plan.sessions[..after.sessions_done as usize]);
        let (matched, off_mm) = made.matched(&places);
        if places.len() >= TELLING {
            check::places(off_mm, MEDIAN_MOST_MM)?;
        }
        let mut is_seen = vec![false; made.dots.len()];
        matched.iter().flatten().for_each(|k| is_seen[*k] = true);
        let lost =
            made.dots.iter().zip(is_seen).filter(|(_, seen)| !seen).map(|((dot, _), _)| *dot).collect();
        let healed =
            places.iter().zip(&matched).map(|(place, of)| made.healed(*place, *of, protocol, ground));
        let (healed, session_of) = healed.map(|(dot, session)| (with_photo(dot, after), session)).unzip();
        Ok(Self {
            healed,
            session_of,
            lost,
            lost_before: after.plan.lost.iter().map(on_scalp).collect(),
            strange: matched.iter().filter(|of| of.is_none()).count(),
            twice: all.len() - places.len(),
        })
    }
}

fn with_photo(dot: Dot, after: &After) -> Dot {
    Dot { at_photo: after.plan.scalp_from_photo.photo_from_scalp(dot.at_scalp), ..dot }
}

/// Of places nearer together than `same_mm` the first.
fn each_once(places: &[(f64, f64)], same_mm: f64) -> Vec<(f64, f64)> {
    let index = CellIndex::new(places);
    let is_first = |k: &usize| {
        let mut first = true;
        index.for_each_within(places[*k], same_mm, |other, squared| {
            first &= other >= *k || squared >= same_mm * same_mm;
        });
        first
    };
    (0..places.len()).filter(is_first).map(|k| places[k]).collect()
}

/// Dots of sessions that are done.
struct Made {
    /// Each with its session, from 0.
    dots: Vec<(Dot, usize)>,
    index: CellIndex,
}

impl Made {
    fn of(sessions: &[Session]) -> Self {
        let dots: Vec<(Dot, usize)> = sessions
            .iter()
            .enumerate()
            .flat_map(|(k, session)| session.dots.iter().map(move |dot| (*dot, k)))
            .collect();
        let places: Vec<_> = dots.iter().map(|(dot, _)| super::place(dot)).collect();
        Self { index: CellIndex::new(&places), dots }
    }

    /// The dot that each place is of, the nearest pairs first; and how far the middle place is from the nearest dot, mm.
    fn matched(&self, places: &[(f64, f64)]) -> (Vec<Option<usize>>, f64) {
        let mut pairs = Vec::new();
        for (k, place) in places.iter().enumerate() {
            self.index.for_each_within(*place, REACH_MM, |dot, squared| {
                if squared <= REACH_MM * REACH_MM {
                    pairs.push((squared, k, dot));
                }
            });
        }
        pairs.sort_by(|one, two| one.0.total_cmp(&two.0).then((one.1, one.2).cmp(&(two.1, two.2))));
        let (mut of, mut taken) = (vec![None; places.len()], vec![false; self.dots.len()]);
        for (_, k, dot) in pairs {
            if of[k].is_none() && !taken[dot] {
                (of[k], taken[dot]) = (Some(dot), true);
            }
        }
        let near = |place: &(f64, f64)| self.index.nearest(*place, None).map_or(f64::MAX, |(_, d)| d);
        let mut off: Vec<f64> = places.iter().map(near).collect();
        off.sort_by(f64::total_cmp);
        (of, off.get(off.len() / 2).copied().unwrap_or(0.0))
    }

    /// A healed dot with what was planned for it; one that is none of those made counts to the last session
    /// and is taken for their mean size, with depth and pigment of the first on the same skin.
    fn healed(
        &self,
        (x_mm, y_mm): (f64, f64),
        of: Option<usize>,
        protocol: &Protocol,
        ground: &Ground,
    ) -> (Dot, usize) {
        let at_scalp = stipple_quantity::PointInScalp::new(x_mm, y_mm);
        let in_scar = ground.is_scar(at_scalp);
        let last = self.dots.iter().map(|(_, session)| *session).max().unwrap_or(0);
        let like = of.or_else(|| self.dots.iter().position(|(dot, _)| dot.in_scar == in_scar));
        let n = self.dots.len().max(1) as f64;
        let mean_um = self.dots.iter().map(|(dot, _)| dot.diameter_um).sum::<f64>() / n;
        let dot = like.map(|k| self.dots[k].0);
        let dot = Dot {
            at_scalp,
            at_photo: stipple_quantity::PointInPhoto::new(0.0, 0.0),
            diameter_um: of.map_or(mean_um, |k| self.dots[k].0.diameter_um),
            needle_depth_mm: dot.map_or(depth_mm(protocol, in_scar), |dot| dot.needle_depth_mm),
            pigment: dot.map_or(0, |dot| dot.pigment),
            in_scar,
            zone: 0,
        };
        (dot, of.map_or(last, |k| self.dots[k].1))
    }
}
