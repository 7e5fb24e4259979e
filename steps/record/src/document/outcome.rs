//! Before and after on one page: the pictures, what is seen from how far, and the numbers.

use stipple_model::{BeforeAfter, Caveat, Code, Comparable, Date, Deposits, Laid, Outcome, Weight};
use stipple_quantity::Estimate;

use super::chart::{Axis, Chart, Curve, Scale};
use super::flow::{Block, COLUMN, Column, Flow, Table, inside_box_mm};
use super::number::{day, measured, whole, with_unit};
use super::page::{Align, Canvas, Frame, Pen, Picture, Sheet, pdf, png};
use super::typeface::{Ink, Style};
use crate::picture::{jpeg_of_overlay, jpeg_of_photo};

/// All that the page is made of.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeInput<'a> {
    /// The numbers.
    pub outcome: &'a Outcome,
    /// The pictures.
    pub laid: &'a Laid,
    /// Every doubt.
    pub caveats: &'a [Caveat],
    /// The day to print on it; none prints no day.
    pub made_on: Option<Date>,
    /// Name and version of the program.
    pub software: &'a str,
    /// The first characters of the photographs' SHA-256.
    pub sha256_short: BeforeAfter<&'a str>,
}

const TITLE: &str = "Before and after, measured";
const FOOT: &str = "What two photographs show of one person; no promise for another, not a diagnosis.";
/// Room between sections, mm.
const SECTION_MM: f64 = 5.0;
/// Room above and below the figure, mm.
const MARGIN_MM: f64 = 14.0;
/// Room between pictures, mm.
const GAP_MM: f64 = 4.0;
/// The tallest that the pictures get, mm.
const PICTURE_MM: f64 = 62.0;
/// Height of the charts, mm: so that page and table fit on one sheet.
const CHARTS_MM: f64 = 30.0;
/// Pictures that are so much wider than tall stand above one another where there is room, not beside.
const WIDE: f64 = 2.0;
/// Longer side of the pictures, px.
const SIDE_PX: u16 = 900;
/// Pixels a millimetre of the page as a picture.
const PX_PER_MM: f64 = 8.0;
/// Before and after in the charts.
const BEFORE: Ink = Ink::Rgb(168, 92, 28);
/// See [`BEFORE`].
const AFTER: Ink = Ink::ACCENT;

/// The page as PDF, with all doubts on the pages behind it.
///
/// # Determinism
/// The same input gives the same bytes.
pub fn outcome_pdf(input: &OutcomeInput<'_>) -> Vec<u8> {
    pdf(TITLE, input.made_on, &sheets(input))
}

/// The first page as a picture, PNG.
///
/// # Determinism
/// The same input gives the same bytes.
pub fn outcome_png(input: &OutcomeInput<'_>) -> Vec<u8> {
    png(&figure(input), PX_PER_MM)
}

fn sheets(input: &OutcomeInput<'_>) -> Vec<Sheet> {
    let mut flow = Flow::new();
    flow.place(title(input));
    flow.place(verdict(input));
    flow.space(SECTION_MM);
    flow.place(pictures(input.laid, 3));
    flow.space(SECTION_MM);
    flow.place(charts(input.outcome));
    flow.space(SECTION_MM - 2.0);
    flow.table(Block::default(), &numbers(input), Block::default());
    flow.place(how(input));
    flow.space(SECTION_MM);
    doubts(&mut flow, input.caveats);
    flow.finish(&format!("Stipple · {TITLE}"), FOOT)
}

/// All but the notes on one sheet as tall as it takes: a picture is passed on alone.
fn figure(input: &OutcomeInput<'_>) -> Sheet {
    let shown = reasons(input);
    let is_left = |caveat: &&Caveat| caveat.weight != Weight::Note && !shown.contains(caveat);
    let doubted = input.caveats.iter().filter(is_left);
    let said =
        doubted.map(|caveat| Block::text(&format!("· {}", caveat.message), Style::SMALL, COLUMN.width_mm));
    let all = Block::stack([
        title(input),
        verdict(input),
        Block::space(SECTION_MM),
        pictures(input.laid, if is_wide(input.laid) { 1 } else { 3 }),
        Block::space(SECTION_MM),
        charts(input.outcome),
        Block::space(SECTION_MM - 2.0),
        numbers(input).block(),
        how(input),
        Block::space(SECTION_MM),
        Block::stack(said),
        Block::space(2.0),
        Block::text(FOOT, Style::SMALL, COLUMN.width_mm),
    ]);
    let mut canvas = Canvas::new();
    let height_mm = all.height_mm + 2.0 * MARGIN_MM;
    canvas.put([COLUMN.left_mm, MARGIN_MM], all.canvas);
    Sheet { size_mm: [COLUMN.left_mm + COLUMN.right_mm(), height_mm], canvas }
}

fn title(input: &OutcomeInput<'_>) -> Block {
    let days = input.outcome.comparability.days_since_last_session;
    let days = days.map(|days| format!("after: {days} days after the last session"));
    let made = input.made_on.map(|date| format!("made on {}", day(date)));
    let subtitle: Vec<String> = days.into_iter().chain(made).collect();
    Block::stack([
        Block::text(TITLE, Style::TITLE, COLUMN.width_mm),
        Block::text(&subtitle.join(" · "), Style::BODY.in_ink(Ink::QUIET), COLUMN.width_mm),
        Block::space(3.0),
    ])
}

/// Whether the pictures may be compared, and the strongest reasons against it.
fn verdict(input: &OutcomeInput<'_>) -> Block {
    let width_mm = inside_box_mm(COLUMN.width_mm);
    let head = match input.outcome.comparability.verdict {
        Comparable::Yes => "The photographs may be compared.",
        Comparable::WithCare => "The photographs may be compared with care.",
        Comparable::No => {
            "The photographs cannot be compared: what follows says nothing about the treatment."
        }
    };
    let mut blocks = vec![Block::text(head, Style::STRONG, width_mm)];
    blocks.extend(reasons(input).iter().map(|reason| Block::text(&reason.message, Style::BODY, width_mm)));
    Block::stack(blocks).boxed(COLUMN.width_mm)
}

/// The strongest reasons against comparing.
fn reasons<'a>(input: &OutcomeInput<'a>) -> Vec<&'a Caveat> {
    let told = |weight: Weight| {
        let of_outcome = move |caveat: &&Caveat| {
            let is_of_map = caveat.code == Code::OutcomeMap;
            caveat.code.name().starts_with("outcome.") && !is_of_map && caveat.weight == weight
        };
        input.caveats.iter().filter(of_outcome)
    };
    told(Weight::Blocks).chain(told(Weight::Doubt)).take(2).collect()
}

fn is_wide(laid: &Laid) -> bool {
    laid.difference.width_px as f64 > WIDE * laid.difference.height_px as f64
}

/// Before, after and what differs at one scale: beside one another, or above one another in one column.
fn pictures(laid: &Laid, beside: usize) -> Block {
    let (columns, rows) = (laid.difference.width_px.max(1) as f64, laid.difference.height_px.max(1) as f64);
    let room_mm = (COLUMN.width_mm - (beside - 1) as f64 * GAP_MM) / beside as f64;
    let page_mm = (room_mm / columns).min(PICTURE_MM / rows);
    let frame = Frame::new(0.0, 0.0, columns * page_mm, rows * page_mm);
    let photo = |photo| Picture::from_jpeg(jpeg_of_photo(photo, SIDE_PX, 90));
    let difference = Picture::from_jpeg(jpeg_of_overlay(&laid.difference, SIDE_PX, 90));
    let shown = [
        (photo(&laid.photos.before), "Before. The line is the scar's edge."),
        (photo(&laid.photos.after), "After, laid on before by its follicles."),
        (
            difference,
            "After less before: blue got darker, orange lighter, as against the skin around; gray: not in both.",
        ),
    ];
    let bar = scale_bar(laid.mm_per_px / page_mm, frame.width_mm);
    let placed = shown.into_iter().enumerate().map(|(k, (picture, caption))| {
        let mut canvas = Canvas::new();
        canvas.picture(frame, &picture.expect("what we encoded is a JPEG"));
        canvas.put_clipped(frame, [0.0, 0.0], outlines(laid, page_mm));
        let bar = if k == 0 { bar.clone() } else { Block::space(bar.height_mm) };
        let stacked = [
            Block { height_mm: frame.height_mm + 1.2, canvas },
            bar,
            Block::text(caption, Style::SMALL, frame.width_mm.max(room_mm - 2.0)),
            Block::space(if beside == 1 { GAP_MM } else { 0.0 }),
        ];
        (k as f64 * (room_mm + GAP_MM), Block::stack(stacked))
    });
    if beside == 1 { Block::stack(placed.map(|(_, block)| block)) } else { Block::beside(placed) }
}

fn outlines(laid: &Laid, page_mm: f64) -> Canvas {
    let polygons: Vec<Vec<[f64; 2]>> = laid
        .scar_outlines
        .iter()
        .map(|outline| outline.iter().map(|p| [p.x_px * page_mm, p.y_px * page_mm]).collect())
        .collect();
    let mut canvas = Canvas::new();
    canvas.outlines(polygons.clone(), Pen::new(0.45, Ink::PAPER));
    canvas.outlines(polygons, Pen::new(0.15, Ink::BLACK));
    canvas
}

/// A bar of a round length on the scalp.
fn scale_bar(scalp_mm_per_mm: f64, width_mm: f64) -> Block {
    const LENGTHS_MM: [f64; 6] = [50.0, 20.0, 10.0, 5.0, 2.0, 1.0];
    let fits = |length: &&f64| **length / scalp_mm_per_mm <= width_mm / 2.5;
    let Some(length) = LENGTHS_MM.iter().find(fits) else { return Block::space(3.4) };
    let drawn_mm = length / scalp_mm_per_mm;
    let mut canvas = Canvas::new();
    canvas.rectangles(vec![Frame::new(0.0, 1.0, drawn_mm, 0.5)], Ink::TEXT);
    canvas.text([drawn_mm + 1.5, 2.2], &with_unit(length.to_string(), "mm"), Style::SMALL.in_ink(Ink::TEXT));
    Block { height_mm: 3.4, canvas }
}

fn charts(outcome: &Outcome) -> Block {
    let width_mm = (COLUMN.width_mm - 8.0) / 2.0;
    let seen = |of: fn(&BeforeAfter<Estimate>) -> Estimate| -> Vec<[f64; 2]> {
        outcome.visibility.iter().map(|step| [step.distance_m, of(&step.detectability).value]).collect()
    };
    let visibility = Chart {
        title: "From how far the scar is seen".to_owned(),
        x: Axis { label: "distance, m", scale: Scale::Logarithmic { low: 0.25, high: 100.0 } },
        y: Axis {
            label: "detectability d′; 1 is just seen",
            scale: Scale::Logarithmic { low: 0.1, high: 100.0 },
        },
        curves: vec![
            Curve {
                name: "before",
                ink: BEFORE,
                places: seen(|d| d.before),
                spread: Vec::new(),
                joined: true,
            },
            Curve { name: "after", ink: AFTER, places: seen(|d| d.after), spread: Vec::new(), joined: true },
        ],
        marks_y: vec![1.0],
        mark_x: None,
        field_mm: CHARTS_MM,
    };
    let profile = |of: fn(&BeforeAfter<Estimate>) -> Estimate| -> (Vec<[f64; 2]>, Vec<f64>) {
        let steps = outcome.edge_profile.iter().map(|step| (step.from_edge_mm, of(&step.lightness)));
        steps.map(|(mm, lightness)| ([mm, lightness.value], lightness.standard_uncertainty)).unzip()
    };
    let (before, spread_before) = profile(|l| l.before);
    let (after, spread_after) = profile(|l| l.after);
    let spread = spread_before.iter().chain(&spread_after);
    let lightness = before.iter().chain(&after).map(|place| place[1]);
    let ends: Vec<f64> = lightness.zip(spread).flat_map(|(l, u)| [l - u, l + u]).collect();
    let edge = Chart {
        title: "Lightness across the scar's edge".to_owned(),
        x: Axis {
            label: "from the edge, mm (inside the scar at the left)",
            scale: Scale::fitted(before.iter().map(|p| p[0])),
        },
        y: Axis { label: "lightness L*", scale: Scale::fitted(ends.iter().copied()) },
        curves: vec![
            Curve { name: "before", ink: BEFORE, places: before, spread: spread_before, joined: true },
            Curve { name: "after", ink: AFTER, places: after, spread: spread_after, joined: true },
        ],
        marks_y: Vec::new(),
        mark_x: Some(0.0),
        field_mm: CHARTS_MM,
    };
    Block::beside([(0.0, visibility.block(width_mm)), (width_mm + 8.0, edge.block(width_mm))])
}

fn numbers(input: &OutcomeInput<'_>) -> Table {
    let outcome = input.outcome;
    let is_other_plan = input.caveats.iter().any(|caveat| caveat.code == Code::OutcomePlan);
    // What cannot be compared has no change.
    let moved = |of: &BeforeAfter<Estimate>, alike: f64, unit: &str| match outcome.comparability.verdict {
        Comparable::No => String::new(),
        Comparable::Yes | Comparable::WithCare => change(of, alike, unit),
    };
    let plain = |what: &str, of: BeforeAfter<Estimate>, alike: f64| {
        row(what, of.of(|e| measured(e, "")), moved(&of, alike, ""))
    };
    let scale = outcome.scale_unsure;
    let distance = &outcome.visible_distance_m;
    let both = distance.before.zip(distance.after).map(|(before, after)| BeforeAfter { before, after });
    let nearer = both.map_or(String::new(), |both| moved(&both, outcome.scale_unsure, "m"));
    let mut rows = vec![
        row("Seen from as far as", distance.of(|distance| seen_from(distance.as_ref())), nearer),
        plain("Color against surroundings (CIEDE2000)", outcome.color_difference, 0.0),
        plain("Redness (index; above 0 is redder)", outcome.redness, 0.0),
        plain(
            "Hair groups and dots in the scar, per cm²",
            outcome.units.of(|units| units.inside_per_cm2),
            2.0 * scale,
        ),
        plain("The same around it, per cm²", outcome.units.of(|units| units.around_per_cm2), 2.0 * scale),
    ];
    if let Some(seen) =
        outcome.visibility.iter().min_by(|a, b| off(a.distance_m).total_cmp(&off(b.distance_m)))
    {
        let plainness = seen.detectability.of(|d_prime| measured(d_prime, ""));
        let moved = moved(&seen.detectability, 0.0, "");
        rows.insert(1, row("How visible from 1 m (d′; 1 is just seen)", plainness, moved));
    }
    if let Some(shift) = &outcome.blue_shift {
        let what = "New marks' b* less hair's (below 0: bluer)";
        rows.push(after_alone(what, measured(shift, "")));
    }
    if let Some(deposits) = outcome.deposits.as_ref().filter(|_| !is_other_plan) {
        rows.extend(dots_rows(deposits));
    }
    let column = |title, width_mm, align| Column { title, width_mm, align };
    let columns = vec![
        column("", 72.0, Align::Left),
        column("before", 27.0, Align::Right),
        column("after", 43.0, Align::Right),
        column("change", 31.5, Align::Right),
    ];
    Table { columns, style: Style::BODY, rows }
}

fn row(what: &str, of: BeforeAfter<String>, change: String) -> Vec<String> {
    vec![what.to_owned(), of.before, of.after, change]
}

/// A row of what there is after alone.
fn after_alone(what: &str, after: String) -> Vec<String> {
    row(what, BeforeAfter { before: String::new(), after }, String::new())
}

/// What became of the planned dots.
fn dots_rows(deposits: &Deposits) -> Vec<Vec<String>> {
    let mut rows = vec![after_alone("Planned dots that are still seen", kept(deposits))];
    let sessions = deposits.by_session.iter().filter_map(|session| {
        let what = format!("of those of session {}", session.number);
        Some(after_alone(&what, in_percent(&session.retained_fraction?)))
    });
    rows.extend(sessions);
    if let (Some(inside), Some(around)) = (&deposits.in_scar, &deposits.around) {
        let both = format!("{} · {}", in_percent(inside), in_percent(around));
        rows.push(after_alone("of those in the scar · around it", both));
    }
    if let Some(drift) = deposits.look.and_then(|look| look.drift()) {
        let percent = |factor: Estimate| measured(&factor.times(100.0), "%").replace(' ', "\u{a0}");
        let of_expected = [
            ("Such a dot's darkness, of expected", drift.contrast),
            ("Its width, of expected", drift.width),
            ("Red over blue it takes (above 100 is bluer)", drift.bluer),
        ];
        rows.extend(of_expected.map(|(what, factor)| after_alone(what, percent(factor))));
    }
    rows
}

/// How far a distance is from that of a conversation, as a factor's logarithm.
fn off(distance_m: f64) -> f64 {
    distance_m.ln().abs()
}

/// After less before, or that it may be chance; both are off alike by a share of their values, which stretches the change and
/// does not hide it.
fn change(of: &BeforeAfter<Estimate>, alike: f64, unit: &str) -> String {
    let moved = of.after.value - of.before.value;
    let change = Estimate::new(moved, of.chance(alike).hypot(alike * moved));
    if of.is_within_chance(alike) { "within chance".to_owned() } else { measured(&change, unit) }
}

fn seen_from(distance: Option<&Estimate>) -> String {
    match distance {
        Some(distance) if distance.value > 0.0 => measured(distance, "m"),
        Some(_) => "nowhere".to_owned(),
        None => "beyond 100 m".to_owned(),
    }
}

/// A share in percent, with its standard uncertainty.
fn in_percent(share: &Estimate) -> String {
    let [share, uncertainty] =
        [share.value, share.standard_uncertainty].map(|of| whole((100.0 * of).round() as usize));
    format!("{share} ± {uncertainty} %").replace(' ', "\u{a0}")
}

/// In percent with the interval that holds 95 of 100, which no share leaves.
fn kept(deposits: &Deposits) -> String {
    let (low, high) = deposits.interval;
    let [share, low, high] =
        [deposits.retained_fraction.value, low, high].map(|of| whole((100.0 * of).round() as usize));
    let told = format!("{share} % ({low} to {high})").replace(' ', "\u{a0}");
    format!("{told} of\u{a0}{}", whole(deposits.planned))
}

fn how(input: &OutcomeInput<'_>) -> Block {
    let alignment = &input.outcome.alignment;
    let tone = match input.outcome.comparability.tone_ratio {
        Some(ratio) => format!(
            "Over the card's grays the picture after is {} times as hard as the one before. ",
            measured(&ratio, "")
        ),
        None => "Not checked, as the card's grays were not read in both: whether a camera or an app made one picture \
                 flatter or harder, which changes all of this. "
            .to_owned(),
    };
    let text = format!(
        "± is one standard deviation. Seen: by a healthy eye that knows where to look, in a well-lit room (skin at 100 cd/m²); \
         a stranger notices it from nearer, from how near was not measured. A dot that has faded too far to be told counts as gone. \
         Smoothing of the scar is looked for; whoever paints in the picture otherwise is not found out. {tone}{} follicles are in both photographs; two readings of one lie {:.0} µm apart. Photographs {}… and {}…; {}.",
        whole(alignment.pairs),
        alignment.scatter_um,
        input.sha256_short.before,
        input.sha256_short.after,
        input.software
    );
    Block::stack([Block::space(1.5), Block::text(&text, Style::SMALL, COLUMN.width_mm)])
}

fn doubts(flow: &mut Flow, caveats: &[Caveat]) {
    if caveats.is_empty() {
        return;
    }
    let heading = Block::stack([
        Block::text("What is uncertain, and what to do about it", Style::HEADING, COLUMN.width_mm),
        Block::space(1.2),
    ]);
    let mut sorted: Vec<&Caveat> = caveats.iter().collect();
    sorted.sort_by_key(|caveat| std::cmp::Reverse(caveat.weight));
    flow.place_after(heading, sorted.into_iter().map(super::report::doubt).collect());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_are_off_by_alike_hides_no_change() {
        // Marks in a scar without a card: the size of a pixel is known to 28 %, areas to 56 %.
        let pair = |before: f64, after: f64| {
            let told = |value: f64| Estimate::new(value, (0.05 * value).hypot(0.56 * value));
            BeforeAfter { before: told(before), after: told(after) }
        };
        assert_eq!(change(&pair(5.7, 47.0), 0.0, ""), "within chance");
        assert_eq!(change(&pair(5.7, 47.0), 0.56, ""), "41\u{202f}±\u{202f}23");
        assert_eq!(change(&pair(46.0, 47.0), 0.56, ""), "within chance");
    }
}
