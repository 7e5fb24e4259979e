//! A small chart with a few curves.

use super::flow::Block;
use super::page::{Align, Canvas, Frame, Pen};
use super::typeface::{Ink, Line, Style};

/// Room at the left for numbers, mm.
const LEFT_MM: f64 = 9.0;
/// Height of the field, mm.
pub(super) const FIELD_MM: f64 = 42.0;
/// Radius of a point, mm.
const POINT_MM: f64 = 0.5;
/// Small print of axes.
const TICK: Style = Style { size_pt: 7.0, ..Style::SMALL };

/// What an axis spans.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scale {
    /// Equal steps are equal.
    Even { low: f64, high: f64, step: f64 },
    /// Equal factors are equal.
    Logarithmic { low: f64, high: f64 },
}

impl Scale {
    /// Spans values with round ends.
    pub(super) fn fitted(values: impl Iterator<Item = f64> + Clone) -> Self {
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = match low < high {
            true => (low, high),
            // One value stands in the middle.
            false if low.is_finite() => (low - 0.5, low + 0.5),
            false => (0.0, 1.0),
        };
        let rough = (high - low) / 5.0;
        let unit = 10f64.powf(rough.log10().floor());
        let step =
            [1.0, 2.0, 5.0, 10.0].into_iter().map(|k| k * unit).find(|step| *step >= rough).unwrap_or(rough);
        Self::Even { low: (low / step).floor() * step, high: (high / step).ceil() * step, step }
    }

    /// Its lowest and highest value.
    pub(super) fn ends(&self) -> [f64; 2] {
        match *self {
            Self::Even { low, high, .. } | Self::Logarithmic { low, high } => [low, high],
        }
    }

    /// Where a value lies, 0 to 1; what lies outside is put on the edge.
    fn share(&self, value: f64) -> f64 {
        match *self {
            Self::Even { low, high, .. } => ((value - low) / (high - low)).clamp(0.0, 1.0),
            Self::Logarithmic { low, high } => {
                ((value.max(low) / low).ln() / (high / low).ln()).clamp(0.0, 1.0)
            }
        }
    }

    /// Whether a value is on the axis.
    fn holds(&self, value: f64) -> bool {
        let [low, high] = self.ends();
        (low..=high).contains(&value)
    }

    fn ticks(&self) -> Vec<f64> {
        match *self {
            Self::Even { low, high, step } => {
                let count = ((high - low) / step).round() as usize;
                (0..=count).map(|k| low + k as f64 * step).collect()
            }
            Self::Logarithmic { low, high } => {
                let decades = (low.log10().floor() as i32)..=(high.log10().ceil() as i32);
                decades
                    .map(|k| 10f64.powi(k))
                    .filter(|tick| *tick >= low * 0.999 && *tick <= high * 1.001)
                    .collect()
            }
        }
    }
}

/// An axis with its words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub(super) label: &'static str,
    pub(super) scale: Scale,
}

/// One curve.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    /// What the legend says; a curve without a name is not in it.
    pub(super) name: &'static str,
    pub(super) ink: Ink,
    /// x and y, in order of x.
    pub(super) places: Vec<[f64; 2]>,
    /// Standard uncertainty of each y, or nothing.
    pub(super) spread: Vec<f64>,
    /// Whether places are joined by a line; otherwise each is a point.
    pub(super) joined: bool,
}

impl Curve {
    /// A line without a name.
    pub(super) fn line(ink: Ink, places: Vec<[f64; 2]>) -> Self {
        Self { name: "", ink, places, spread: Vec::new(), joined: true }
    }

    /// Points without a name.
    pub(super) fn points(ink: Ink, places: Vec<[f64; 2]>) -> Self {
        Self { joined: false, ..Self::line(ink, places) }
    }
}

/// A chart.
#[derive(Clone, Debug)]
pub(super) struct Chart {
    pub(super) title: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) curves: Vec<Curve>,
    /// Values that dashed lines mark.
    pub(super) marks_y: Vec<f64>,
    pub(super) mark_x: Option<f64>,
    /// Height of the field, mm; usually [`FIELD_MM`].
    pub(super) field_mm: f64,
}

impl Chart {
    /// The chart, so wide.
    pub(super) fn block(&self, width_mm: f64) -> Block {
        let field = Frame::new(LEFT_MM, 0.0, width_mm - LEFT_MM, self.field_mm);
        let mut canvas = Canvas::new();
        self.grid(&mut canvas, field);
        let at = |[x, y]: [f64; 2]| {
            let (across, up) = (self.x.scale.share(x), self.y.scale.share(y));
            [field.left_mm + across * field.width_mm, field.bottom_mm() - up * field.height_mm]
        };
        for (k, curve) in self.curves.iter().enumerate() {
            // A later curve is narrower, so that of two that coincide both are seen.
            let width_mm = 0.8 / (k + 1) as f64;
            let sticks = curve.places.iter().zip(&curve.spread);
            let sticks = sticks.map(|([x, y], u)| [at([*x, y - u]), at([*x, y + u])]).collect();
            canvas.segments(sticks, Pen::new(0.2, curve.ink));
            let is_on = |place: &[f64; 2]| self.x.scale.holds(place[0]) && self.y.scale.holds(place[1]);
            if !curve.joined {
                let places =
                    curve.places.iter().filter(|place| is_on(place)).map(|place| at(*place)).collect();
                canvas.disks(places, POINT_MM, curve.ink);
                continue;
            }
            // What lies off the axis leaves a gap: a line across it would say what is not so.
            let pairs = curve.places.windows(2).filter(|pair| pair.iter().all(is_on));
            canvas.segments(
                pairs.map(|pair| [at(pair[0]), at(pair[1])]).collect(),
                Pen::new(width_mm, curve.ink),
            );
        }
        let mut top = Canvas::new();
        top.text([0.0, 3.4], &self.title, Style::STRONG);
        self.legend(&mut top, width_mm);
        top.text([0.0, 8.0], self.y.label, TICK);
        Block::stack([
            Block { height_mm: 9.6, canvas: top },
            Block { height_mm: field.height_mm + 8.2, canvas },
        ])
    }

    fn grid(&self, canvas: &mut Canvas, field: Frame) {
        let thin = Pen::new(0.12, Ink::RULE);
        for value in self.x.scale.ticks() {
            let x = field.left_mm + self.x.scale.share(value) * field.width_mm;
            canvas.segments(vec![[[x, field.top_mm], [x, field.bottom_mm()]]], thin);
            canvas.line([x, field.bottom_mm() + 3.2], Align::Center, Line::new(&tick(value), TICK));
        }
        for value in self.y.scale.ticks() {
            let y = field.bottom_mm() - self.y.scale.share(value) * field.height_mm;
            canvas.segments(vec![[[field.left_mm, y], [field.right_mm(), y]]], thin);
            canvas.line([field.left_mm - 1.2, y + 0.9], Align::Right, Line::new(&tick(value), TICK));
        }
        let marked = Pen::new(0.25, Ink::TEXT).dashed(1.0);
        for value in &self.marks_y {
            let y = field.bottom_mm() - self.y.scale.share(*value) * field.height_mm;
            canvas.segments(vec![[[field.left_mm, y], [field.right_mm(), y]]], marked);
        }
        if let Some(value) = self.mark_x {
            let x = field.left_mm + self.x.scale.share(value) * field.width_mm;
            canvas.segments(vec![[[x, field.top_mm], [x, field.bottom_mm()]]], marked);
        }
        canvas.border(field, Pen::new(0.2, Ink::QUIET));
        let label = Line::new(self.x.label, TICK);
        canvas.line([field.right_mm(), field.bottom_mm() + 6.8], Align::Right, label);
    }

    fn legend(&self, canvas: &mut Canvas, width_mm: f64) {
        let mut right_mm = width_mm;
        for curve in self.curves.iter().rev().filter(|curve| !curve.name.is_empty()) {
            let name = Line::new(curve.name, TICK.in_ink(Ink::TEXT));
            let left_mm = right_mm - name.width_mm;
            canvas.line([left_mm, 3.3], Align::Left, name);
            canvas.segments(vec![[[left_mm - 5.0, 2.4], [left_mm - 1.0, 2.4]]], Pen::new(0.6, curve.ink));
            right_mm = left_mm - 8.0;
        }
    }
}

/// A round number as it is written.
fn tick(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string().replace('-', "−") }
}
