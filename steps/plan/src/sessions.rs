//! Which dot when, and in which order the hand makes them.

use stipple_model::{Dot, Session, SessionSetting};

/// Height of the rows that a hand works along, mm.
const ROW_MM: f64 = 10.0;

/// Splits ranked dots over sessions, each in working order.
///
/// # Panics
/// If `order` does not name dots.
pub(crate) fn split(dots: &[Dot], order: &[usize], settings: &[SessionSetting]) -> Vec<Session> {
    let mut from = 0;
    settings
        .iter()
        .enumerate()
        .map(|(k, setting)| {
            let last = k + 1 == settings.len();
            let to =
                if last { order.len() } else { (setting.share_after * order.len() as f64).round() as usize };
            let mut session: Vec<Dot> = order[from..to].iter().map(|dot| dots[*dot]).collect();
            from = to;
            session.sort_by(working_order);
            Session { number: k as u32 + 1, interval_days: setting.interval_days, dots: session }
        })
        .collect()
}

/// Row after row from the top, to the right and back again.
fn working_order(one: &Dot, two: &Dot) -> std::cmp::Ordering {
    let row = |dot: &Dot| (dot.at_scalp.y_mm / ROW_MM).floor();
    let along = |dot: &Dot| {
        let back = row(dot).rem_euclid(2.0) == 1.0;
        if back { -dot.at_scalp.x_mm } else { dot.at_scalp.x_mm }
    };
    row(one)
        .total_cmp(&row(two))
        .then(along(one).total_cmp(&along(two)))
        .then(one.at_scalp.y_mm.total_cmp(&two.at_scalp.y_mm))
}
