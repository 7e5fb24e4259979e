//! Outlines with fewer corners.

/// A closed outline without the corners that lie within a tolerance of the lines between the others.
///
/// # Source
/// Douglas and Peucker's split, begun at the first corner and the one farthest from it.
pub fn simplify_outline(corners: &[(f64, f64)], tolerance: f64) -> Vec<(f64, f64)> {
    if corners.len() < 4 {
        return corners.to_vec();
    }
    let far = farthest_from(corners, corners[0]);
    let mut keep = vec![false; corners.len() + 1];
    keep[0] = true;
    keep[far] = true;
    let closed: Vec<(f64, f64)> = corners.iter().copied().chain([corners[0]]).collect();
    mark(&closed, 0, far, tolerance, &mut keep);
    mark(&closed, far, corners.len(), tolerance, &mut keep);
    let kept: Vec<_> = (0..corners.len()).filter(|k| keep[*k]).map(|k| corners[k]).collect();
    if kept.len() < 3 { corners.to_vec() } else { kept }
}

fn farthest_from(corners: &[(f64, f64)], from: (f64, f64)) -> usize {
    let squared = |c: &(f64, f64)| (c.0 - from.0).powi(2) + (c.1 - from.1).powi(2);
    (0..corners.len()).max_by(|a, b| squared(&corners[*a]).total_cmp(&squared(&corners[*b]))).unwrap_or(0)
}

/// Marks the corners to keep between two that are kept; a stack instead of recursion, as outlines are long.
fn mark(line: &[(f64, f64)], first: usize, last: usize, tolerance: f64, keep: &mut [bool]) {
    let mut spans = vec![(first, last)];
    while let Some((a, b)) = spans.pop() {
        let off = |k: usize| distance_to_segment(line[k], line[a], line[b]);
        let worst = (a + 1..b).map(|k| (off(k), k)).max_by(|one, two| one.0.total_cmp(&two.0));
        if let Some((distance, k)) = worst
            && distance > tolerance
        {
            keep[k] = true;
            spans.extend([(a, k), (k, b)]);
        }
    }
}

fn distance_to_segment(p: (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let squared = dx * dx + dy * dy;
    let t = if squared > 0.0 { ((p.0 - a.0) * dx + (p.1 - a.1) * dy) / squared } else { 0.0 };
    let t = t.clamp(0.0, 1.0);
    (p.0 - a.0 - t * dx).hypot(p.1 - a.1 - t * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_staircase_becomes_a_slope() {
        let mut corners: Vec<(f64, f64)> =
            (0..20).flat_map(|k| [(k as f64, k as f64), (k as f64 + 1.0, k as f64)]).collect();
        corners.push((0.0, 20.0));
        let simple = simplify_outline(&corners, 1.0);
        assert!(simple.len() <= 5, "{simple:?}");
    }

    #[test]
    fn a_square_stays() {
        let square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)];
        assert_eq!(simplify_outline(&square, 0.5), square);
    }
}
