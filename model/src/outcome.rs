//! What a treatment did: two photographs of one scar, measured alike.

use stipple_color::Lab;
use stipple_quantity::{Estimate, PointInPhoto};
use stipple_raster::Mask;

use crate::overlay::Overlay;
use crate::photo::Photo;

/// The same of the photograph before and of the one after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeforeAfter<T> {
    /// Of the photograph before.
    pub before: T,
    /// Of the photograph after.
    pub after: T,
}

impl<T> BeforeAfter<T> {
    /// The same of both.
    pub fn of<U>(&self, each: impl Fn(&T) -> U) -> BeforeAfter<U> {
        BeforeAfter { before: each(&self.before), after: each(&self.after) }
    }
}

impl BeforeAfter<Estimate> {
    /// Standard uncertainty of the difference, in the unit of both; what both are off by alike, as a share of their values, hides
    /// no difference and is left out.
    pub fn chance(&self, alike: f64) -> f64 {
        let own = |e: &Estimate| (e.standard_uncertainty.powi(2) - (alike * e.value).powi(2)).max(0.0).sqrt();
        own(&self.before).hypot(own(&self.after))
    }

    /// Whether the difference may be chance: it is smaller than twice its standard uncertainty.
    pub fn is_within_chance(&self, alike: f64) -> bool {
        (self.after.value - self.before.value).abs() < 2.0 * self.chance(alike)
    }
}

/// Before and after, held against each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Whether the two photographs may be compared.
    pub comparability: Comparability,
    /// How the one lies in the other.
    pub alignment: AlignmentFacts,
    /// Area of the scar that both photographs show, mm².
    pub scar_area_mm2: f64,
    /// Relative standard uncertainty of a pixel's size: distances of both photographs are off by it alike, densities by twice
    /// as much.
    pub scale_unsure: f64,
    /// How far away the scar can be told from its surroundings, m; none where that is farther than was looked from.
    pub visible_distance_m: BeforeAfter<Option<Estimate>>,
    /// What is seen of the scar from each distance, near to far.
    pub visibility: Vec<SeenFrom>,
    /// CIEDE2000 between the scar's mean color and that of the ring around it, hair and dots included.
    pub color_difference: BeforeAfter<Estimate>,
    /// Mean color of the scar and of the ring around it.
    pub colors: BeforeAfter<ScarColors>,
    /// Blood's share of the erythema index, scar minus ring; above zero is redder.
    pub redness: BeforeAfter<Estimate>,
    /// Hairs and dots per cm², in the scar and in the ring around it.
    pub units: BeforeAfter<UnitsAround>,
    /// Lightness by distance from the scar's edge, inside to outside.
    pub edge_profile: Vec<AcrossEdge>,
    /// b* of the dots in the scar minus b* of the hair beside them, after; below zero is bluer. None with few dots.
    pub blue_shift: Option<Estimate>,
    /// What became of the planned dots; none without a plan.
    pub deposits: Option<Deposits>,
}

/// Both photographs on one flat piece of scalp, pixel on pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Laid {
    /// The photographs, in sRGB; black where there is nothing.
    pub photos: BeforeAfter<Photo>,
    /// Where it got darker (blue) and where lighter (orange), as against the skin around the scar.
    pub difference: Overlay,
    /// Size of a pixel, mm.
    pub mm_per_px: f64,
    /// Outlines of the scar, in pixels of these pictures.
    pub scar_outlines: Vec<Vec<PointInPhoto>>,
    /// Share of the scar of the photograph before that is surely found in both, 0 to 1: what was measured is of that part.
    pub scar_shown: f64,
    /// Where both photographs show scalp; what else is in them may be a face, an ear or a room.
    pub scalp: Mask,
}

/// Whether two photographs may be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparability {
    /// CIEDE2000 between the bare skin around the scar, before and after: the light, or the skin, is another.
    pub light_delta_e00: f64,
    /// Width of the sharpest edges before over that after; above 1 is sharper after.
    pub sharpness_ratio: Option<f64>,
    /// How far apart the alignment leaves two readings of one follicle, along an axis, in pixels of the photograph
    /// after (standard deviation).
    pub residual_px: f64,
    /// Pixels a millimetre after over those before: nearer above 1.
    pub scale_ratio: f64,
    /// How far the head is turned in the picture, degrees, clockwise as seen.
    pub rotation_deg: f64,
    /// How far the camera is aslant, as against the other photograph, degrees.
    pub tilt_deg: f64,
    /// Median length of the hairs that were followed, mm.
    pub hair_length_mm: BeforeAfter<Option<f64>>,
    /// How steeply tones run over the card's grays, after over before; below 1 the picture after is flatter. None without the
    /// card in both.
    pub tone_ratio: Option<Estimate>,
    /// Days since the last session, as a person said.
    pub days_since_last_session: Option<u32>,
    /// What all that comes to.
    pub verdict: Comparable,
}

/// Whether what differs between two photographs may be put down to the treatment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparable {
    /// It may.
    Yes,
    /// It may, with what is said beside it in mind.
    WithCare,
    /// It may not.
    No,
}

impl Comparable {
    /// All of them, best first.
    pub const ALL: [Self; 3] = [Self::Yes, Self::WithCare, Self::No];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "comparable",
            Self::WithCare => "comparable_with_care",
            Self::No => "not_comparable",
        }
    }
}

/// How long after the last session a photograph was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Healing {
    /// Less than 28 days: wounds and swelling show.
    Fresh,
    /// From 28 days.
    Healed,
    /// From 90 days.
    Settled,
    /// From a year.
    Long,
}

impl Healing {
    /// After so many days.
    pub fn after_days(days: u32) -> Self {
        match days {
            0..28 => Self::Fresh,
            28..90 => Self::Healed,
            90..365 => Self::Settled,
            _ => Self::Long,
        }
    }

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Healed => "healed",
            Self::Settled => "settled",
            Self::Long => "long",
        }
    }
}

/// What an alignment rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AlignmentFacts {
    /// Follicles that are in both photographs.
    pub pairs: usize,
    /// How far apart two readings of one are left, along an axis, µm (standard deviation).
    pub scatter_um: f64,
    /// Decimal logarithm of a bound on the chance that two other heads would agree as well.
    pub log10_chance: f64,
}

/// What is seen of a scar from one distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeenFrom {
    /// Distance from eye to scalp, m.
    pub distance_m: f64,
    /// Detectability d′; 1 is the threshold.
    pub detectability: BeforeAfter<Estimate>,
}

/// Mean colors, hair and dots included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScarColors {
    /// Of the scar.
    pub scar: Lab,
    /// Of the ring around it.
    pub around: Lab,
}

/// Hairs and dots per cm².
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitsAround {
    /// In the scar.
    pub inside_per_cm2: Estimate,
    /// In the ring around it.
    pub around_per_cm2: Estimate,
}

/// One step of the way across the scar's edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AcrossEdge {
    /// Middle of the step, mm from the edge; below zero is inside the scar.
    pub from_edge_mm: f64,
    /// L* of the mean light there.
    pub lightness: BeforeAfter<Estimate>,
}

/// What became of the planned dots.
#[derive(Clone, Debug, PartialEq)]
pub struct Deposits {
    /// Dots of the sessions that are done and that both photographs show.
    pub planned: usize,
    /// Dots of these sessions that they do not show: where they were planned, in the photograph before.
    pub unseen: Vec<PointInPhoto>,
    /// Of the dots that are shown, how many are more probably there than not.
    pub found: usize,
    /// Share of the dots that are there, by the probability of each.
    pub retained_fraction: Estimate,
    /// Limits that hold the true share in 95 of 100 cases.
    pub interval: (f64, f64),
    /// The share in what was treated of the scar; none where it could not be told apart.
    pub in_scar: Option<Estimate>,
    /// The same in the skin around it.
    pub around: Option<Estimate>,
    /// The share by session; empty where one alone is done.
    pub by_session: Vec<SessionKept>,
    /// What a dot that is there looks like; none where hardly any is.
    pub look: Option<DotLook>,
    /// Every one of these dots.
    pub dots: Vec<DotToday>,
}

/// What became of one session's dots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SessionKept {
    /// Number of the session in the plan.
    pub number: u32,
    /// Its dots that both photographs show.
    pub planned: usize,
    /// Share of them that are there; none of fewer than twenty.
    pub retained_fraction: Option<Estimate>,
}

/// A planned dot, today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DotToday {
    /// Where it was planned, in the photograph before.
    pub at: PointInPhoto,
    /// Probability that it is there.
    pub probability: f64,
    /// Contrast to the skin in green light, over all of a dot's area, mm²; none where hardly any dot is there to tell what a
    /// mark is worth.
    pub contrast_mm2: Option<f64>,
}

/// What a dot looks like on average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DotLook {
    /// Contrast to the skin over all of its area, mm²; R, G, B. A picture's blur does not change it.
    pub contrast_mm2: [Estimate; 3],
    /// Radius that holds half of it in green light, µm; the picture's blur is in it.
    pub half_radius_um: Estimate,
    /// The same as the plan's optics expect it; none where the days since the last session are not known.
    pub expected: Option<ExpectedLook>,
}

/// What a dot is expected to look like on a day, photographed as sharply.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExpectedLook {
    /// See [`DotLook::contrast_mm2`].
    pub contrast_mm2: [Estimate; 3],
    /// See [`DotLook::half_radius_um`].
    pub half_radius_um: Estimate,
}

/// How dots differ from what was expected, as factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drift {
    /// Light that a dot takes away.
    pub contrast: Estimate,
    /// Its width.
    pub width: Estimate,
    /// Red over blue light that it takes away; above 1 is bluer.
    pub bluer: Estimate,
}

impl DotLook {
    /// What became of the dots against what was expected.
    pub fn drift(&self) -> Option<Drift> {
        let expected = self.expected?;
        let all = [self.contrast_mm2, expected.contrast_mm2].concat();
        let is_told = all.iter().all(|one| one.value > 0.0) && expected.half_radius_um.value > 0.0;
        if !is_told || self.half_radius_um.value <= 0.0 {
            return None;
        }
        let over = |a: Estimate, b: Estimate| {
            let ratio = a.value / b.value;
            Estimate::new(ratio, ratio.abs() * a.relative_uncertainty().hypot(b.relative_uncertainty()))
        };
        let [red, green, blue] = [0, 1, 2].map(|c| over(self.contrast_mm2[c], expected.contrast_mm2[c]));
        // What is unsure about pigment and skin is nearly the same in both.
        let of_measured =
            self.contrast_mm2[0].relative_uncertainty().hypot(self.contrast_mm2[2].relative_uncertainty());
        let bluer = red.value / blue.value;
        Some(Drift {
            contrast: green,
            width: over(self.half_radius_um, expected.half_radius_um),
            bluer: Estimate::new(bluer, bluer.abs() * of_measured),
        })
    }
}
