//! Connected regions and their outlines.

use crate::grid::Mask;

/// A connected set of pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Indices `y * width + x`, ascending.
    pub pixels: Vec<usize>,
}

/// The 4-connected regions of a mask, in the order of their first pixel.
pub fn regions(mask: &Mask) -> Vec<Region> {
    let mut seen = vec![false; mask.samples.len()];
    let mut found = Vec::new();
    let mut stack = Vec::new();
    for first in 0..mask.samples.len() {
        if !mask.samples[first] || seen[first] {
            continue;
        }
        seen[first] = true;
        stack.push(first);
        let mut pixels = Vec::new();
        while let Some(k) = stack.pop() {
            pixels.push(k);
            for neighbor in neighbors4(k, mask.width, mask.height) {
                if mask.samples[neighbor] && !seen[neighbor] {
                    seen[neighbor] = true;
                    stack.push(neighbor);
                }
            }
        }
        pixels.sort_unstable();
        found.push(Region { pixels });
    }
    found
}

/// The mask and whatever it encloses: pixels that the grid's border cannot be reached from.
pub fn without_holes(mask: &Mask) -> Mask {
    let (width, height) = (mask.width, mask.height);
    let mut filled = Mask::filled(width, height, true);
    let at_border = |k: &usize| {
        let (x, y) = (k % width, k / width);
        x == 0 || y == 0 || x + 1 == width || y + 1 == height
    };
    let mut stack: Vec<usize> =
        (0..mask.samples.len()).filter(at_border).filter(|k| !mask.samples[*k]).collect();
    stack.iter().for_each(|k| filled.samples[*k] = false);
    while let Some(k) = stack.pop() {
        for neighbor in neighbors4(k, width, height) {
            if filled.samples[neighbor] && !mask.samples[neighbor] {
                filled.samples[neighbor] = false;
                stack.push(neighbor);
            }
        }
    }
    filled
}

/// The mask of one region.
pub fn mask_of(region: &Region, width: usize, height: usize) -> Mask {
    let mut mask = Mask::filled(width, height, false);
    region.pixels.iter().for_each(|k| mask.samples[*k] = true);
    mask
}

/// Outer outline of a region along pixel edges, in pixels of the grid, clockwise on the screen.
///
/// Every corner is a pixel corner (whole numbers); straight runs are merged. The first point is not repeated.
pub fn outline(region: &Region, width: usize, height: usize) -> Vec<(f64, f64)> {
    let mask = mask_of(region, width, height);
    let inside = |x: isize, y: isize| {
        x >= 0 && y >= 0 && (x as usize) < width && (y as usize) < height && mask.at(x as usize, y as usize)
    };
    let Some(first) = region.pixels.first() else { return Vec::new() };
    let start = ((first % width) as isize, (first / width) as isize);
    // Walk with the region on the right-hand side; directions: 0 right, 1 down, 2 left, 3 up.
    const STEP: [(isize, isize); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];
    let (mut at, mut direction) = (start, 0usize);
    let mut corners = Vec::new();
    loop {
        let (ahead_left, ahead_right) = ahead(at, direction);
        let turned = if inside(ahead_left.0, ahead_left.1) && inside(ahead_right.0, ahead_right.1) {
            (direction + 3) % 4
        } else if inside(ahead_right.0, ahead_right.1) {
            direction
        } else {
            (direction + 1) % 4
        };
        if turned != direction || corners.is_empty() {
            corners.push((at.0 as f64, at.1 as f64));
        }
        direction = turned;
        at = (at.0 + STEP[direction].0, at.1 + STEP[direction].1);
        if at == start {
            return corners;
        }
    }
}

/// The two pixels that touch the next edge, seen from a corner looking in a direction.
fn ahead((x, y): (isize, isize), direction: usize) -> ((isize, isize), (isize, isize)) {
    match direction {
        0 => ((x, y - 1), (x, y)),
        1 => ((x, y), (x - 1, y)),
        2 => ((x - 1, y), (x - 1, y - 1)),
        _ => ((x - 1, y - 1), (x, y - 1)),
    }
}

/// Pixels whose centers lie in a polygon (even–odd rule).
///
/// `corners` are in pixels of the grid, centers at +0.5.
pub fn fill_polygon(corners: &[(f64, f64)], width: usize, height: usize) -> Mask {
    let mut mask = Mask::filled(width, height, false);
    if corners.len() < 3 {
        return mask;
    }
    let mut crossings = Vec::new();
    for y in 0..height {
        let center = y as f64 + 0.5;
        crossings.clear();
        for (k, &(x0, y0)) in corners.iter().enumerate() {
            let (x1, y1) = corners[(k + 1) % corners.len()];
            if (y0 <= center) != (y1 <= center) {
                crossings.push(x0 + (center - y0) / (y1 - y0) * (x1 - x0));
            }
        }
        crossings.sort_by(f64::total_cmp);
        for pair in crossings.chunks_exact(2) {
            let from = (pair[0] - 0.5).ceil().max(0.0) as usize;
            let to = ((pair[1] - 0.5).ceil().max(0.0) as usize).min(width);
            if from < to {
                mask.samples[y * width + from..y * width + to].fill(true);
            }
        }
    }
    mask
}

fn neighbors4(k: usize, width: usize, height: usize) -> impl Iterator<Item = usize> {
    let (x, y) = (k % width, k / width);
    [
        (x > 0).then(|| k - 1),
        (x + 1 < width).then(|| k + 1),
        (y > 0).then(|| k - width),
        (y + 1 < height).then(|| k + width),
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(rows: &[&str]) -> Mask {
        Mask {
            width: rows[0].len(),
            height: rows.len(),
            samples: rows.iter().flat_map(|row| row.bytes().map(|b| b == b'#')).collect(),
        }
    }

    #[test]
    fn holes_are_filled_and_bays_are_not() {
        let filled =
            without_holes(&drawn(&[".......", ".####..", ".#..#..", ".####..", ".#.#...", "......."]));
        assert_eq!(filled, drawn(&[".......", ".####..", ".####..", ".####..", ".#.#...", "......."]));
    }

    #[test]
    fn outline_filled_gives_the_region_back() {
        let mask = drawn(&["........", "..###...", ".####...", "..##....", "..#####.", "........"]);
        let found = regions(&mask);
        assert_eq!(found.len(), 1);
        let corners = outline(&found[0], mask.width, mask.height);
        assert_eq!(fill_polygon(&corners, mask.width, mask.height), mask);
    }

    #[test]
    fn diagonal_touch_is_two_regions() {
        assert_eq!(regions(&drawn(&["#.", ".#"])).len(), 2);
    }
}
