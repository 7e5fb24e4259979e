//! The mark that this program burns into simulations and drawings, found again in a picture that was stored anew.
//!
//! A band of one dark gray over the whole width, at the top or at the bottom, with light letters that begin with a known word
//! (`stipple-preview` draws it). Cutting the band off or painting into it hides it; saving as JPEG, shrinking, cutting the sides,
//! turning upside down and another brightness or contrast do not.

/// What marks begin with, nine cells high: how much of each the shipped typeface's letters cover, in ninths.
const WORDS: [[&str; 9]; 2] = [
    [
        "058984007604860000386048100085058000000038700038888886085001699730028400058",
        "595369307704991000797059100086059000000069920014479443096018854793029920059",
        "780004307704994002997059100086059000000195950000069000096059200078029970059",
        "596300007704968005877059100086059000000492680000069000096078000049229595059",
        "058995007704929319477059100086059000000780393000069000096087000039229349259",
        "000159507704907649177059100086059000001975596000069000096078000049229307869",
        "640008707704903986077049300195059000004976689000069000096049200078029301899",
        "695369407704900992077019844892059444307800039300069000096018954793029300399",
        "168985006604800570066002799720058888718400008600058000085001689730028300068",
    ],
    [
        "888872018300000008830004820007600005888740007888730000586000581007800077086058200076001699730",
        "974489119400000039960005980008600005944697007844792000899100393019920195086059700086008954793",
        "950039319400000068591005995008600005900049307700195002959400195039950392086059950086049300076",
        "950039319400000096293005949208600005900009507700295006907700077058670590086059592086078000000",
        "974489119400000392087005907818600005900008607866892008605910059085390860086059078086077004666",
        "998872019400000695589105901968600005900009507868920039756940029392194940086059019586078003579",
        "950000019400001986679405900399600005900049307701960069666870008880078910086059004996049300077",
        "950000019644414930008705900069600005945696007700592096000492006960059800086059000696008954793",
        "850000018888826700005814800017600005888740006600185383000184003830028500075058000175001689730",
    ],
];
/// Lightest code of the band's gray: it was an eighth of the range before somebody made the picture lighter.
const DARK_MAX: u16 = 26_000;
/// By how much codes of the band differ from its gray, with what a JPEG file makes of it.
const EVEN: u16 = 3_300;
/// Least contrast of letters and band.
const CONTRAST_MIN: f32 = 13_000.0;
/// Most that the channels of a gray differ by in such a file.
const NEUTRAL: u16 = 7_000;
/// Shares of a row of the band: of its own gray, and of gray of any kind.
const DARK_SHARE: f64 = 0.15;
/// See [`DARK_SHARE`].
const NEUTRAL_SHARE: f64 = 0.95;
/// Highest band, as a share of the picture's height; a small picture has up to so many rows whatever its height.
const BAND_MAX: f64 = 0.2;
/// See [`BAND_MAX`].
const SMALL_ROWS: usize = 80;
/// Rows at the edge that may be something else, as after a frame was drawn around the picture.
const EDGE_ROWS: usize = 4;
/// Lowest letters that can be read, and lowest band, px.
const LETTERS_MIN_PX: usize = 5;
/// See [`LETTERS_MIN_PX`].
const BAND_MIN_PX: usize = 10;
/// From which lightness a pixel is of a letter.
const LIGHT: f32 = 0.4;
/// Correlation of letters with a word from which they are that word: marks agree to 0.6 and more down to letters of 6 px, other
/// words in the same type to 0.3.
const AGREES: f64 = 0.5;
/// By how much the height and place of letters are varied, px.
const NUDGES_PX: [f64; 7] = [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5];

/// Whether an upright picture (three codes a pixel, row by row) carries the mark.
pub(super) fn is_marked(width: usize, height: usize, codes: &[u16]) -> bool {
    [false, true].into_iter().any(|is_turned| {
        let picture = Picture { width, height, codes, is_turned };
        [false, true].into_iter().any(|at_bottom| {
            let band = picture.band(at_bottom);
            let letters = band.filter(|band| band.rows.len() >= BAND_MIN_PX);
            letters
                .and_then(|band| Letters::of(&picture, &band))
                .is_some_and(|letters| letters.begin_with_word())
        })
    })
}

struct Picture<'a> {
    width: usize,
    height: usize,
    codes: &'a [u16],
    /// Whether it is looked at upside down.
    is_turned: bool,
}

/// Rows of one gray, from above.
struct Band {
    rows: Vec<usize>,
    gray: u16,
}

impl Picture<'_> {
    /// The band at an edge; none where there is none.
    fn band(&self, at_bottom: bool) -> Option<Band> {
        let row = |k: usize| if at_bottom { self.height - 1 - k } else { k };
        let edge = EDGE_ROWS.min(self.height / 4);
        let (first, gray) = (0..=edge).find_map(|k| Some((k, self.gray_of(row(k))?)))?;
        let most = ((self.height as f64 * BAND_MAX) as usize).max(SMALL_ROWS).min(self.height / 2);
        let rows = (first..most).map(row).take_while(|y| self.is_of_band(*y, gray));
        let mut rows: Vec<usize> = rows.collect();
        rows.sort_unstable();
        Some(Band { rows, gray })
    }

    /// The gray that most of a row has; none where it is no dark gray.
    fn gray_of(&self, y: usize) -> Option<u16> {
        let mut codes: Vec<u16> = self.row(y).map(|pixel| pixel[1]).collect();
        let (_, middle, _) = codes.select_nth_unstable(self.width / 2);
        Some(*middle).filter(|gray| *gray <= DARK_MAX && self.is_of_band(y, *gray))
    }

    fn is_of_band(&self, y: usize, gray: u16) -> bool {
        let (mut dark, mut neutral) = (0usize, 0usize);
        for pixel in self.row(y) {
            let (least, most) = pixel.iter().fold((u16::MAX, 0), |(a, b), code| (a.min(*code), b.max(*code)));
            neutral += usize::from(most - least <= NEUTRAL);
            dark += usize::from(pixel.iter().all(|code| code.abs_diff(gray) <= EVEN));
        }
        let share = |count: usize| count as f64 / self.width as f64;
        share(dark) >= DARK_SHARE && share(neutral) >= NEUTRAL_SHARE
    }

    /// The pixels of a row, as they are looked at.
    fn row(&self, y: usize) -> impl Iterator<Item = &[u16]> {
        let y = if self.is_turned { self.height - 1 - y } else { y };
        let row = &self.codes[3 * y * self.width..3 * (y + 1) * self.width];
        (0..self.width).map(move |x| {
            let x = if self.is_turned { self.width - 1 - x } else { x };
            &row[3 * x..3 * x + 3]
        })
    }
}

/// The first line of letters in a band: how light each pixel is, 0 to 1.
struct Letters {
    width: usize,
    lights: Vec<f32>,
}

impl Letters {
    fn of(picture: &Picture<'_>, band: &Band) -> Option<Self> {
        let mean = |pixel: &[u16]| pixel.iter().map(|code| f32::from(*code)).sum::<f32>() / 3.0;
        let lightest = band.rows.iter().flat_map(|y| picture.row(*y)).map(mean).fold(0.0, f32::max);
        let dark = f32::from(band.gray) + f32::from(EVEN);
        if lightest - dark < CONTRAST_MIN {
            return None;
        }
        let mut lights = Vec::new();
        for y in &band.rows {
            let line =
                picture.row(*y).map(|pixel| ((mean(pixel) - dark) / (lightest - dark)).clamp(0.0, 1.0));
            let start = lights.len();
            lights.extend(line);
            if !lights[start..].iter().any(|light| *light > LIGHT) {
                lights.truncate(start);
                if start > 0 {
                    break;
                }
            }
        }
        (!lights.is_empty()).then_some(Self { width: picture.width, lights })
    }

    fn is_light(&self, x: usize, y: usize) -> bool {
        self.lights[y * self.width + x] > LIGHT
    }

    /// Whether they begin with one of the words: it is as high as its first letters, and as wide as its cells make it.
    fn begin_with_word(&self) -> bool {
        let height = self.lights.len() / self.width;
        let Some(left) = (0..self.width).find(|x| (0..height).any(|y| self.is_light(*x, y))) else {
            return false;
        };
        let right = (left + 3 * height).min(self.width);
        let of_first = |y: &usize| (left..right).any(|x| self.is_light(x, *y));
        let Some(top) = (0..height).find(of_first) else { return false };
        let high = (0..height).rfind(of_first).map_or(0, |y| y + 1 - top);
        if high < LETTERS_MIN_PX {
            return false;
        }
        // Where a soft edge of a small letter begins is not known to a pixel.
        let about = |middle: f64| NUDGES_PX.map(|nudge| middle + nudge);
        WORDS.iter().any(|word| {
            about(high as f64).into_iter().any(|high| {
                about(left as f64)
                    .into_iter()
                    .any(|left| about(top as f64).into_iter().any(|top| self.agrees(word, [left, top, high])))
            })
        })
    }

    /// Whether a word stands at a place (left, top, height): correlation of its cells.
    fn agrees(&self, word: &[&str; 9], [left, top, high]: [f64; 3]) -> bool {
        let cell_px = high / word.len() as f64;
        let (columns, rows) = (word[0].len(), word.len());
        if left + cell_px * columns as f64 > self.width as f64 + 1.0 {
            return false;
        }
        let covered = word.iter().flat_map(|row| row.bytes().map(|cell| f64::from(cell - b'0')));
        let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
        let seen = cells.map(|(column, row)| {
            let middle = |k: usize| (k as f64 + 0.5) * cell_px - 0.5;
            self.at(left + middle(column), top + middle(row))
        });
        correlation(&covered.zip(seen).collect::<Vec<_>>()) >= AGREES
    }

    /// Lightness between pixels; dark beside them.
    fn at(&self, x: f64, y: f64) -> f64 {
        let (column, row) = (x.floor(), y.floor());
        let of = |dx: f64, dy: f64| {
            let (x, y) = (column + dx, row + dy);
            let is_in = x >= 0.0 && y >= 0.0 && x < self.width as f64;
            let at = if is_in { y as usize * self.width + x as usize } else { usize::MAX };
            f64::from(self.lights.get(at).copied().unwrap_or(0.0))
        };
        let (u, v) = (x - column, y - row);
        let upper = of(0.0, 0.0) * (1.0 - u) + of(1.0, 0.0) * u;
        let lower = of(0.0, 1.0) * (1.0 - u) + of(1.0, 1.0) * u;
        upper * (1.0 - v) + lower * v
    }
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / pairs.len() as f64;
    let (a, b) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let sums = pairs.iter().fold([0.0; 3], |[ab, aa, bb], (x, y)| {
        [ab + (x - a) * (y - b), aa + (x - a).powi(2), bb + (y - b).powi(2)]
    });
    sums[0] / (sums[1] * sums[2]).sqrt().max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A gray picture with a band below, in which a word stands, each cell so many pixels large.
    fn picture(word: Option<&[&str; 9]>, cell: usize, noise: u16) -> (usize, usize, Vec<u16>) {
        let (width, height, band) = (130 * cell, 60 * cell, 17 * cell);
        let is_letter = |x: usize, y: usize| {
            let (column, row) = ((x / cell).checked_sub(5), (y / cell).checked_sub(60 - 13));
            let at = word.zip(row).and_then(|(word, row)| word.get(row)?.as_bytes().get(column?));
            at.is_some_and(|cell| *cell > b'4')
        };
        let mut codes = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let code = match y {
                    y if y < height - band => 30_000 + ((x * 7919 + y * 104_729) % 20_000) as u16,
                    y if is_letter(x, y) => 63_000,
                    _ => 7_900,
                };
                codes.extend([0, 1, 2].map(|c| code + (x * 31 + y * 17 + c * 7) as u16 % noise.max(1)));
            }
        }
        (width, height, codes)
    }

    #[test]
    fn a_band_that_begins_with_a_word_of_ours_is_the_mark() {
        for cell in [1, 2, 5] {
            for word in &WORDS {
                let (width, height, codes) = picture(Some(word), cell, 2_000);
                assert!(is_marked(width, height, &codes), "{cell}");
            }
        }
    }

    #[test]
    fn other_bands_and_no_band_are_none() {
        let other = WORDS[0].map(|row| format!("{}{}", &row[33..], &row[..33]));
        let other = other.each_ref().map(String::as_str);
        for word in [None, Some(&other)] {
            let (width, height, codes) = picture(word, 2, 2_000);
            assert!(!is_marked(width, height, &codes));
        }
        assert!(!is_marked(64, 64, &[7_900; 3 * 64 * 64]), "a dark picture");
        assert!(!is_marked(64, 64, &[0; 3 * 64 * 64]));
    }
}
