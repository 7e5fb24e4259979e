//! A plan on paper: where it lies on the scalp, and the sign each session's dots are drawn with.

use stipple_model::{DRAWN_COLOR, Plan, SESSION_COLORS, Session};
use stipple_quantity::{PointInPhoto, PointInScalp};
use stipple_raster::simplify::simplify_outline;

use super::flow::Block;
use super::page::{Canvas, Frame, Pen};
use super::typeface::Ink;

/// How far from the origin a place may lie and still be drawn, mm.
const REACH_MM: f64 = 10_000.0;

/// How far a drawn outline may stray from the given one, mm.
const OUTLINE_TOLERANCE_MM: f64 = 0.08;

/// The outlines of the treated scars on the scalp, mm; what the map sends beyond reach is left out.
pub(crate) fn scars_in_scalp(plan: &Plan) -> Vec<Vec<[f64; 2]>> {
    let simple = |outline: &Vec<PointInPhoto>| {
        let corners: Vec<(f64, f64)> = on_scalp(plan, outline).map(|[x, y]| (x, y)).collect();
        let simple = simplify_outline(&corners, OUTLINE_TOLERANCE_MM);
        simple.into_iter().map(|(x, y)| [x, y]).collect()
    };
    plan.scar_outlines.iter().map(simple).collect()
}

/// The lines that a person drew on the scalp, mm, piece by piece.
pub(crate) fn drawn_in_scalp(plan: &Plan) -> Vec<[[f64; 2]; 2]> {
    let pieces = |line: &Vec<PointInPhoto>| {
        let places: Vec<[f64; 2]> = on_scalp(plan, line).collect();
        places.windows(2).map(|pair| [pair[0], pair[1]]).collect::<Vec<_>>()
    };
    plan.drawn_lines.iter().flat_map(pieces).collect()
}

fn on_scalp<'a>(plan: &'a Plan, places: &'a [PointInPhoto]) -> impl Iterator<Item = [f64; 2]> + 'a {
    places.iter().filter_map(|p| within_reach(plan.scalp_from_photo.apply(*p)))
}

/// Where the dots of a session lie on the scalp, mm.
pub(crate) fn places(session: &Session) -> Vec<[f64; 2]> {
    session.dots.iter().filter_map(|dot| within_reach(dot.at_scalp)).collect()
}

/// A place in mm, if it is one.
pub(crate) fn within_reach(place: PointInScalp) -> Option<[f64; 2]> {
    let near = |mm: f64| mm.is_finite() && mm.abs() <= REACH_MM;
    (near(place.x_mm) && near(place.y_mm)).then_some([place.x_mm, place.y_mm])
}

/// The smallest frame around all dots, scars and drawn lines of a plan, mm on the scalp; none without dots.
pub(crate) fn extent(plan: &Plan) -> Option<Frame> {
    let dots: Vec<[f64; 2]> = plan.sessions.iter().flat_map(places).collect();
    let [x, y] = *dots.first()?;
    let (mut low, mut high) = ([x, y], [x, y]);
    let drawn = drawn_in_scalp(plan).into_iter().flatten();
    for [x, y] in dots.into_iter().chain(scars_in_scalp(plan).into_iter().flatten()).chain(drawn) {
        low = [low[0].min(x), low[1].min(y)];
        high = [high[0].max(x), high[1].max(y)];
    }
    Some(Frame::new(low[0], low[1], high[0] - low[0], high[1] - low[1]))
}

/// The sign of a session's dots; it differs by form and by color, so that a copy in gray can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A filled disk.
    Disk,
    /// A ring.
    Ring,
    /// An upright cross.
    Cross,
    /// A cross on its side, for the fourth session and all later ones.
    Saltire,
}

impl Sign {
    /// The sign of the session at a place in the plan's list, 0 first.
    pub(crate) fn of(session: usize) -> Self {
        [Self::Disk, Self::Ring, Self::Cross].get(session).copied().unwrap_or(Self::Saltire)
    }

    fn ink(self) -> Ink {
        let session = match self {
            Self::Disk => 0,
            Self::Ring => 1,
            Self::Cross => 2,
            Self::Saltire => 3,
        };
        match SESSION_COLORS[session] {
            [r, g, b] if r == g && g == b => Ink::Gray(r),
            [r, g, b] => Ink::Rgb(r, g, b),
        }
    }

    /// The sign at many places, so many times its natural size (about 0.5 mm).
    pub(crate) fn draw(self, canvas: &mut Canvas, places: Vec<[f64; 2]>, magnification: f64) {
        let m = magnification;
        let pen = Pen::new(0.11 * m, self.ink());
        let strokes = |arms: [[f64; 2]; 2]| {
            let segments = places
                .iter()
                .flat_map(|[x, y]| arms.map(|[dx, dy]| [[x - m * dx, y - m * dy], [x + m * dx, y + m * dy]]));
            segments.collect()
        };
        match self {
            Self::Disk => canvas.disks(places, 0.2 * m, self.ink()),
            Self::Ring => canvas.rings(places, 0.24 * m, pen),
            Self::Cross => canvas.segments(strokes([[0.32, 0.0], [0.0, 0.32]]), pen),
            Self::Saltire => canvas.segments(strokes([[0.23, 0.23], [0.23, -0.23]]), pen),
        }
    }
}

/// All of a plan in a small map.
pub(crate) struct Overview {
    /// Millimetres on paper per millimetre on the scalp; a round number if one fits.
    pub(crate) magnification: f64,
    /// The map.
    pub(crate) block: Block,
}

impl Overview {
    /// The map of a plan that reaches so far on the scalp, in the room there is, mm.
    pub(crate) fn new(plan: &Plan, extent: Frame, room_mm: [f64; 2]) -> Self {
        let shown = extent.grown(2.0);
        let magnification = round_magnification(shown, room_mm);
        let frame = Frame::new(0.0, 0.0, shown.width_mm * magnification, shown.height_mm * magnification);
        let at = |[x, y]: [f64; 2]| [x - shown.left_mm, y - shown.top_mm].map(|mm| mm * magnification);
        let on_map = |places: Vec<[f64; 2]>| -> Vec<[f64; 2]> { places.into_iter().map(at).collect() };
        let mut drawn = Canvas::new();
        drawn.outlines(scars_in_scalp(plan).into_iter().map(on_map).collect(), SCAR_PEN);
        drawn.segments(drawn_in_scalp(plan).into_iter().map(|piece| piece.map(at)).collect(), DRAWN_PEN);
        for (k, session) in plan.sessions.iter().enumerate() {
            Sign::of(k).draw(&mut drawn, on_map(places(session)), magnification.clamp(0.3, 2.0));
        }
        let mut canvas = Canvas::new();
        canvas.put_clipped(frame, [0.0, 0.0], drawn);
        canvas.border(frame, Pen::new(0.15, Ink::RULE));
        Self { magnification, block: Block { height_mm: frame.height_mm, canvas } }
    }
}

/// The largest round magnification at which the map fits; if none does, the one that just fits.
fn round_magnification(shown: Frame, room_mm: [f64; 2]) -> f64 {
    const ROUND: [f64; 11] = [3.0, 2.0, 1.5, 1.0, 0.8, 0.667, 0.5, 0.4, 0.333, 0.25, 0.2];
    let fits = |m: &&f64| shown.width_mm * **m <= room_mm[0] && shown.height_mm * **m <= room_mm[1];
    let exact = (room_mm[0] / shown.width_mm).min(room_mm[1] / shown.height_mm);
    ROUND.iter().find(fits).copied().unwrap_or(exact)
}

/// The pen for a scar's outline.
pub(crate) const SCAR_PEN: Pen = Pen::new(0.18, Ink::ACCENT);

/// The pen for what a person drew.
pub(crate) const DRAWN_PEN: Pen = Pen::new(0.18, Ink::Rgb(DRAWN_COLOR[0], DRAWN_COLOR[1], DRAWN_COLOR[2]));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nowhere_is_not_drawn() {
        assert_eq!(within_reach(PointInScalp::new(f64::NAN, 0.0)), None);
        assert_eq!(within_reach(PointInScalp::new(0.0, 1e300)), None);
        assert_eq!(within_reach(PointInScalp::new(-3.0, 4.0)), Some([-3.0, 4.0]));
    }
}
