//! Type: two weights of Inter, shaped once, so that what is measured is what is drawn.

use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Feature, UnicodeBuffer, ttf_parser::Tag};

/// Millimetres in a typographic point.
pub(crate) const MM_PER_PT: f64 = 25.4 / 72.0;

/// Characters of one text that are set; what is longer ends in an ellipsis.
const TEXT_CHARS_MAX: usize = 4000;

/// A color on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Neutral, 0 black to 255 paper; printed without color.
    Gray(u8),
    /// sRGB.
    Rgb(u8, u8, u8),
}

impl Ink {
    /// Text.
    pub(crate) const TEXT: Self = Self::Gray(26);
    /// Text that steps back.
    pub(crate) const QUIET: Self = Self::Gray(98);
    /// Rules between rows.
    pub(crate) const RULE: Self = Self::Gray(205);
    /// Ground of a box.
    pub(crate) const TINT: Self = Self::Gray(244);
    /// Unprinted paper.
    pub(crate) const PAPER: Self = Self::Gray(255);
    /// Full black, for geometry that is measured.
    pub(crate) const BLACK: Self = Self::Gray(0);
    /// The one color.
    pub(crate) const ACCENT: Self = Self::Rgb(15, 91, 102);
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Style {
    /// Semi-bold instead of regular.
    pub(crate) bold: bool,
    /// Size of the em, points.
    pub(crate) size_pt: f64,
    /// Color.
    pub(crate) ink: Ink,
}

impl Style {
    /// Running text.
    pub(crate) const BODY: Self = Self { bold: false, size_pt: 9.5, ink: Ink::TEXT };
    /// Running text that matters.
    pub(crate) const STRONG: Self = Self { bold: true, ..Self::BODY };
    /// Captions, sources, table heads.
    pub(crate) const SMALL: Self = Self { bold: false, size_pt: 8.0, ink: Ink::QUIET };
    /// The title of a document.
    pub(crate) const TITLE: Self = Self { bold: true, size_pt: 19.0, ink: Ink::TEXT };
    /// The title of a section.
    pub(crate) const HEADING: Self = Self { bold: true, size_pt: 12.5, ink: Ink::TEXT };

    /// The same in another color.
    pub(crate) const fn in_ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }

    /// The same in another size, points.
    pub(crate) const fn sized(self, size_pt: f64) -> Self {
        Self { size_pt, ..self }
    }

    /// Distance from one baseline to the next, mm; large type is set tighter.
    pub(crate) fn leading_mm(&self) -> f64 {
        let factor = if self.size_pt > 12.0 { 1.22 } else { 1.42 };
        factor * self.size_pt * MM_PER_PT
    }

    /// Height of a capital, mm (0.727 em in Inter).
    pub(crate) fn capital_mm(&self) -> f64 {
        0.727 * self.size_pt * MM_PER_PT
    }
}

/// One line of text, shaped.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// The characters.
    pub(crate) text: String,
    /// Their glyphs; advances in em.
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// How it looks.
    pub(crate) style: Style,
    /// How long it is, mm.
    pub(crate) width_mm: f64,
}

impl Line {
    /// A text on one line, however long it gets. What the typeface lacks becomes an empty box.
    pub(crate) fn new(text: &str, style: Style) -> Self {
        let typeface = typeface(style);
        let text: String = text.chars().take(TEXT_CHARS_MAX).map(|c| typeface.settable(c)).collect();
        let glyphs = typeface.shape(&text);
        let em = glyphs.iter().map(|glyph| f64::from(glyph.x_advance)).sum::<f64>();
        Self { text, glyphs, style, width_mm: em * style.size_pt * MM_PER_PT }
    }
}

/// The font of a style.
pub(crate) fn font(style: Style) -> Font {
    typeface(style).font.clone()
}

/// The outlines of a style.
pub(crate) fn face(style: Style) -> &'static rustybuzz::Face<'static> {
    &typeface(style).shaper
}

/// A text broken into lines no longer than a width.
///
/// Line ends in the text are kept, numbers stay with their units.
pub(crate) fn wrapped(text: &str, style: Style, width_mm: f64) -> Vec<Line> {
    let mut clipped: String = text.chars().take(TEXT_CHARS_MAX).collect();
    if clipped.len() < text.len() {
        clipped.push('…');
    }
    clipped.lines().flat_map(|paragraph| broken(paragraph, style, width_mm)).collect()
}

fn broken(paragraph: &str, style: Style, width_mm: f64) -> Vec<Line> {
    let space_mm = Line::new(" ", style).width_mm;
    let mut lines = Vec::new();
    let (mut open, mut open_mm) = (String::new(), 0.0);
    for word in words(paragraph) {
        for piece in pieces(&word, style, width_mm) {
            let piece_mm = Line::new(piece, style).width_mm;
            if !open.is_empty() && open_mm + space_mm + piece_mm > width_mm {
                lines.push(Line::new(&open, style));
                (open, open_mm) = (String::new(), 0.0);
            }
            if !open.is_empty() {
                open.push(' ');
                open_mm += space_mm;
            }
            open.push_str(piece);
            open_mm += piece_mm;
        }
    }
    lines.push(Line::new(&open, style));
    lines
}

/// What lines may be broken between: words, and numbers with their `±` and unit.
fn words(paragraph: &str) -> Vec<String> {
    const UNITS: [&str; 12] = ["±", "%", "mm", "mm²", "cm", "cm²", "m", "µm", "ml", "µl", "h", "min"];
    let mut words: Vec<String> = Vec::new();
    for word in paragraph.split([' ', '\t']).filter(|word| !word.is_empty()) {
        let bare = word.trim_end_matches(['.', ',', ';', ':', ')']);
        match words.last_mut() {
            Some(last) if last.ends_with('±') => last.extend(["\u{a0}", word]),
            Some(last) if UNITS.contains(&bare) && last.ends_with(|c: char| c.is_ascii_digit()) => {
                last.extend(["\u{a0}", word]);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// A word, cut where it would be longer than a line.
fn pieces(word: &str, style: Style, width_mm: f64) -> Vec<&str> {
    if Line::new(word, style).width_mm <= width_mm {
        return vec![word];
    }
    let mut cuts = vec![0];
    let mut piece_mm = 0.0;
    for (at, character) in word.char_indices() {
        let character_mm = Line::new(character.encode_utf8(&mut [0; 4]), style).width_mm;
        if piece_mm > 0.0 && piece_mm + character_mm > width_mm {
            cuts.push(at);
            piece_mm = 0.0;
        }
        piece_mm += character_mm;
    }
    cuts.push(word.len());
    cuts.windows(2).map(|cut| &word[cut[0]..cut[1]]).collect()
}

struct Typeface {
    shaper: rustybuzz::Face<'static>,
    font: Font,
}

fn typeface(style: Style) -> &'static Typeface {
    static REGULAR: LazyLock<Typeface> =
        LazyLock::new(|| Typeface::new(include_bytes!("../../../../sources/fonts/Inter-Regular.otf")));
    static SEMI_BOLD: LazyLock<Typeface> =
        LazyLock::new(|| Typeface::new(include_bytes!("../../../../sources/fonts/Inter-SemiBold.otf")));
    if style.bold { &SEMI_BOLD } else { &REGULAR }
}

impl Typeface {
    fn new(bytes: &'static [u8]) -> Self {
        let shaper = rustybuzz::Face::from_slice(bytes, 0).expect("the embedded font can be read");
        let font = Font::new(bytes.into(), 0).expect("the embedded font can be embedded");
        Self { shaper, font }
    }

    fn settable(&self, character: char) -> char {
        match character {
            c if c.is_control() || c == '\u{feff}' => ' ',
            c if self.shaper.glyph_index(c).is_none() => '□',
            c => c,
        }
    }

    fn shape(&self, text: &str) -> Vec<KrillaGlyph> {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        // because numbers stand under one another: all figures are equally wide.
        let tabular = Feature::new(Tag::from_bytes(b"tnum"), 1, ..);
        let shaped = rustybuzz::shape(&self.shaper, &[tabular], buffer);
        let em = |units: i32| units as f32 / self.font.units_per_em();
        let infos = shaped.glyph_infos();
        let end_of = |k: usize| {
            let start = infos[k].cluster;
            infos[k..].iter().map(|info| info.cluster).find(|cluster| *cluster > start)
        };
        std::iter::zip(0.., shaped.glyph_positions())
            .map(|(k, at): (usize, _)| {
                let end = end_of(k).map_or(text.len(), |cluster| cluster as usize);
                let characters = infos[k].cluster as usize..end;
                let id = GlyphId::new(infos[k].glyph_id);
                let (dx, dy) = (em(at.x_offset), em(at.y_offset));
                KrillaGlyph::new(id, em(at.x_advance), dx, dy, em(at.y_advance), characters, None)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_fit_and_lose_nothing() {
        let text =
            "A linear scar, 123 mm long, https://example.org/a-very-long-address-without-any-space-in-it.";
        let lines = wrapped(text, Style::BODY, 30.0);
        assert!(lines.iter().all(|line| line.width_mm <= 30.01));
        let joined: String = lines.iter().map(|line| line.text.replace([' ', '\u{a0}'], "")).collect();
        assert_eq!(joined, text.replace(' ', ""));
    }

    #[test]
    fn numbers_keep_their_units() {
        let found = words("wider by 2.1 ± 0.9 mm, at 38 % of 3 places");
        assert_eq!(
            found,
            ["wider", "by", "2.1\u{a0}±\u{a0}0.9\u{a0}mm,", "at", "38\u{a0}%", "of", "3", "places"]
        );
    }

    #[test]
    fn figures_are_equally_wide_and_the_unknown_becomes_a_box() {
        let width = |text| Line::new(text, Style::BODY).width_mm;
        assert!((width("111") - width("888")).abs() < 1e-9);
        assert_eq!(Line::new("墨\u{7}", Style::BODY).text, "□ ");
    }
}
