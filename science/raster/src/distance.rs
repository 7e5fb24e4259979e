//! Exact Euclidean distance.

use rayon::prelude::*;

use crate::grid::{Grid, Mask};

/// Distance of every pixel's center to the nearest pixel center inside the mask, pixels.
///
/// Infinite where the mask is empty.
///
/// # Cost
/// O(pixels), two passes.
///
/// # Source
/// [@Felzenszwalb2012]: lower envelope of parabolas.
pub fn distance_to(mask: &Mask) -> Grid {
    let (width, height) = (mask.width, mask.height);
    let mut samples = vec![0.0f32; width * height];
    if samples.is_empty() {
        return Grid { width, height, samples };
    }
    let along = down_columns(mask);
    let rows = samples.par_chunks_mut(width).zip(along.par_chunks(width)).with_min_len(ROWS_AT_ONCE);
    rows.for_each_init(Scratch::default, |scratch, (out, along)| {
        lower_envelope(along, out, scratch);
        out.iter_mut().for_each(|squared| *squared = squared.sqrt());
    });
    Grid { width, height, samples }
}

/// Rows that are worth a thread's while.
const ROWS_AT_ONCE: usize = 16;

/// Squared distance to the nearest pixel of the mask in the same column.
fn down_columns(mask: &Mask) -> Vec<f32> {
    let (width, height) = (mask.width, mask.height);
    let mut away = vec![f32::INFINITY; width * height];
    let mut nearest = vec![f32::INFINITY; width];
    for y in 0..height {
        let row = y * width..(y + 1) * width;
        for ((away, nearest), inside) in
            away[row.clone()].iter_mut().zip(&mut nearest).zip(&mask.samples[row])
        {
            *nearest = if *inside { 0.0 } else { *nearest + 1.0 };
            *away = *nearest;
        }
    }
    nearest.fill(f32::INFINITY);
    for row in away.chunks_mut(width).rev() {
        for (away, nearest) in row.iter_mut().zip(&mut nearest) {
            *nearest = away.min(*nearest + 1.0);
            *away = *nearest * *nearest;
        }
    }
    away
}

#[derive(Default)]
struct Scratch {
    /// Columns whose parabola is part of the envelope.
    vertex: Vec<usize>,
    /// Where each of them begins to be the lowest.
    start: Vec<f32>,
}

/// Squared distance along one line: min over q of (p − q)² + input[q].
fn lower_envelope(input: &[f32], out: &mut [f32], scratch: &mut Scratch) {
    let Scratch { vertex, start } = scratch;
    vertex.clear();
    start.clear();
    for (q, &value) in input.iter().enumerate().filter(|(_, value)| value.is_finite()) {
        let lifted = value + (q * q) as f32;
        let mut from = f32::NEG_INFINITY;
        while let Some(&v) = vertex.last() {
            let crossing = (lifted - (input[v] + (v * v) as f32)) / (2.0 * (q - v) as f32);
            if crossing > *start.last().expect("as many starts as vertices") {
                from = crossing;
                break;
            }
            vertex.pop();
            start.pop();
        }
        vertex.push(q);
        start.push(from);
    }
    if vertex.is_empty() {
        out.fill(f32::INFINITY);
        return;
    }
    let mut k = 0;
    for (p, squared) in out.iter_mut().enumerate() {
        while k + 1 < vertex.len() && start[k + 1] < p as f32 {
            k += 1;
        }
        let away = p as f32 - vertex[k] as f32;
        *squared = away * away + input[vertex[k]];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_brute_force() {
        let (width, height) = (23, 17);
        let mut mask = Mask::filled(width, height, false);
        for k in [3, 77, 140, 201, 390] {
            mask.samples[k] = true;
        }
        let fast = distance_to(&mask);
        for y in 0..height {
            for x in 0..width {
                let slow = (0..width * height)
                    .filter(|k| mask.samples[*k])
                    .map(|k| ((k % width) as f32 - x as f32).hypot((k / width) as f32 - y as f32))
                    .fold(f32::INFINITY, f32::min);
                assert!((fast.at(x, y) - slow).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn nothing_is_infinitely_far() {
        assert!(distance_to(&Mask::filled(4, 3, false)).samples.iter().all(|d| d.is_infinite()));
    }
}
