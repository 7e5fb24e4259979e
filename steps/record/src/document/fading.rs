//! How the dots of one person fade, as a picture.

use stipple_model::fading::{Range, TOUCH_UP_DAYS_MAX, TouchUp, UsualAndOwn, day_after};
use stipple_model::{Caveat, Date, Fading};
use stipple_optics::fading::DAYS_PER_YEAR;

use super::chart::{Axis, Chart, Curve, FIELD_MM, Scale};
use super::flow::{Block, COLUMN};
use super::number::significant;
use super::page::{Canvas, Sheet, png};
use super::typeface::{Ink, Style};

const TITLE: &str = "How the dots fade";
const FOOT: &str =
    "What is likely for one person, as far as these photographs tell; no promise, not a diagnosis.";
/// Room around the figure, mm.
const MARGIN_MM: f64 = 14.0;
/// Pixels a millimetre.
const PX_PER_MM: f64 = 8.0;
const USUAL: Ink = Ink::Rgb(168, 92, 28);

/// The curve with its range, the visits and the touch-up, PNG.
///
/// # Determinism
/// The same input gives the same bytes.
pub fn fading_png(fading: &Fading, last_session: Option<Date>, caveats: &[Caveat]) -> Vec<u8> {
    let text = |text: &str, style| Block::text(text, style, COLUMN.width_mm);
    let said = caveats.iter().map(|caveat| text(&format!("· {}", caveat.message), Style::BODY));
    let all = Block::stack([
        text(TITLE, Style::TITLE),
        Block::space(2.0),
        text(&touch_up(fading.touch_up, last_session), Style::BODY),
        Block::stack(said),
        Block::space(4.0),
        chart(fading).block(COLUMN.width_mm),
        Block::space(2.0),
        text(&half_lives(fading.half_life_years()), Style::SMALL),
        Block::space(2.0),
        text(FOOT, Style::SMALL),
    ]);
    let mut canvas = Canvas::new();
    let height_mm = all.height_mm + 2.0 * MARGIN_MM;
    canvas.put([COLUMN.left_mm, MARGIN_MM], all.canvas);
    png(&Sheet { size_mm: [COLUMN.left_mm + COLUMN.right_mm(), height_mm], canvas }, PX_PER_MM)
}

/// When the scar will be seen again, in words; with the day of the last session as days of the calendar.
pub fn touch_up(touch_up: TouchUp, last_session: Option<Date>) -> String {
    let range = match touch_up {
        TouchUp::NotSeenWithout => {
            return "Without dots, too, the scar was not seen from 1 m: nothing calls for a touch-up."
                .to_owned();
        }
        TouchUp::SeenWithDots => {
            return "With healed dots, too, the scar is seen from 1 m: a touch-up would bring back what dots gave, and no more."
                .to_owned();
        }
        TouchUp::Today => {
            return "At the last visit that counts the scar was seen from 1 m again: the time for a touch-up, if one is wanted."
                .to_owned();
        }
        TouchUp::After(range) => range,
    };
    let years = |days: f64| significant(days / DAYS_PER_YEAR, 2);
    let beyond = if range.high >= TOUCH_UP_DAYS_MAX { " or later" } else { "" };
    let Range { likely, low, high } = range;
    // To the month: no more is known.
    let month = |day: Date| day.strftime("%B %Y").to_string();
    let days = |days: f64| last_session.and_then(|from| day_after(from, days)).map(month);
    let when = match (days(likely), days(low), days(high)) {
        (Some(likely), Some(low), Some(high)) => {
            format!("about {likely} ({low} to {high}{beyond} in eight of ten cases)")
        }
        _ => format!(
            "about {} years after the last session ({} to {}{beyond} in eight of ten cases)",
            years(likely),
            years(low),
            years(high)
        ),
    };
    format!("From 1 m the scar will be seen again {when}: the time for a touch-up.")
}

fn half_lives(years: UsualAndOwn) -> String {
    let half = |of: Range| {
        let [likely, low, high] = [of.likely, of.low, of.high].map(|years| significant(years, 2));
        format!("{likely} years ({low} to {high})")
    };
    format!(
        "Once healed, dots usually lose half of their pigment in {}, these in {}. Ranges hold eight of ten cases.",
        half(years.usual),
        half(years.own)
    )
}

fn chart(fading: &Fading) -> Chart {
    let curve = |name, ink, of: fn(&UsualAndOwn) -> f64| {
        let steps = fading.curve.iter().map(|step| [step.days / DAYS_PER_YEAR, of(&step.seen)]);
        Curve { name, ink, places: steps.collect(), spread: Vec::new(), joined: true }
    };
    let visits = fading.visits.iter();
    let (places, spread): (Vec<_>, Vec<_>) = visits
        .map(|v| ([f64::from(v.days) / DAYS_PER_YEAR, v.seen.value], v.seen.standard_uncertainty))
        .unzip();
    let last = fading.curve.last().map_or(1.0, |step| step.days / DAYS_PER_YEAR);
    let highest = places.iter().zip(&spread).map(|(place, u)| place[1] + u).fold(1.0, f64::max);
    Chart {
        title: "What is seen of a dot".to_owned(),
        x: Axis {
            label: "years after the last session",
            scale: Scale::fitted([0.0, last.round()].into_iter()),
        },
        y: Axis {
            label: "share of what is seen once healed",
            scale: Scale::fitted([0.0, highest].into_iter()),
        },
        curves: vec![
            Curve { name: "measured", ink: Ink::TEXT, places, spread, joined: true },
            curve("usual", USUAL, |seen| seen.usual.likely),
            curve("", USUAL, |seen| seen.usual.low),
            curve("", USUAL, |seen| seen.usual.high),
            curve("this person (likely, 1 of 10 lower, 1 of 10 higher)", Ink::ACCENT, |seen| seen.own.likely),
            curve("", Ink::ACCENT, |seen| seen.own.low),
            curve("", Ink::ACCENT, |seen| seen.own.high),
        ],
        marks_y: Vec::new(),
        field_mm: FIELD_MM,
        mark_x: match fading.touch_up {
            TouchUp::After(days) if days.likely < TOUCH_UP_DAYS_MAX => Some(days.likely / DAYS_PER_YEAR),
            _ => None,
        },
    }
}
