//! Rows that a hand follows by eye, there and back.

type Place = (f64, f64);

/// Dots of a row times its width over its length, as they are tried. A row of width w with d dots a mm² takes
/// w/3 + 1/(d · w) mm a dot where dots lie anywhere, least at 3; where they are dense in a scar and sparse beside it, another
/// may be shorter.
const FULL: [f64; 6] = [1.0, 1.6, 2.5, 4.0, 6.3, 10.0];

/// Dots of a zone in working order: rows along its axis, every second one backward, as wide and from the corner that make the
/// way from the hand through all of them shortest.
pub(crate) fn in_rows(places: &[Place], dots: Vec<usize>, along: Place, hand: Option<Place>) -> Vec<usize> {
    let across = (-along.1, along.0);
    let [forward, backward] = [1.0, -1.0].map(|sign| (sign * along.0, sign * along.1));
    let [down, up] = [1.0, -1.0].map(|sign| (sign * across.0, sign * across.1));
    let ways = [(forward, down), (forward, up), (backward, down), (backward, up)];
    let tried = FULL.iter().flat_map(|full| ways.map(|(along, across)| (*full, along, across)));
    let paths = tried.map(|(full, along, across)| path(places, dots.clone(), full, along, across));
    let apart = |one: Place, two: Place| (one.0 - two.0).hypot(one.1 - two.1);
    let way = |path: &[usize]| {
        let steps: f64 = path.windows(2).map(|pair| apart(places[pair[0]], places[pair[1]])).sum();
        steps + hand.zip(path.first()).map_or(0.0, |(hand, first)| apart(hand, places[*first]))
    };
    let rated = paths.map(|path| (way(&path), path));
    rated.min_by(|one, two| one.0.total_cmp(&two.0)).map_or(dots.clone(), |(_, path)| path)
}

/// Row after row across, the first of them along.
fn path(places: &[Place], mut dots: Vec<usize>, full: f64, along: Place, across: Place) -> Vec<usize> {
    let on = |axis: Place, dot: usize| places[dot].0 * axis.0 + places[dot].1 * axis.1;
    let by = |axis: Place| move |one: &usize, two: &usize| on(axis, *one).total_cmp(&on(axis, *two));
    dots.sort_by(by(along));
    let length = match (dots.first(), dots.last()) {
        (Some(first), Some(last)) => on(along, *last) - on(along, *first),
        _ => 0.0,
    };
    dots.sort_by(by(across));
    let offsets: Vec<f64> = dots.iter().map(|dot| on(across, *dot)).collect();
    let mut from = 0;
    for (row, to) in ends(&offsets, full * length).into_iter().enumerate() {
        dots[from..to].sort_by(by(along));
        if row % 2 == 1 {
            dots[from..to].reverse();
        }
        from = to;
    }
    dots
}

/// Where rows end among dots sorted across, one past the last of each: where dots times width reach `full`, mm.
fn ends(offsets: &[f64], full: f64) -> Vec<usize> {
    let fullness = |from: usize, to: usize| (to - from) as f64 * (offsets[to - 1] - offsets[from]);
    let (mut ends, mut from) = (Vec::new(), 0);
    for to in 1..=offsets.len() {
        if fullness(from, to) >= full {
            ends.push(to);
            from = to;
        }
    }
    // A last row of less than half is done with the one before.
    if from < offsets.len() {
        if fullness(from, offsets.len()) < 0.5 * full {
            ends.pop();
        }
        ends.push(offsets.len());
    }
    ends
}
