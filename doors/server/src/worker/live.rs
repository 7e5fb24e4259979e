//! The child's side of sliders: a photograph and its reading stay in memory, every wish is answered at once.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use stipple_model::{Course, Light, Moment, View};
use stipple_pipeline::{Live, LiveView, Part, Settings};
use utoipa::ToSchema;

use super::{Answer, Doubt, Point};
use crate::words;

/// Widest picture that is painted, px: no screen shows more.
const SCREEN_PX_MAX: usize = 4096;

/// What the sliders say, as in `wish.json`.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Wish {
    /// Dots to make over those that the protocol asks for, 0.5 to 1.5.
    density: f64,
    /// Width of the soft edge around scars, mm.
    feather_mm: f64,
    /// Diameter of a healed dot, µm.
    healed_diameter_um: f64,
    /// The pigment's id; null for the one that suits best.
    #[serde(default)]
    pigment: Option<String>,
    /// Parts of diluent to one part of pigment; null for what suits best.
    #[serde(default)]
    dilution: Option<f64>,
    /// Over how many sessions, 1 to 4.
    sessions: usize,
    /// A line at which hair is to begin.
    #[serde(default)]
    hairline: Option<Hairline>,
    /// Outline of an area in which hair is thinning.
    #[serde(default)]
    thinning_px: Option<Vec<Point>>,
}

/// A line at which hair is to begin.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Hairline {
    /// Places along it.
    line_px: Vec<Point>,
    /// How far behind the line dots may go, mm.
    depth_mm: f64,
    /// A place on the side where hair grows.
    #[serde(default)]
    hair_side_px: Option<Point>,
}

/// A part of a picture: x, y, width, height, px.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Crop(usize, usize, usize, usize);

/// How a plan is looked at.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = View)]
pub(crate) struct Look {
    #[schema(value_type = words::Moment)]
    moment: String,
    /// Null for the photograph's own.
    #[serde(default)]
    #[schema(value_type = Option<words::Light>)]
    light: Option<String>,
    /// Null for the likely one.
    #[serde(default)]
    #[schema(value_type = Option<words::Course>)]
    course: Option<String>,
    /// How much hair has grown, mm.
    #[serde(default)]
    hair_growth_mm: f64,
    /// From how far, m; null for the picture as it is.
    #[serde(default)]
    distance_m: Option<f64>,
    /// Part of the photograph; null for all of it.
    #[serde(default)]
    crop_px: Option<Crop>,
    /// How wide the picture is to be, px.
    width_px: usize,
    /// Number of the picture that is at hand, so that only what changed in it need be sent.
    #[serde(default)]
    over: Option<u64>,
}

/// What a photograph and its reading are when they are opened for sliders.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Opened {
    width_px: usize,
    height_px: usize,
    /// What the protocol says by itself.
    wish: Wish,
    limits: Limits,
    pigments: Vec<Choice>,
}

/// Between what sliders may move.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Limits {
    density: Range,
    feather_mm: Range,
    healed_diameter_um: Range,
    dilution: Range,
    hairline_depth_mm: Range,
    #[schema(value_type = Range)]
    sessions: [usize; 2],
}

/// From, to.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Range(f64, f64);

/// A pigment to choose.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Choice {
    id: String,
    name: String,
    /// Parts of diluent that its maker names.
    dilutions: Vec<f64>,
}

/// What a wish comes to.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Summary {
    dots: usize,
    /// Dots of each session.
    sessions: Vec<usize>,
    area_mm2: f64,
    dot_density_per_cm2: f64,
    chair_minutes: f64,
    pigment_ul: f64,
    /// Every mixture of the plan; one without dots is not needed.
    mixtures: Vec<Mixture>,
    /// CIEDE2000 between a healed dot and the hair.
    #[schema(required)]
    color_difference: Option<Measured>,
    /// b* of a healed dot minus b* of the hair; below zero is bluer.
    #[schema(required)]
    b_shift: Option<Measured>,
    caveats: Vec<Doubt>,
    /// How long the plan and the picture took, ms.
    work_ms: f64,
    /// What the picture with it is; null with dots.
    #[schema(required)]
    picture: Option<Painted>,
}

/// A pigment with its diluent.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Mixture {
    /// The pigment's name.
    pigment: String,
    /// Parts of diluent to one part of pigment.
    dilution: f64,
    dots_in_scar: usize,
    dots_around: usize,
}

/// A picture, or what changed in one.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Painted {
    /// Number of the whole picture, for `over`.
    number: u64,
    /// Where the pixels that were sent belong in it; null where they are all of it.
    #[schema(required)]
    area_px: Option<Crop>,
    /// First row and rows of a simulation's mark in the whole picture; null in a photograph.
    #[schema(required)]
    mark_px: Option<(usize, usize)>,
}

/// A measured number.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Measured {
    value: f64,
    standard_uncertainty: f64,
}

/// What a request gives: the answer and its blobs, or what stopped it.
type Given = Result<(Answer, Vec<Vec<u8>>), stipple_pipeline::Error>;

/// Opens a photograph and its reading for sliders.
pub(super) fn open(blobs: &[Vec<u8>], settings: &Settings, live: &mut Option<Live>) -> Given {
    let opened = live.insert(Live::open(&blobs[0], &blobs[1], settings, &stipple_model::Unwatched)?);
    let (width_px, height_px) = opened.size_px();
    let pigments = opened.pigments().iter().map(|pigment| Choice {
        id: pigment.id.clone(),
        name: pigment.name.clone(),
        dilutions: pigment.dilutions.clone(),
    });
    let pigments = pigments.collect();
    let answer =
        Opened { width_px, height_px, wish: Wish::from(&opened.wish()), limits: Limits::ours(), pigments };
    Ok((Answer::Opened(answer), Vec::new()))
}

/// The picture of a wish.
pub(super) fn frame(wish: &Wish, look: &Look, live: &mut Live) -> Given {
    let started = Instant::now();
    let frame = live.frame(&wish.model()?, &look.model(live.size_px())?)?;
    let area_px = frame.area.map(|area| Crop(area.left_px, area.top_px, area.width_px, area.height_px));
    let mark_px = frame.mark.map(|mark| (mark.top_px, mark.height_px));
    let picture = Painted { number: frame.number, area_px, mark_px };
    let summary = Summary { picture: Some(picture), ..Summary::of(&frame.summary, started) };
    Ok((Answer::Wished(summary), vec![frame.jpeg]))
}

/// The dots of a wish: x, y, diameter in photograph pixels and session, each an f32, little-endian.
pub(super) fn dots(wish: &Wish, live: &mut Live) -> Given {
    let started = Instant::now();
    let wish = wish.model()?;
    let dots = live.dots(&wish)?;
    let numbers = dots.iter().flat_map(|dot| [dot.x_px, dot.y_px, dot.diameter_px, dot.session as f32]);
    let bytes = numbers.flat_map(f32::to_le_bytes).collect();
    Ok((Answer::Wished(Summary::of(&live.summary(&wish)?, started)), vec![bytes]))
}

impl Wish {
    /// `wish.json`.
    pub(super) fn json(&self) -> Vec<u8> {
        let mut json = serde_json::to_value(self).expect("plain data becomes JSON");
        json["format"] = "stipple/wish/1".into();
        json.to_string().into_bytes()
    }

    fn model(&self) -> Result<stipple_model::Wish, stipple_pipeline::Error> {
        Ok(stipple_record::format::wish_from_json(self.json())?)
    }
}

impl From<&stipple_model::Wish> for Wish {
    fn from(wish: &stipple_model::Wish) -> Self {
        Self {
            density: wish.density,
            feather_mm: wish.feather_mm,
            healed_diameter_um: wish.healed_diameter_um,
            pigment: wish.pigment.clone(),
            dilution: wish.dilution,
            sessions: wish.sessions,
            hairline: None,
            thinning_px: None,
        }
    }
}

impl Look {
    fn model(&self, (width_px, _): (usize, usize)) -> Result<LiveView, stipple_pipeline::Error> {
        let treated = self.moment != "before";
        let moment =
            if treated { known("moment", &self.moment, &Moment::ALL, Moment::name)? } else { Moment::Healed };
        let light =
            self.light.as_deref().map(|word| known("light", word, &Light::ALL, Light::name)).transpose()?;
        let course = self.course.as_deref().map(|word| known("course", word, &Course::ALL, Course::name));
        let course = course.transpose()?;
        let plain = View::at(moment);
        let view = View {
            treated,
            light,
            course: course.unwrap_or(plain.course),
            hair_growth_mm: self.hair_growth_mm,
            distance_m: self.distance_m,
            ..plain
        };
        let is_photograph =
            !treated && light.is_none() && self.distance_m.is_none() && self.hair_growth_mm <= 0.0;
        let view = (!is_photograph).then_some(view);
        let part = self.crop_px.map(|Crop(left_px, top_px, width_px, height_px)| Part {
            left_px,
            top_px,
            width_px,
            height_px,
        });
        let most = part.map_or(width_px, |part| part.width_px).clamp(1, SCREEN_PX_MAX);
        Ok(LiveView { view, part, width_px: self.width_px.clamp(1, most), over: self.over })
    }
}

/// The value of a word.
fn known<T: Copy>(
    field: &str,
    word: &str,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<T, stipple_pipeline::Error> {
    let found = all.iter().copied().find(|value| name(*value) == word);
    let words: Vec<&str> = all.iter().map(|value| name(*value)).collect();
    let refused = || stipple_record::Error::Field {
        field: field.to_owned(),
        found: word.to_owned(),
        needed: words.join(", "),
    };
    Ok(found.ok_or_else(refused)?)
}

impl Limits {
    fn ours() -> Self {
        use stipple_model::wish;
        let both = |range: std::ops::RangeInclusive<f64>| Range(*range.start(), *range.end());
        Self {
            density: both(wish::DOTS_SHARE),
            feather_mm: both(wish::FEATHER_MM),
            healed_diameter_um: both(wish::HEALED_DIAMETER_UM),
            dilution: both(wish::DILUTION),
            hairline_depth_mm: both(stipple_model::HAIRLINE_DEPTH_MM),
            sessions: [*wish::SESSIONS.start(), *wish::SESSIONS.end()],
        }
    }
}

impl Summary {
    fn of(summary: &stipple_pipeline::Summary, started: Instant) -> Self {
        let measured = |estimate: stipple_quantity::Estimate| Measured {
            value: estimate.value,
            standard_uncertainty: estimate.standard_uncertainty,
        };
        let mixture = |mixture: &stipple_pipeline::Mixture| Mixture {
            pigment: mixture.pigment.clone(),
            dilution: mixture.dilution,
            dots_in_scar: mixture.dots_in_scar,
            dots_around: mixture.dots_around,
        };
        Self {
            dots: summary.dots,
            sessions: summary.sessions.clone(),
            area_mm2: summary.area_mm2,
            dot_density_per_cm2: summary.dot_density_per_cm2,
            chair_minutes: summary.chair_minutes,
            pigment_ul: summary.pigment_ul,
            mixtures: summary.mixtures.iter().map(mixture).collect(),
            color_difference: summary.color_difference.map(measured),
            b_shift: summary.b_shift.map(measured),
            caveats: summary.caveats.iter().map(Into::into).collect(),
            work_ms: started.elapsed().as_secs_f64() * 1000.0,
            picture: None,
        }
    }
}
