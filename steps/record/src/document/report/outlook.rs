//! What to expect: the pair of pictures, the numbers, the moments.

use stipple_model::{Expectation, ExpectedThen, Moment, NEAREST_LOOK_M, Plan, Verdict};
use stipple_optics::fading::DAYS_PER_YEAR;
use stipple_quantity::Estimate;

use super::super::flow::{Block, COLUMN, Column, Flow, Table, inside_box_mm};
use super::super::number::{likely_percent, likely_range, measured, significant, with_unit};
use super::super::page::{Align, Canvas, Frame, Picture};
use super::super::typeface::{Ink, Style};
use super::{Crops, ReportInput, SECTION_MM, heading, may_be_done, paragraph};

/// Width of one picture of the pair, mm.
const HALF_MM: f64 = 82.5;
/// Width of one of three pictures, mm.
const THIRD_MM: f64 = 54.0;
/// Tallest a picture of the pair gets, mm.
const TALLEST_MM: f64 = 84.0;

/// Pictures, expectation and moments; nothing if nothing is planned.
pub(super) fn write(flow: &mut Flow, input: &ReportInput<'_>) {
    if input.plan.dots().next().is_none() {
        return;
    }
    let verdict = input.assessment.verdict;
    let mut opening = if may_be_done(verdict) {
        vec![heading("What to expect")]
    } else {
        vec![heading("What it would look like"), for_information(verdict), Block::space(4.0)]
    };
    opening.extend(input.crops.as_ref().map(|crops| Block::stack([pair(crops), Block::space(3.0)])));
    let mut texts = expectation(input).into_iter().map(|text| paragraph(&text));
    // Because a title alone at the foot of a page says nothing.
    opening.extend(texts.next());
    flow.place(Block::stack(opening));
    texts.for_each(|text| flow.place(text));
    flow.space(SECTION_MM - 3.0);
    let note =
        "The words are what clinics commonly tell their clients; skin, sun and pigment make it differ.";
    let note = Block::stack([Block::space(1.2), Block::text(note, Style::SMALL, COLUMN.width_mm)]);
    flow.table(heading("How it changes with time"), &moments(input.plan), note);
    if let Some(crops) = &input.crops {
        flow.space(SECTION_MM - 3.0);
        let title = heading("After three years: the likely range");
        flow.place(Block::stack([title, range(crops), Block::space(1.2), range_words()]));
    }
    flow.space(SECTION_MM);
}

/// Says that what follows is no invitation.
pub(super) fn for_information(verdict: Verdict) -> Block {
    let text = match verdict {
        Verdict::NotYet => {
            "For information only. The verdict is “not yet”: please do not treat from these pages. \
             Photograph the scar again when the time has come, and let the plan be made anew."
        }
        _ => {
            "For information only. The verdict is that micropigmentation is not the right way here: \
             please do not treat from these pages."
        }
    };
    let inside = inside_box_mm(COLUMN.width_mm);
    Block::text(text, Style::STRONG, inside).boxed(COLUMN.width_mm)
}

fn pair(crops: &Crops<'_>) -> Block {
    let before = labeled("Photograph, before", [Ink::TINT, Ink::TEXT], crops.before, HALF_MM);
    let healed =
        labeled("SIMULATION, healed: not a photograph", [Ink::ACCENT, Ink::PAPER], crops.healed, HALF_MM);
    Block::beside([(0.0, before), (COLUMN.width_mm - HALF_MM, healed)])
}

/// The likely range after three years, strongest first, as the studio has it.
fn range(crops: &Crops<'_>) -> Block {
    let labels = ["SIMULATION, fades less", "SIMULATION, likely", "SIMULATION, fades more"];
    let step_mm = (COLUMN.width_mm - THIRD_MM) / 2.0;
    let thirds =
        labels.into_iter().zip(crops.later.into_iter().rev()).enumerate().map(|(i, (label, picture))| {
            (step_mm * i as f64, labeled(label, [Ink::ACCENT, Ink::PAPER], picture, THIRD_MM))
        });
    Block::beside(thirds)
}

fn range_words() -> Block {
    let text = "Not photographs: how it may look after three years without a touch-up. As far as healing and fading go, \
                about one person in ten will see more than on the left, one in ten less than on the right; skin and \
                pigment add to that. The range is our own estimate from few sources.";
    Block::text(text, Style::SMALL, COLUMN.width_mm)
}

/// A picture under a colored label.
fn labeled(label: &str, [ground, ink]: [Ink; 2], picture: &Picture, width_mm: f64) -> Block {
    let (columns, rows) = (f64::from(picture.width_px.max(1)), f64::from(picture.height_px.max(1)));
    let mm_per_px = (width_mm / columns).min(TALLEST_MM / rows);
    let frame = Frame::new(0.0, 0.0, columns * mm_per_px, rows * mm_per_px);
    let style = Style::STRONG.sized(8.5).in_ink(ink);
    let mut canvas = Canvas::new();
    canvas.rectangles(vec![Frame::new(0.0, 0.0, width_mm, 6.0)], ground);
    canvas.text([2.4, 3.0 + style.capital_mm() / 2.0], label, style);
    canvas.picture(Frame { top_mm: 6.0, ..frame }, picture);
    Block { height_mm: frame.height_mm + 6.0, canvas }
}

fn expectation(input: &ReportInput<'_>) -> Vec<String> {
    let expected = &input.assessment.expectation;
    let condition = if may_be_done(input.assessment.verdict) { "is expected to" } else { "would perhaps" };
    let mut texts = Vec::new();
    texts.extend(expected.visible_distance_m.as_ref().map(|healed| distances(expected, healed, condition)));
    if let Some(difference) = &expected.color_difference {
        let today = expected.color_difference_today.as_ref();
        let today = today.map_or(String::new(), |now| format!(", against {} today", measured(now, "")));
        texts.push(format!(
            "Seen from conversation distance, its color {condition} differ from the surroundings by ΔE00 \
             {} (likely range {}, 95 %){today}{}.",
            measured(difference, ""),
            likely_range(difference, ""),
            later(&expected.over_time),
        ));
    }
    if texts.is_empty() {
        texts.push("How far away the healed scar can be seen could not be estimated here.".to_owned());
    }
    texts.extend(pigment_left(&expected.over_time));
    texts.push(
        "The texture of the scar stays: pigment changes its color and its dots, not its surface, which can \
         still show in light from the side. People heal differently; this is one likely course of many."
            .to_owned(),
    );
    texts
}

/// From how far away it is seen, today, healed and later.
fn distances(expected: &Expectation, healed: &Estimate, condition: &str) -> String {
    let today =
        expected.visible_distance_today_m.as_ref().map_or(String::new(), |today| match today.value > 0.0 {
            true => format!(
                "In this photograph the scar is told from its surroundings from up to {} away. ",
                measured(today, "m")
            ),
            false => format!(
                "In this photograph the scar is not told from its surroundings, from {} on. ",
                with_unit(significant(NEAREST_LOOK_M, 2), "m")
            ),
        });
    let last = expected.over_time.last().filter(|then| then.days > DAYS_PER_YEAR);
    let last = last.and_then(|then| Some((then.days, then.visible_distance_m?)));
    let last = last.map_or(String::new(), |(days, metres)| {
        format!("; after {}, without a touch-up, {}", years(days), likely_metres(&metres))
    });
    format!(
        "{today}Once healed, it {condition} be told from {}{last}. A computed observer looked, who knows where the scar is, in a \
         well-lit room, with the hair as short as on the photograph; it has not been compared with people, and whoever glances \
         at it sees it from less far. The ranges hold how people heal, not how people see.",
        likely_metres(healed),
    )
}

/// A distance as a likely range; nearer than [`NEAREST_LOOK_M`] nobody looked.
fn likely_metres(metres: &Estimate) -> String {
    match metres.interval95() {
        (low, high) if low < NEAREST_LOOK_M => {
            format!("at most {} away, if at all", with_unit(significant(high.max(NEAREST_LOOK_M), 2), "m"))
        }
        _ => format!("{} away", likely_range(metres, "m")),
    }
}

/// What its color is later, as a range.
fn later(over_time: &[ExpectedThen]) -> String {
    let last = over_time.last().filter(|then| then.days > DAYS_PER_YEAR);
    let difference = last.and_then(|then| then.color_difference.map(|difference| (then, difference)));
    difference.map_or_else(String::new, |(then, difference)| {
        format!("; after {}, without a touch-up, by {}", years(then.days), likely_range(&difference, ""))
    })
}

/// How much pigment is left, as ranges: known of people, not of this one.
fn pigment_left(over_time: &[ExpectedThen]) -> Option<String> {
    let [healed, .., last] = over_time else { return None };
    let share = likely_percent;
    Some(format!(
        "Scars keep less pigment than other skin. Of what is set in the scar, {} is likely still there once healed and {} \
         after {}; in other skin {} and {}. These are wide ranges of people, 95 %, from few sources and our own judgment \
         (evidence D): scars fade more in the first half year (Liu 2025, ten cases), and touch-ups come after 2 to 6 years.",
        share(&healed.pigment_left_in_scar),
        share(&last.pigment_left_in_scar),
        years(last.days),
        share(&healed.pigment_left),
        share(&last.pigment_left),
    ))
}

fn years(days: f64) -> String {
    let years = (days / DAYS_PER_YEAR).round();
    if years == 1.0 { "one year".to_owned() } else { format!("{years:.0} years") }
}

fn moments(plan: &Plan) -> Table {
    let columns = vec![
        Column { title: "After the last session", width_mm: 40.0, align: Align::Left },
        Column { title: "Size of a dot", width_mm: 28.0, align: Align::Left },
        Column { title: "What is usually seen", width_mm: 105.5, align: Align::Left },
    ];
    let healed = measured(&plan.healed_diameter_um, "µm");
    let rows = Moment::ALL.map(|moment| {
        let (name, seen) = moment_words(moment);
        let size = match moment {
            Moment::Fresh => fresh_diameters(plan),
            Moment::Healed => healed.clone(),
            _ => "–".to_owned(),
        };
        vec![name.to_owned(), size, seen.to_owned()]
    });
    Table { columns, style: Style::BODY.sized(9.0), rows: rows.into() }
}

fn moment_words(moment: Moment) -> (&'static str, &'static str) {
    match moment {
        Moment::Fresh => ("Fresh, the same day", "Darker and larger than it will be; the skin is red."),
        Moment::Day3 => ("Healing, day 3 to 7", "Fine crusts that fall off by themselves: not to be picked."),
        Moment::Healed => {
            ("Healed, about 6 weeks", "Settled. Around week 3 to 4 it can look too light for a while.")
        }
        Moment::Year1 => ("1 year", "Somewhat lighter, the dots a little softer; scars can fade sooner."),
        Moment::Year2 => ("2 years", "A little lighter again, on scars more so."),
        Moment::Year3 => ("3 years", "Lighter. Many people have it refreshed between year 2 and 6."),
        Moment::Year5 => ("5 years", "A tint usually remains; clinics advise to keep the sun off."),
    }
}

/// The smallest and the largest fresh dot.
fn fresh_diameters(plan: &Plan) -> String {
    let diameters = || plan.dots().map(|dot| dot.diameter_um).filter(|um| um.is_finite());
    let low = diameters().fold(f64::INFINITY, f64::min);
    let high = diameters().fold(0.0, f64::max);
    match (significant(low.min(high), 2), significant(high, 2)) {
        (low, high) if low == high => with_unit(high, "µm"),
        (low, high) => with_unit(format!("{low} to {high}"), "µm"),
    }
}
