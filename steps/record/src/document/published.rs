//! The pair that strangers see: each picture with its words and numbers burned in below it.

use stipple_model::{BeforeAfter, Comparable, Derivation, Doubt, Healing, Language, Outcome, Photo};
use stipple_quantity::Estimate;

use super::flow::Block;
use super::number::{in_language, measured, significant, with_unit};
use super::page::{Align, Canvas, Pen, Sheet, rgb};
use super::typeface::{Ink, Line, MM_PER_PT, Style};
use crate::picture::{jpeg_of_rgb, rgb_of_photo};

/// All that the picture is made of.
#[derive(Clone, Copy, Debug)]
pub struct PublishedInput<'a> {
    /// The two pictures, of one size.
    pub photos: &'a BeforeAfter<Photo>,
    /// The numbers.
    pub outcome: &'a Outcome,
    /// Whether a person drew the outline of the scar.
    pub outline_drawn: bool,
    /// Share of the scar that is surely found in both photographs, 0 to 1.
    pub scar_shown: f64,
    /// What bears upon all numbers.
    pub doubts: &'a [Doubt],
    /// Language of the words.
    pub language: Language,
}

/// Width of the sheet, mm. A phone shows it 360 points wide: a letter of 12 pt is then as large as one on a web page.
const SHEET_MM: f64 = 135.0;
/// Room around everything, mm.
const MARGIN_MM: f64 = 4.5;
/// Room between the pictures, mm.
const GAP_MM: f64 = 4.5;
/// Columns over rows from which the pictures stand below one another.
const WIDE: f64 = 1.5;
/// Widest that one picture gets, px.
const WIDTH_MAX_PX: usize = 1000;
/// Quality of the JPEG, 1 to 100.
const QUALITY: u8 = 90;

const WHICH: Style = Style { bold: true, size_pt: 19.0, ink: Ink::TEXT };
const WHEN: Style = Style { bold: false, size_pt: 11.0, ink: Ink::QUIET };
const KEY: Style = Style { bold: false, size_pt: 12.0, ink: Ink::TEXT };
const VALUE: Style = Style { bold: true, size_pt: 12.0, ink: Ink::TEXT };
/// What all numbers rest on.
const REST: Style = Style { bold: false, size_pt: 10.0, ink: Ink::TEXT };
const NOTE: Style = Style { bold: false, size_pt: 10.0, ink: Ink::QUIET };

/// The pair as sRGB JPEG, without metadata.
///
/// # Determinism
/// The same input gives the same bytes.
///
/// # Panics
/// If the pictures have no pixels.
pub fn published_jpeg(input: &PublishedInput<'_>) -> Vec<u8> {
    let (rgb, width_px, height_px) = published_rgb(input);
    jpeg_of_rgb(&rgb, width_px, height_px, QUALITY, None)
}

/// Its pixels before they are stored as JPEG, with columns and rows.
fn published_rgb(input: &PublishedInput<'_>) -> (Vec<u8>, usize, usize) {
    let layout = Layout::of(&input.photos.before);
    let words = words(input.language);
    let when = BeforeAfter { before: words.untreated.to_owned(), after: when(input) };
    let when = when.of(|when| Block::text(when, WHEN, layout.picture_mm[0]));
    // because the numbers of both stand on one line.
    let when_mm = when.before.height_mm.max(when.after.height_mm);
    let labels = BeforeAfter {
        before: label(
            words,
            words.before,
            when.before.canvas,
            when_mm,
            &numbers(input, |of| of.before),
            &layout,
        ),
        after: label(words, words.after, when.after.canvas, when_mm, &numbers(input, |of| of.after), &layout),
    };
    let label_mm = labels.before.height_mm.max(labels.after.height_mm);
    let places = layout.places_mm(label_mm);
    let mut canvas = Canvas::new();
    for (place, label) in [(places.before, labels.before), (places.after, labels.after)] {
        canvas.put([place[0], place[1] + layout.picture_mm[1] + 1.0], label.canvas);
    }
    let below_mm = places.after[1] + layout.picture_mm[1] + 1.0 + label_mm + 2.0;
    let room_mm = SHEET_MM - 2.0 * MARGIN_MM;
    let [rest, note] = [(rest(input), REST), (words.note.to_owned(), NOTE)]
        .map(|(text, style)| Block::text(&text, style, room_mm));
    let note = Block::stack([rest, Block::space(1.0), note]);
    canvas.put([MARGIN_MM, below_mm], note.canvas);
    let sheet = Sheet { size_mm: [SHEET_MM, below_mm + note.height_mm + MARGIN_MM - 1.0], canvas };
    let (mut page, width_px, height_px) = rgb(&sheet, layout.px_per_mm);
    for (photo, place) in [(&input.photos.before, places.before), (&input.photos.after, places.after)] {
        let (small, columns, _) = rgb_of_photo(photo, layout.width_px);
        let [left, top] = place.map(|mm| (mm * layout.px_per_mm).round() as usize);
        for (row, line) in small.chunks_exact(3 * columns).enumerate() {
            page[3 * ((top + row) * width_px + left)..][..line.len()].copy_from_slice(line);
        }
    }
    (page, width_px, height_px)
}

/// Where the pictures stand.
struct Layout {
    is_beside: bool,
    /// Columns of one picture.
    width_px: usize,
    picture_mm: [f64; 2],
    px_per_mm: f64,
}

impl Layout {
    fn of(photo: &Photo) -> Self {
        let (columns, rows) = (photo.width_px as f64, photo.height_px as f64);
        let is_beside = columns < WIDE * rows;
        let room_mm = SHEET_MM - 2.0 * MARGIN_MM;
        let width_mm = if is_beside { (room_mm - GAP_MM) / 2.0 } else { room_mm };
        let width_px = photo.width_px.min(WIDTH_MAX_PX);
        let px_per_mm = width_px as f64 / width_mm;
        Self { is_beside, width_px, picture_mm: [width_mm, width_mm * rows / columns], px_per_mm }
    }

    /// Upper left corners of the pictures.
    fn places_mm(&self, label_mm: f64) -> BeforeAfter<[f64; 2]> {
        let [width_mm, height_mm] = self.picture_mm;
        let before = [MARGIN_MM, MARGIN_MM];
        let after = if self.is_beside {
            [MARGIN_MM + width_mm + GAP_MM, MARGIN_MM]
        } else {
            [MARGIN_MM, MARGIN_MM + height_mm + 1.0 + label_mm + 2.0 * GAP_MM]
        };
        BeforeAfter { before, after }
    }
}

/// What one picture is called, when it was taken, and its numbers.
fn label(
    words: &Words,
    which: &str,
    when: Canvas,
    when_mm: f64,
    numbers: &[String; 3],
    layout: &Layout,
) -> Block {
    let width_mm = layout.picture_mm[0];
    let keys = [words.visible, words.color, words.hair];
    let rows = keys.iter().zip(numbers).map(|(key, value)| row(key, value, width_mm));
    let head =
        [Block::text(which, WHICH, width_mm), Block { height_mm: when_mm, canvas: when }, Block::space(1.0)];
    Block::stack(head.into_iter().chain(rows))
}

/// A word at the left and its number at the right, a fine rule above; below one another where they do not fit.
fn row(key: &str, value: &str, width_mm: f64) -> Block {
    const ROOM_MM: f64 = 1.1;
    let (key, value) = (Line::new(key, KEY), Line::new(value, VALUE));
    let mut canvas = Canvas::new();
    canvas.segments(vec![[[0.0, 0.0], [width_mm, 0.0]]], Pen::new(0.2, Ink::RULE));
    let leading_mm = 1.3 * KEY.size_pt * MM_PER_PT;
    let fits = key.width_mm + value.width_mm + 2.0 < width_mm;
    let first = ROOM_MM + KEY.capital_mm() + 0.4;
    let second = if fits { first } else { first + leading_mm };
    canvas.line([0.0, first], Align::Left, key);
    canvas.line([width_mm, second], Align::Right, value);
    Block { height_mm: second + 1.3 + ROOM_MM, canvas }
}

/// Visible distance, color difference and length of hair of one of the photographs.
fn numbers(input: &PublishedInput<'_>, of: fn(Either) -> Option<Estimate>) -> [String; 3] {
    let words = words(input.language);
    let Outcome { visible_distance_m, color_difference, comparability, .. } = input.outcome;
    let seen = match of(*visible_distance_m) {
        Some(distance) if distance.value > 0.0 => measured(&distance, "m"),
        Some(_) => words.nowhere.to_owned(),
        None => words.beyond.to_owned(),
    };
    let color = of(color_difference.of(|e| Some(*e))).map_or(String::new(), |e| measured(&e, ""));
    let hair = of(comparability.hair_length_mm.of(|mm| mm.map(|mm| Estimate::new(mm, 0.0))));
    let hair = hair.map_or(words.unknown.to_owned(), |mm| with_unit(significant(mm.value, 2), "mm"));
    [seen, color, hair].map(|number| in_language(input.language, number))
}

type Either = BeforeAfter<Option<Estimate>>;

/// How healed it is and how many days after the last session.
fn when(input: &PublishedInput<'_>) -> String {
    let words = words(input.language);
    let Some(days) = input.outcome.comparability.days_since_last_session else {
        return words.unknown.to_owned();
    };
    let healing = match Healing::after_days(days) {
        Healing::Fresh => words.healing[0],
        Healing::Healed => words.healing[1],
        Healing::Settled => words.healing[2],
        Healing::Long => words.healing[3],
    };
    format!("{healing} · {days} {}", words.days)
}

/// What all numbers rest on, and how far they may be trusted.
fn rest(input: &PublishedInput<'_>) -> String {
    let words = words(input.language);
    let comparable = match input.outcome.comparability.verdict {
        Comparable::Yes => words.comparable[0],
        Comparable::WithCare => words.comparable[1],
        Comparable::No => words.comparable[2],
    };
    let drawn = if input.outline_drawn { words.drawn } else { "" };
    let part = Derivation::scar_part_percent(input.scar_shown);
    let part = part.map_or(String::new(), |percent| format!(" {percent}\u{a0}% {}", words.part));
    let doubts: String = input.doubts.iter().filter_map(|doubt| words.doubt(*doubt)).collect();
    let chance = if is_chance(input.outcome) { words.chance } else { "" };
    format!("{comparable}{chance}{doubts}{part}{drawn}")
}

/// Whether the scar may be seen from as far as before, for all that was measured.
fn is_chance(outcome: &Outcome) -> bool {
    let BeforeAfter { before, after } = outcome.visible_distance_m;
    let both = before.zip(after).map(|(before, after)| BeforeAfter { before, after });
    both.is_some_and(|both| both.is_within_chance(outcome.scale_unsure))
}

/// The words of a language.
struct Words {
    before: &'static str,
    after: &'static str,
    untreated: &'static str,
    /// Fresh, healed, settled, long.
    healing: [&'static str; 4],
    days: &'static str,
    visible: &'static str,
    color: &'static str,
    hair: &'static str,
    nowhere: &'static str,
    beyond: &'static str,
    unknown: &'static str,
    /// Comparable, with care, not.
    comparable: [&'static str; 3],
    /// That the scar may be seen from as far as before, after a blank.
    chance: &'static str,
    /// Of a tone that nobody knows, one that differs, a scale that was typed, one that was guessed, two that differ: each after a blank.
    doubts: [&'static str; 5],
    /// That the numbers are of so many percent of the scar, after that number.
    part: &'static str,
    /// That a person drew the outline, after a blank.
    drawn: &'static str,
    note: &'static str,
}

impl Words {
    /// What is said of a doubt; sessions are of the record, and told where that is.
    fn doubt(&self, doubt: Doubt) -> Option<&'static str> {
        let [unknown, tone, typed, guessed, differs] = self.doubts;
        match doubt {
            Doubt::ToneUnknown => Some(unknown),
            Doubt::ToneDiffers => Some(tone),
            Doubt::ScaleTyped => Some(typed),
            Doubt::ScaleGuessed => Some(guessed),
            Doubt::ScaleDiffers => Some(differs),
            Doubt::SessionsChanged => None,
        }
    }
}

fn words(language: Language) -> &'static Words {
    const ENGLISH: Words = Words {
        before: "BEFORE",
        after: "AFTER",
        untreated: "before the treatment",
        healing: ["fresh", "healed", "settled", "long healed"],
        days: "days after the last session",
        visible: "scar visible from",
        color: "color off by ΔE",
        hair: "hair length",
        nowhere: "nowhere",
        beyond: "beyond 100 m",
        unknown: "not known",
        comparable: [
            "Light and pose: comparable.",
            "Light and pose: comparable with care.",
            "Light and pose: not comparable.",
        ],
        chance: " The scar may be seen from as far as before: the two distances differ by no more than measuring does.",
        doubts: [
            " No card in both: nobody can tell whether one was made flatter, which can change the distance by a third.",
            " The card shows that one of the two was made flatter or harder, which changes the distance.",
            " A person typed the size on the scalp; all meters rest on it.",
            " The size on the scalp was guessed from the hair; all meters rest on it.",
            " The sizes of the two do not fit one another: one is wrong.",
        ],
        part: "of the scar is surely found in both photographs: the numbers are of that part.",
        drawn: " A person drew the outline of the scar: the numbers are of what lies within it.",
        note: "Visible: to a healthy eye that knows where to look, in a well-lit room. ΔE: the scar's color against the skin \
               and hair around it (CIEDE2000). ± is one standard deviation. Two photographs of one person; no promise for \
               another.",
    };
    const GERMAN: Words = Words {
        before: "VORHER",
        after: "NACHHER",
        untreated: "vor der Behandlung",
        healing: ["frisch", "verheilt", "zur Ruhe gekommen", "lange verheilt"],
        days: "Tage nach der letzten Sitzung",
        visible: "Narbe sichtbar aus",
        color: "Farbabstand ΔE",
        hair: "Haarlänge",
        nowhere: "nirgends",
        beyond: "über 100 m",
        unknown: "nicht bekannt",
        comparable: [
            "Licht und Haltung: vergleichbar.",
            "Licht und Haltung: mit Vorsicht vergleichbar.",
            "Licht und Haltung: nicht vergleichbar.",
        ],
        chance: " Die Narbe ist vielleicht noch so weit zu sehen wie vorher: Die beiden Abstände unterscheiden sich nicht mehr, als \
                 beim Messen schwankt.",
        doubts: [
            " Keine Karte auf beiden: Niemand kann sagen, ob eins flauer gemacht wurde, und das kann den Abstand um ein Drittel ändern.",
            " Die Karte zeigt, dass eins der beiden flauer oder härter gemacht wurde; das ändert den Abstand.",
            " Die Größe auf der Kopfhaut hat ein Mensch eingetippt; auf ihr ruhen alle Meter.",
            " Die Größe auf der Kopfhaut wurde nach dem Haar geschätzt; auf ihr ruhen alle Meter.",
            " Die Größen der beiden passen nicht zueinander: Eine ist falsch.",
        ],
        part: "der Narbe sind auf beiden Fotos sicher wiederzufinden: Die Zahlen gelten für diesen Teil.",
        drawn: " Den Umriss der Narbe hat ein Mensch gezeichnet: Die Zahlen gelten für das, was darin liegt.",
        note: "Sichtbar: für ein gesundes Auge, das weiß, wohin es schaut, in einem hellen Raum. ΔE: Farbe der Narbe gegen \
               Haut und Haar ringsum (CIEDE2000). ± ist eine Standardabweichung. Zwei Fotos eines Menschen; kein Versprechen \
               für andere.",
    };
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}
