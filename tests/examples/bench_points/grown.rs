//! Hairs of grown units, by another rule than the planned ones'.

use stipple_points::CellIndex;
use stipple_points::marks::HAIRS_AT_MOST;
use stipple_quantity::Stream;

/// Noise over the scatter of rooms that leaves a correlation of 0.5 with the room, as in the population.
const NOISE: f64 = 1.732;

/// Hairs of each unit: the population's shares [@Bsrl], more where its third neighbor is far.
pub(super) fn hairs(places: &[(f64, f64)], draw: &mut Stream) -> Vec<u8> {
    let index = CellIndex::new(places);
    let rooms: Vec<f64> = places.iter().map(|place| third(&index, *place)).collect();
    let n = rooms.len() as f64;
    let mean = rooms.iter().sum::<f64>() / n;
    let scatter = (rooms.iter().map(|room| (room - mean).powi(2)).sum::<f64>() / n).sqrt();
    let ranked: Vec<f64> = rooms.iter().map(|room| room + NOISE * scatter * draw.normal()).collect();
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|one, two| ranked[*one].total_cmp(&ranked[*two]));
    let mut hairs = vec![1; places.len()];
    for (rank, unit) in order.into_iter().enumerate() {
        let share = (rank as f64 + 0.5) / n;
        hairs[unit] += HAIRS_AT_MOST.iter().filter(|most| share > **most).count() as u8;
    }
    hairs
}

/// Distance to the third neighbor, at most three spacings.
fn third(index: &CellIndex, place: (f64, f64)) -> f64 {
    let mut near = vec![9.0; 4];
    index.for_each_within(place, 3.0, |_, squared| near.push(squared));
    near.sort_by(f64::total_cmp);
    // Because the first is the unit itself.
    near[3].sqrt()
}
