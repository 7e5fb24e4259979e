//! A curve through the plane that keeps neighbors together.

/// Position of a cell along the Hilbert curve of a square with a power of two for a side.
pub(crate) fn hilbert(side: usize, mut x: usize, mut y: usize) -> u64 {
    let (mut position, mut s) = (0u64, side / 2);
    while s > 0 {
        let (rx, ry) = (usize::from(x & s > 0), usize::from(y & s > 0));
        position += (s * s) as u64 * ((3 * rx) ^ ry) as u64;
        if ry == 0 {
            if rx == 1 {
                (x, y) = (side - 1 - x, side - 1 - y);
            }
            (x, y) = (y, x);
        }
        s /= 2;
    }
    position
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_visits_every_cell_by_single_steps() {
        let mut cells: Vec<(usize, usize)> = (0..256).map(|k| (k % 16, k / 16)).collect();
        cells.sort_by_key(|(x, y)| hilbert(16, *x, *y));
        assert!(cells.windows(2).all(|w| w[0].0.abs_diff(w[1].0) + w[0].1.abs_diff(w[1].1) == 1));
    }
}
