//! Which dot when, and in which order the hand makes them.

use stipple_model::{Dot, Session, SessionSetting};

use crate::rows::in_rows;
use crate::zones::{Zone, zones};

/// The session of each ranked dot, from 0, by the shares that sessions have of them.
///
/// # Panics
/// If `order` does not name dots.
pub fn by_rank(order: &[usize], settings: &[SessionSetting]) -> Vec<usize> {
    let mut session_of = vec![0; order.len()];
    let mut from = 0;
    for (k, setting) in settings.iter().enumerate() {
        let last = k + 1 == settings.len();
        let to = if last { order.len() } else { (setting.share_after * order.len() as f64).round() as usize };
        order[from..to].iter().for_each(|dot| session_of[*dot] = k);
        from = to;
    }
    session_of
}

/// Two orders as one, in any beginning of which both have the same share.
pub(crate) fn taking_turns(orders: [&[usize]; 2]) -> Vec<usize> {
    let turns = |order: &[usize]| -> Vec<(f64, usize)> {
        let share = |turn: usize| (turn as f64 + 0.5) / order.len() as f64;
        order.iter().enumerate().map(|(turn, dot)| (share(turn), *dot)).collect()
    };
    let mut all = orders.map(turns).concat();
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    all.into_iter().map(|(_, dot)| dot).collect()
}

/// Splits dots over their sessions, each in working order: zone after zone, row after row there and back.
///
/// A zone is the same patch of scalp in every session.
pub(crate) fn split(dots: &[Dot], session_of: &[usize], settings: &[SessionSetting]) -> Vec<Session> {
    let places: Vec<(f64, f64)> = dots.iter().map(|dot| (dot.at_scalp.x_mm, dot.at_scalp.y_mm)).collect();
    let in_scar: Vec<bool> = dots.iter().map(|dot| dot.in_scar).collect();
    let zones = zones(&places, &in_scar);
    let session = |(k, setting): (usize, &SessionSetting)| Session {
        number: k as u32 + 1,
        interval_days: setting.interval_days,
        dots: worked(dots, &places, &zones, |dot| session_of[dot] == k),
    };
    settings.iter().enumerate().map(session).collect()
}

/// The chosen dots in working order, each with its zone.
fn worked(
    dots: &[Dot],
    places: &[(f64, f64)],
    zones: &[Zone],
    is_chosen: impl Fn(usize) -> bool,
) -> Vec<Dot> {
    let mut done = Vec::new();
    let mut hand = None;
    for (zone, number) in zones.iter().zip(1..) {
        let chosen: Vec<usize> = zone.dots.iter().copied().filter(|dot| is_chosen(*dot)).collect();
        let path = in_rows(places, chosen, zone.along, hand);
        hand = path.last().map(|dot| places[*dot]).or(hand);
        done.extend(path.into_iter().map(|dot| Dot { zone: number, ..dots[dot] }));
    }
    done
}

#[cfg(test)]
mod tests;
