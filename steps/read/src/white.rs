//! Neutral balance: from a place declared neutral, from the card's grays, or from the camera; and what a color checker
//! says of every color.

mod colors;
mod curve;
mod skins;

use stipple_color::{Lab, LinearRgb, RgbSpace, Xyz};
use stipple_model::{Caveat, Code, Photo, Qualified, Weight, WhiteSource};
use stipple_quantity::PointInPhoto;

use crate::card::{Card, Gray};
use crate::checker::Checker;
pub use colors::Colors;

/// Gains that light and cameras can explain; beyond them the place was not neutral.
const GAIN_PLAUSIBLE: [f32; 2] = [0.4, 2.5];
/// Lightness of grays that balance is taken from: darker ones are noise and stray light, lighter ones clip.
const BALANCE_L: [f64; 2] = [30.0, 97.0];
/// Largest mean distance of balanced grays from those drawn, L* and chroma: printers are good to 5, and shade on half
/// of a card makes 10 and more.
const RAMP_L: f64 = 8.0;
/// Side of the square whose median stands for a declared place, as a share of the picture's shorter side.
const PATCH_SHARE: f64 = 0.008;
/// Chroma C*ab of a declared place, as photographed, above which it is doubted.
const CHROMA_DOUBT: f64 = 15.0;
/// Hue, degrees, and least chroma of a declared place that may be skin itself; mean skins are at 50 to 57°.
const SKIN_HUE_DEG: std::ops::Range<f64> = 38.0..68.0;
/// See [`SKIN_HUE_DEG`].
const SKIN_CHROMA: f64 = 8.0;
/// 16-bit codes outside of which a channel tells nothing.
const CODES_USABLE: [u16; 2] = [1_500, 64_500];

/// What makes a neutral thing neutral in one photograph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct White {
    /// What it rests on.
    pub source: WhiteSource,
    /// Factors on linear red, green and blue of the photograph's own space; luminance of a neutral is kept.
    pub gain: [f32; 3],
    /// Factor on all channels that makes lightness absolute; absent when nothing of known lightness was seen.
    pub exposure: Option<f32>,
    /// What a color checker said of all colors; it stands for `gain` and `exposure`, which then tell a middle gray's.
    pub colors: Option<Colors>,
}

impl White {
    /// What balance is best taken from: a declared place, else a color checker, else the card, else the camera with a
    /// doubt.
    pub fn best(
        photo: &Photo,
        declared: Option<PointInPhoto>,
        checker: Option<&Checker>,
        card: Option<&Card>,
    ) -> Qualified<Self> {
        match declared.map(|place| Self::from_declared(photo, place)) {
            Some(Ok(white)) => white,
            Some(Err(why)) => {
                let mut white = Self::found(photo, checker, card);
                white.caveats.insert(0, declared_in_vain(&why, white.value.source));
                white
            }
            None => Self::found(photo, checker, card),
        }
    }

    /// The best of what lies in the picture.
    fn found(photo: &Photo, checker: Option<&Checker>, card: Option<&Card>) -> Qualified<Self> {
        let mut caveats = Vec::new();
        match checker.map(|checker| Self::from_checker(checker, photo.space)) {
            Some(Ok(white)) => {
                caveats.extend(white.caveats);
                return Qualified::new(white.value, caveats);
            }
            Some(Err(caveat)) => caveats.push(caveat),
            None => {}
        }
        if let Some(white) = card.and_then(|card| Self::from_card(card, photo.space)) {
            return Qualified::new(white, caveats);
        }
        let found = match card {
            Some(_) => "the card's grays are covered, clipped, colored, unevenly lit or bent by an app",
            None => "nothing in the picture is known to be gray",
        };
        caveats.push(Caveat::new(
            Code::LightNoNeutral,
            Weight::Doubt,
            format!(
                "{found}: colors are as the camera gave them (± 6 in lightness, ± 3 in a* and b*), so skin tone, melanin \
                 and redness cannot be trusted; differences between scar and skin can"
            ),
            "photograph with the reference card or a color checker, without shade or shine on it, or point to a gray or \
             white place",
        ));
        Qualified::new(Self::camera(), caveats)
    }

    /// The camera's own balance, believed.
    pub fn camera() -> Self {
        Self { source: WhiteSource::Camera, gain: [1.0; 3], exposure: None, colors: None }
    }

    /// Whether it rests on things of known color.
    pub(crate) fn is_measured(&self) -> bool {
        matches!(self.source, WhiteSource::Checker | WhiteSource::Card)
    }

    /// Linear sRGB of a linear color of the photograph.
    pub fn linear_srgb(&self, space: RgbSpace, seen: LinearRgb) -> LinearRgb {
        let light = [0, 1, 2].map(|c| self.light(c, seen.rgb[c]));
        let rows = self.srgb_from_light(space);
        LinearRgb { rgb: rows.map(|m| m[0] * light[0] + m[1] * light[1] + m[2] * light[2]) }
    }

    /// Light of a channel from the linear value in the photograph: straight unless a checker says otherwise.
    pub(crate) fn light(&self, channel: usize, value: f32) -> f32 {
        self.colors.map_or(value, |colors| colors.light(channel, f64::from(value)) as f32)
    }

    /// Balance and change of space in one matrix: from that light to linear sRGB.
    pub(crate) fn srgb_from_light(&self, space: RgbSpace) -> [[f32; 3]; 3] {
        let exposure = self.exposure.unwrap_or(1.0);
        let columns: [[f32; 3]; 3] = std::array::from_fn(|c| {
            let rgb = match &self.colors {
                Some(colors) => colors.matrix().map(|row| row[c] as f32),
                None => std::array::from_fn(|k| if k == c { self.gain[c] * exposure } else { 0.0 }),
            };
            RgbSpace::Srgb.linear_from_xyz(space.xyz_from_linear(LinearRgb { rgb })).rgb
        });
        std::array::from_fn(|r| std::array::from_fn(|c| columns[c][r]))
    }

    /// Every color from a color checker.
    ///
    /// # Errors
    /// A caveat that says why the checker cannot serve: shade, shine, faded or foreign patches.
    pub fn from_checker(checker: &Checker, space: RgbSpace) -> Result<Qualified<Self>, Caveat> {
        let colors = Colors::of(checker, space).map_err(|why| {
            Caveat::new(
                Code::LightCheckerRefused,
                Weight::Doubt,
                format!("a color checker is in the picture, but {}; it was not used", why.0),
                "photograph again with a clean, unfaded ColorChecker Classic beside the scar, all of it in the light \
                 of the skin, without shade or shine on it and not overexposed",
            )
        })?;
        let said = said(&colors);
        let white = Self {
            source: WhiteSource::Checker,
            gain: colors.gray_gain(),
            exposure: Some(1.0),
            colors: Some(colors),
        };
        Ok(Qualified::new(white, vec![said]))
    }

    /// Balance and exposure from the card's grays; `None` when too few were seen, they are strongly colored or not as
    /// light to one another as they were drawn: shade or shine across the card, or a camera that bends its tones.
    ///
    /// # Limits
    /// The printer decides the real lightness (± 5 in L*): exposure is good to about 15 %, neutrality to 2 in
    /// a* and b*. Grays may be off by `RAMP_L` in L* on average.
    pub fn from_card(card: &Card, space: RgbSpace) -> Option<Self> {
        let weights = space.luminance_weights();
        let usable: Vec<&Gray> = card
            .grays
            .iter()
            .flatten()
            .filter(|g| (BALANCE_L[0]..=BALANCE_L[1]).contains(&g.nominal_l))
            .collect();
        if usable.len() < 2 {
            return None;
        }
        let gain = std::array::from_fn(|c| {
            median(
                usable.iter().map(|g| luminance(&weights, &g.linear) / g.linear.rgb[c].max(1e-6)).collect(),
            )
        });
        let exposure = median(
            usable
                .iter()
                .map(|g| {
                    let nominal = Xyz::from(Lab::new(g.nominal_l, 0.0, 0.0)).y as f32;
                    nominal / luminance(&weights, &g.linear).max(1e-6)
                })
                .collect(),
        );
        let balanced =
            |g: &&Gray| LinearRgb { rgb: std::array::from_fn(|c| g.linear.rgb[c] * gain[c] * exposure) };
        let off = usable.iter().map(|g| {
            let lab = Lab::from_linear(space, balanced(g));
            (lab.l - g.nominal_l).abs().hypot(lab.chroma())
        });
        let off = off.sum::<f64>() / usable.len() as f64;
        (plausible(&gain) && off < RAMP_L).then_some(Self {
            source: WhiteSource::Card,
            gain,
            exposure: Some(exposure),
            colors: None,
        })
    }

    /// Balance from a place that a person declared gray or white.
    ///
    /// # Errors
    /// Why the place cannot serve: outside, clipped, too dark or strongly colored.
    pub fn from_declared(photo: &Photo, place: PointInPhoto) -> Result<Qualified<Self>, String> {
        let Some(codes) = patch(photo, place) else {
            return Err(format!(
                "the place declared neutral ({:.0}, {:.0}) lies outside the picture (needed: 0 to {} across, 0 \
                 to {} down, in pixels from the upper left)",
                place.x_px, place.y_px, photo.width_px, photo.height_px
            ));
        };
        if codes.iter().any(|c| !(CODES_USABLE[0]..=CODES_USABLE[1]).contains(c)) {
            let percent = codes.map(|c| 100.0 * f64::from(c) / 65_535.0);
            return Err(format!(
                "the place declared neutral is too dark or bright (red {:.0} %, green {:.0} %, blue {:.0} % \
                 of full; needed: 3 to 98 %)",
                percent[0], percent[1], percent[2]
            ));
        }
        let linear =
            LinearRgb { rgb: codes.map(|c| photo.space.linear_from_encoded(f32::from(c) / 65_535.0)) };
        let y = luminance(&photo.space.luminance_weights(), &linear);
        let gain = linear.rgb.map(|v| y / v.max(1e-6));
        if !plausible(&gain) {
            return Err("the place declared neutral is strongly colored".to_owned());
        }
        let doubt = doubt(Lab::from_linear(photo.space, linear));
        let white = Self { source: WhiteSource::Declared, gain, exposure: None, colors: None };
        Ok(Qualified::new(white, doubt.into_iter().collect()))
    }
}

/// Says that a declared place could not serve, and what served instead.
fn declared_in_vain(why: &str, instead: WhiteSource) -> Caveat {
    let instead = match instead {
        WhiteSource::Checker => "the color checker in the picture",
        WhiteSource::Card => "the card's grays",
        WhiteSource::Declared | WhiteSource::Camera => "the camera's own balance",
    };
    Caveat::new(
        Code::LightNoNeutral,
        Weight::Doubt,
        format!("{why}; {instead} served instead"),
        "choose a matt gray or white place that is neither shiny nor in shade, such as paper",
    )
}

/// What is said of colors that a checker set.
fn said(colors: &Colors) -> Caveat {
    let message = format!(
        "colors were set by {} patches of a color checker {}; each comes out within ΔE {:.1} of what the others say",
        colors.used,
        colors.edition.words(),
        colors.residual
    );
    let (weight, remedy) = if colors.residual > colors::RESIDUAL_DOUBT {
        (
            Weight::Doubt,
            "the camera bends colors more than can be undone, or it is no ColorChecker Classic: photograph without \
             filters and effects, not overexposed, best as RAW",
        )
    } else {
        (
            Weight::Note,
            "nothing to do; the checker tells colors, not the scale, as it is made in several sizes",
        )
    };
    Caveat::new(Code::LightChecker, weight, message, remedy)
}

/// Doubts a declared place that the camera saw in a color of its own, most of all in that of skin.
fn doubt(seen: Lab) -> Option<Caveat> {
    let (chroma, hue_deg) = (seen.chroma(), seen.b.atan2(seen.a).to_degrees());
    let is_like_skin = chroma > SKIN_CHROMA && SKIN_HUE_DEG.contains(&hue_deg);
    let looks = if is_like_skin { "like skin" } else { "colored" };
    (is_like_skin || chroma > CHROMA_DOUBT).then(|| {
        Caveat::new(
            Code::LightNoNeutral,
            Weight::Doubt,
            format!(
                "the place declared neutral looks {looks} (chroma {chroma:.0}, gray: to {SKIN_CHROMA:.0}); if it \
                 is not gray or white, skin tone and every color are wrong"
            ),
            "choose a place that is gray or white in reality, such as paper, or use the reference card",
        )
    })
}

fn plausible(gain: &[f32; 3]) -> bool {
    gain.iter().all(|g| (GAIN_PLAUSIBLE[0]..=GAIN_PLAUSIBLE[1]).contains(g))
}

fn luminance(weights: &[f32; 3], color: &LinearRgb) -> f32 {
    weights.iter().zip(color.rgb).map(|(w, v)| w * v).sum()
}

/// Middle value of at least one.
fn median(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    let n = values.len();
    (values[(n - 1) / 2] + values[n / 2]) / 2.0
}

/// Median codes around a place; `None` outside the picture.
fn patch(photo: &Photo, place: PointInPhoto) -> Option<[u16; 3]> {
    let (width, height) = (photo.width_px as f64, photo.height_px as f64);
    if !(0.0..width).contains(&place.x_px) || !(0.0..height).contains(&place.y_px) {
        return None;
    }
    let reach = (PATCH_SHARE * width.min(height) / 2.0).max(1.0);
    let range = |middle: f64, end: usize| {
        (middle - reach).max(0.0) as usize..((middle + reach) as usize + 1).min(end)
    };
    let mut channels: [Vec<u16>; 3] = std::array::from_fn(|_| Vec::new());
    for y in range(place.y_px, photo.height_px) {
        for x in range(place.x_px, photo.width_px) {
            photo.pixel(x, y).into_iter().zip(&mut channels).for_each(|(code, channel)| channel.push(code));
        }
    }
    Some(channels.map(|mut channel| {
        channel.sort_unstable();
        channel[channel.len() / 2]
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stipple_model::BitDepth;

    fn flat(linear: [f32; 3]) -> Photo {
        let space = RgbSpace::Srgb;
        let pixel = linear.map(|v| (space.encoded_from_linear(v) * 65_535.0).round() as u16);
        let codes = pixel.repeat(300 * 250);
        Photo::new(300, 250, space, BitDepth::Sixteen, codes)
    }

    #[test]
    fn a_declared_place_becomes_neutral() {
        let photo = flat([0.5, 0.4, 0.25]);
        let white = White::from_declared(&photo, PointInPhoto::new(9.0, 9.0)).expect("usable").value;
        let balanced: Vec<f32> = [0.5, 0.4, 0.25].iter().zip(white.gain).map(|(v, g)| v * g).collect();
        assert!(balanced.iter().all(|v| (v - balanced[0]).abs() < 1e-3));
        assert_eq!(white.source, WhiteSource::Declared);
    }

    #[test]
    fn skin_declared_neutral_is_doubted_and_gray_is_not() {
        let codes = |lab: Lab| {
            let photo = flat(lab.to_linear(RgbSpace::Srgb).rgb);
            let declared = White::from_declared(&photo, PointInPhoto::new(9.0, 9.0)).expect("usable");
            declared.caveats.iter().map(|c| (c.code, c.weight)).collect::<Vec<_>>()
        };
        for ita in [65.0, 46.0, 30.0, 0.0, -45.0] {
            let skin = stipple_color::skin_tone::typical_skin(ita);
            assert_eq!(codes(skin), [(Code::LightNoNeutral, Weight::Doubt)], "{ita}");
        }
        for gray in [Lab::new(80.0, 0.0, 0.0), Lab::new(60.0, 2.0, 7.0), Lab::new(90.0, 1.0, 12.0)] {
            assert_eq!(codes(gray), [], "{gray:?}");
        }
    }

    #[test]
    fn clipped_colored_and_outside_places_are_refused() {
        let there = PointInPhoto::new(100.0, 100.0);
        for linear in [[1.0, 1.0, 1.0], [0.001, 0.001, 0.001], [0.8, 0.1, 0.1]] {
            let white = White::best(&flat(linear), Some(there), None, None);
            assert_eq!(white.value.source, WhiteSource::Camera);
            assert!(white.caveats[0].message.contains("the camera's own balance served instead"));
        }
        assert!(White::from_declared(&flat([0.5; 3]), PointInPhoto::new(300.5, 3.0)).is_err());
    }
}
