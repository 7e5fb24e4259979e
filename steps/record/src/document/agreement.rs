//! How far people agree who rated the same pictures, as a picture (Bland and Altman).

use stipple_model::agreement::{Interval, Pair};
use stipple_model::{Agreement, Caveat};

use super::chart::{Axis, Chart, Curve, FIELD_MM, Scale};
use super::flow::{Block, COLUMN};
use super::number::significant;
use super::page::{Canvas, Sheet, png};
use super::typeface::{Ink, Style};

const TITLE: &str = "How far raters agree";
const FOOT: &str = "Each point is a picture: the mean of two scores, and the second taken from the first; pictures with the same two \
     scores share a point. Solid: the mean of the differences. Between the dashes lie 95 of 100 differences. Ranges hold the truth \
     in 95 of 100 such studies.";
/// Room around the figure, mm.
const MARGIN_MM: f64 = 14.0;
/// Pixels a millimetre.
const PX_PER_MM: f64 = 8.0;
/// More pairs than this are told by the table alone.
const PAIRS_MAX: usize = 12;
/// Room between two charts beside each other, mm.
const BETWEEN_MM: f64 = 8.0;

/// Every pair of raters and every rater's two occasions, difference over mean with limits of agreement, PNG.
///
/// The first twelve are drawn; the figure says how many there are.
///
/// # Determinism
/// The same input gives the same bytes.
pub fn agreement_png(agreement: &Agreement, caveats: &[Caveat]) -> Vec<u8> {
    let text = |text: &str, style| Block::text(text, style, COLUMN.width_mm);
    let said = caveats.iter().map(|caveat| text(&format!("· {}", caveat.message), Style::BODY));
    let pairs: Vec<&Pair> = agreement.pairs.iter().chain(&agreement.repeats).collect();
    let drawn = &pairs[..pairs.len().min(PAIRS_MAX)];
    let left_out = pairs.len() - drawn.len();
    let more = format!("{left_out} more are in the file of numbers.");
    let all = Block::stack([
        text(TITLE, Style::TITLE),
        Block::space(2.0),
        text(&together(agreement), Style::BODY),
        Block::stack(said),
        Block::space(4.0),
        Block::stack(drawn.chunks(2).map(row)),
        text(if left_out > 0 { &more } else { "" }, Style::SMALL),
        text(FOOT, Style::SMALL),
    ]);
    let mut canvas = Canvas::new();
    let height_mm = all.height_mm + 2.0 * MARGIN_MM;
    canvas.put([COLUMN.left_mm, MARGIN_MM], all.canvas);
    png(&Sheet { size_mm: [COLUMN.left_mm + COLUMN.right_mm(), height_mm], canvas }, PX_PER_MM)
}

fn together(agreement: &Agreement) -> String {
    let Some(all) = agreement.together else {
        return "No correlation of all raters together can be given.".to_owned();
    };
    format!(
        "{} pictures by {} raters. One rater's score, ICC(A,1): {}; the mean of all, ICC(A,k): {}. Two scores that differ by \
         less than {} may be the same.",
        all.pictures,
        agreement.raters.len(),
        ranged(&all.single),
        ranged(&all.mean),
        significant(all.smallest_detectable, 2),
    )
}

/// Two charts beside each other.
fn row(pairs: &[&Pair]) -> Block {
    let width_mm = (COLUMN.width_mm - BETWEEN_MM) / 2.0;
    let charts = pairs.iter().enumerate().map(|(k, pair)| {
        let numbers = Block::text(&numbers(pair), Style::SMALL, width_mm);
        let block = Block::stack([chart(pair).block(width_mm), numbers, Block::space(4.0)]);
        (k as f64 * (width_mm + BETWEEN_MM), block)
    });
    Block::beside(charts)
}

fn numbers(pair: &Pair) -> String {
    let [low, high] = &pair.limits;
    format!(
        "{} pictures; mean difference {}; limits of agreement {} and {}.",
        pair.places.len(),
        ranged(&pair.bias),
        ranged(low),
        ranged(high),
    )
}

fn ranged(of: &Interval) -> String {
    let [value, low, high] = [of.value, of.low, of.high].map(|v| significant(v, 2));
    format!("{value} ({low} to {high})")
}

fn chart(pair: &Pair) -> Chart {
    let [first, second] = &pair.raters;
    let title = match first == second {
        true => format!("{first}, first and second time"),
        false => format!("{first} and {second}"),
    };
    let means = pair.places.iter().map(|place| place[0]);
    let x = Scale::fitted(means);
    let limits = pair.limits.iter().flat_map(|limit| [limit.low, limit.high]);
    let y = Scale::fitted(pair.places.iter().map(|place| place[1]).chain(limits).chain([0.0]));
    let across = |at: &Interval| {
        let [from, to] = x.ends();
        Curve::line(Ink::ACCENT, vec![[from, at.value], [to, at.value]])
    };
    let [low, high] = &pair.limits;
    Chart {
        title,
        x: Axis { label: "mean of the two scores", scale: x },
        y: Axis { label: "difference", scale: y },
        curves: vec![across(&pair.bias), Curve::points(Ink::TEXT, pair.places.clone())],
        marks_y: vec![low.value, high.value],
        mark_x: None,
        field_mm: FIELD_MM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(value: f64) -> Interval {
        Interval { value, low: value - 0.3, high: value + 0.3 }
    }

    #[test]
    fn many_pairs_stay_one_picture() {
        let pair = |k: usize| Pair {
            raters: ["A".to_owned(), format!("B{k}")],
            places: (0..20)
                .map(|p| [f64::from(p) / 2.0, f64::from((p * 7 + k as i32) % 5) / 2.0 - 1.0])
                .collect(),
            bias: at(0.1),
            spread: 0.7,
            limits: [at(-1.3), at(1.5)],
            slope: None,
            single: None,
        };
        let of = |pairs: usize| Agreement {
            pictures: 20,
            raters: vec!["A".to_owned()],
            together: None,
            pairs: (0..pairs).map(pair).collect(),
            repeats: Vec::new(),
        };
        let (some, many) = (agreement_png(&of(PAIRS_MAX), &[]), agreement_png(&of(60), &[]));
        assert!(some.len() > 10_000 && many.len() < 2 * some.len());
        assert_eq!(many, agreement_png(&of(60), &[]));
    }
}
