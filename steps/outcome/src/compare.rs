//! Whether two photographs may be compared, and what speaks against it.

use stipple_color::ciede2000;
use stipple_model::{BeforeAfter, Caveat, Code, Comparability, Comparable, Healing, Reading, Weight};
use stipple_quantity::{Estimate, PointInPhoto};

use crate::Visit;
use crate::aligned::Aligned;
use crate::frame::Frame;

pub(crate) mod edges;
mod exposure;

pub(crate) use exposure::Residuals;

/// Difference of bare skin from which light is told, CIEDE2000: what half a step of a phone's white balance makes.
const LIGHT_TOLD: f64 = 4.0;
/// Difference from which nothing about color holds.
const LIGHT_MOST: f64 = 20.0;
/// The sharper photograph's edges may be so many times as steep.
const SHARPNESS_TOLD: f64 = 1.35;
/// See [`SHARPNESS_TOLD`]; from here on dots that show in the one may drown in the other.
const SHARPNESS_MOST: f64 = 2.0;
/// Distance from the head may differ by this factor before it is told.
const SCALE_TOLD: f64 = 1.15;
/// Sizes of a pixel may be off by so much, natural logarithm.
const SCALE_OFF: f64 = 0.04;
/// Tilt that is told, degrees: the picture is a fifteenth shorter along it.
const TILT_TOLD_DEG: f64 = 20.0;
/// Hair may be so much longer, mm, and as a factor.
const HAIR_TOLD: (f64, f64) = (0.3, 1.6);
/// Tones over the card's grays may run so much more steeply in the one than in the other (logarithm): apps that are made to
/// please change it by 0.2 to 0.5, and what is told of contrast by as much.
const TONE_TOLD: f64 = 0.1;
/// From here on what is told of contrast is the app's: it is not undone, so nothing is compared.
const TONE_MOST: f64 = 0.2;
/// Grain of two photographs correlates so far only when both hold one exposure: two of the same hair and skin reach
/// 0.10, copies of one 0.28 (made smaller), 0.40 (turned by 3°), 0.9 and more (stored anew).
const SAME_EXPOSURE: f64 = 0.2;
/// Follicles of two photographs lie farther from a plain turn, zoom and shift of one another than this, pixels of the one
/// after: copies stored as JPEG 30 to 95, turned or halved are off by 0.02 to 0.25; hair that grew anew is read with a
/// scatter of 0.34 to 0.9 however the head was held (docs/science/outcome.md).
const COPY_PX: f64 = 0.28;
/// Fine grain in the scar over that around, after by before, below which the scar seems to be smoothed, and below which it
/// surely was: dots make it 1.2 and more, a blur of 1 px leaves 0.9, of 2 px 0.5.
const SMOOTHED: (f64, f64) = (0.85, 0.7);

/// Compares, with what has to be said.
pub(crate) fn compared(
    visits: BeforeAfter<Visit<'_>>,
    aligned: &Aligned,
    frame: &Frame,
    edges_mm: BeforeAfter<Option<f64>>,
    days: Option<u32>,
) -> (Comparability, Vec<Caveat>) {
    let readings = visits.of(|visit| visit.reading);
    let light_delta_e00 = ciede2000(readings.before.skin.lab, readings.after.skin.lab);
    let sharpness_ratio = edges_mm.before.zip(edges_mm.after).map(|(before, after)| before / after);
    let pose = Pose::of(aligned, frame);
    let hair_length_mm = readings.of(|reading| hair_length_mm(reading));
    let tone_ratio = tone_ratio(&readings);
    let residuals = Residuals::of(visits, frame);
    let caveats: Vec<Caveat> = [
        light(light_delta_e00),
        tone_ratio.map_or_else(|| Some(tone_unknown()), tone),
        sharpness_ratio.and_then(sharpness),
        pose.caveat(),
        scale(&readings, aligned, pose.scale),
        hair_length(hair_length_mm),
        healing(days),
        same_exposure(residuals.agreement(), aligned),
        residuals.smoothed_after().and_then(retouched),
    ]
    .into_iter()
    .flatten()
    .collect();
    let facts = Comparability {
        light_delta_e00,
        sharpness_ratio,
        residual_px: aligned.scatter_mm() / aligned.mm_per_px().after,
        scale_ratio: pose.scale,
        rotation_deg: pose.rotation_deg,
        tilt_deg: pose.tilt_deg,
        hair_length_mm,
        tone_ratio,
        days_since_last_session: days,
        verdict: verdict(&caveats),
    };
    (facts, caveats)
}

/// A note leaves two photographs comparable; what blocks does not.
pub(crate) fn verdict(caveats: &[Caveat]) -> Comparable {
    match caveats.iter().map(|caveat| caveat.weight).max() {
        Some(Weight::Blocks) => Comparable::No,
        Some(Weight::Doubt) => Comparable::WithCare,
        Some(Weight::Note) | None => Comparable::Yes,
    }
}

/// How the camera stood after, against before.
struct Pose {
    scale: f64,
    rotation_deg: f64,
    tilt_deg: f64,
}

impl Pose {
    /// At the middle of the scar, or the follicle nearest to it that is in both.
    fn of(aligned: &Aligned, frame: &Frame) -> Self {
        let middle = frame.in_before(frame.width as f64 / 2.0, frame.height as f64 / 2.0);
        let [xx, xy, yx, yy] = aligned.slope_near(middle);
        // The two stretches of the slope: as it stretches most, and across that.
        let (sum, difference) = ((xx + yy).hypot(yx - xy), (xx - yy).hypot(xy + yx));
        let (most, least) = ((sum + difference) / 2.0, (sum - difference).abs() / 2.0);
        Self {
            scale: (most * least).sqrt(),
            rotation_deg: (yx - xy).atan2(xx + yy).to_degrees(),
            tilt_deg: (least / most.max(1e-9)).clamp(0.0, 1.0).acos().to_degrees(),
        }
    }

    fn caveat(&self) -> Option<Caveat> {
        let nearer = self.scale.max(1.0 / self.scale);
        if nearer <= SCALE_TOLD && self.tilt_deg <= TILT_TOLD_DEG {
            return None;
        }
        Some(Caveat::new(
            Code::OutcomePose,
            Weight::Note,
            format!(
                "after, a millimetre of scalp has {:.2} times as many pixels as before, and the camera was {:.0}° aslant as \
                 against before; that was undone, but hair and shine look different from another angle",
                self.scale, self.tilt_deg
            ),
            "hold the camera as in the first photograph; the studio shows it as a ghost",
        ))
    }
}

/// Sizes of a pixel that do not fit how the follicles lie: one of the two is wrong.
fn scale(readings: &BeforeAfter<&Reading>, aligned: &Aligned, px_ratio: f64) -> Option<Caveat> {
    let pitches = readings.of(|reading| reading.photo.pixel_pitch_um);
    let fitting_um = pitches.before.value / px_ratio;
    let told = pitches.before.relative_uncertainty().hypot(pitches.after.relative_uncertainty());
    let off = (pitches.after.value / fitting_um).ln().abs();
    (off > SCALE_OFF.hypot(2.0 * told)).then(|| {
        Caveat::new(
            Code::OutcomeScale,
            Weight::Doubt,
            format!(
                "a pixel was taken for {:.0} µm before and {:.0} µm after, but {} follicles that are in both say {fitting_um:.0} µm \
                 after: one of the two is wrong, and all lengths are by the one before",
                pitches.before.value,
                pitches.after.value,
                aligned.pairs().len()
            ),
            "lay the reference card in both photographs, or give the size of a pixel of each",
        )
    })
}

fn hair_length_mm(reading: &Reading) -> Option<f64> {
    let mut lengths: Vec<f64> = reading.hair.detections.iter().filter_map(|hair| hair.length_mm).collect();
    lengths.sort_by(f64::total_cmp);
    (lengths.len() >= 20).then(|| lengths[lengths.len() / 2])
}

/// How steeply tones run after, over before.
fn tone_ratio(readings: &BeforeAfter<&Reading>) -> Option<Estimate> {
    let slopes = readings.of(|reading| reading.photo.tone_slope.filter(|slope| slope.value > 0.0));
    let (before, after) = (slopes.before?, slopes.after?);
    let ratio = after.value / before.value;
    let relative = before.relative_uncertainty().hypot(after.relative_uncertainty());
    Some(Estimate::new(ratio, ratio * relative))
}

fn tone(ratio: Estimate) -> Option<Caveat> {
    let off = ratio.value.ln().abs();
    let weight = match off - ratio.relative_uncertainty() {
        surely if surely > TONE_MOST => Weight::Blocks,
        surely if surely > TONE_TOLD => Weight::Doubt,
        _ => return None,
    };
    let looks = if ratio.value < 1.0 { "flatter" } else { "harder" };
    Some(Caveat::new(
        Code::OutcomeTone,
        weight,
        format!(
            "over the card's grays the picture after is {looks} ({:.2} times the steepness of before): a camera or an app \
             changed its contrast, and from how far the scar is seen changes with it",
            ratio.value
        ),
        "photograph both times with one camera app, without filters, best as RAW",
    ))
}

fn tone_unknown() -> Caveat {
    Caveat::new(
        Code::OutcomeToneUnknown,
        Weight::Doubt,
        "the card's grays were not read in both photographs, so nobody can tell whether a camera or an app made one of them \
         flatter or harder: that can change from how far the scar is seen by a third",
        "lay the reference card flat and whole in both photographs, or take both with one camera app without filters",
    )
}

fn light(difference: f64) -> Option<Caveat> {
    let weight = match difference {
        d if d > LIGHT_MOST => Weight::Blocks,
        d if d > LIGHT_TOLD => Weight::Doubt,
        _ => return None,
    };
    Some(Caveat::new(
        Code::OutcomeLight,
        weight,
        format!(
            "bare skin differs by {difference:.0} CIEDE2000 between the photographs: the light, the camera's balance or a tan; \
             each scar is held against its own surroundings, but shine and color of light do not cancel wholly"
        ),
        "photograph in the same soft daylight, with the reference card in both",
    ))
}

fn sharpness(ratio: f64) -> Option<Caveat> {
    let off = ratio.max(1.0 / ratio);
    let weight = match off {
        off if off > SHARPNESS_MOST => Weight::Blocks,
        off if off > SHARPNESS_TOLD => Weight::Doubt,
        _ => return None,
    };
    let which = if ratio > 1.0 { "before" } else { "after" };
    Some(Caveat::new(
        Code::OutcomeSharpness,
        weight,
        format!("edges are {off:.1} times as wide in the photograph {which}: dots and hair show less in it"),
        "take the blurred photograph again: hold still, let it focus on the skin, wipe the lens",
    ))
}

fn hair_length(length_mm: BeforeAfter<Option<f64>>) -> Option<Caveat> {
    let (before, after) = (length_mm.before?, length_mm.after?);
    let (short, long) = (before.min(after), before.max(after));
    (long - short > HAIR_TOLD.0 && long > HAIR_TOLD.1 * short).then(|| {
        Caveat::new(
            Code::OutcomeHairLength,
            Weight::Doubt,
            format!(
                "hair is seen {before:.1} mm long before and {after:.1} mm after: longer hair hides a scar whatever was done"
            ),
            "clip hair to the same length for both photographs",
        )
    })
}

fn healing(days: Option<u32>) -> Option<Caveat> {
    let say =
        |weight, message: String, remedy: &str| Some(Caveat::new(Code::OutcomeDays, weight, message, remedy));
    match days.map(|days| (days, Healing::after_days(days))) {
        None => say(
            Weight::Doubt,
            "nobody said how long ago the last session was; fresh dots look darker than healed ones"
                .to_owned(),
            "give the days since the last session",
        ),
        Some((days, Healing::Fresh)) => say(
            Weight::Blocks,
            format!(
                "the last session was {days} days ago: swelling and crusts show, and dots still lose color"
            ),
            "photograph again from 28 days after the session on",
        ),
        Some((days, Healing::Healed)) => say(
            Weight::Note,
            format!("{days} days after the session dots are healed but still settle"),
            "photograph again 90 days after the session",
        ),
        Some((_, Healing::Settled | Healing::Long)) => None,
    }
}

/// By the camera's noise; where storing took that away, by how the follicles lie.
fn same_exposure(agreement: Option<f64>, aligned: &Aligned) -> Option<Caveat> {
    let off_mm = aligned.off_a_copy_mm();
    let found = match agreement {
        Some(agreement) if agreement > SAME_EXPOSURE => {
            format!(
                "both files hold one exposure: even the camera's noise agrees (correlation {agreement:.2})"
            )
        }
        _ if off_mm < COPY_PX * aligned.mm_per_px().after => format!(
            "the follicles of both lie as in one exposure: {} of them are only turned, zoomed and shifted, to {:.0} µm, and hair \
             that grew anew is never found again so closely",
            aligned.pairs().len(),
            1000.0 * off_mm
        ),
        _ => return None,
    };
    Some(Caveat::new(
        Code::OutcomeSameExposure,
        Weight::Blocks,
        format!("{found}; one of the files is a copy, a simulation, or was edited from the other"),
        "give two photographs that were taken at two times",
    ))
}

fn retouched(share: f64) -> Option<Caveat> {
    let weight = match share {
        share if share < SMOOTHED.1 => Weight::Blocks,
        share if share < SMOOTHED.0 => Weight::Doubt,
        _ => return None,
    };
    Some(Caveat::new(
        Code::OutcomeRetouched,
        weight,
        format!(
            "after, the grain of the picture in the scar is {:.0} % of what it should be by its surroundings: the scar seems to \
             have been smoothed, or the file was stored too strongly compressed to tell",
            100.0 * share
        ),
        "give the photograph as the camera stored it",
    ))
}

impl Aligned {
    /// The slope at a place, or at the pair nearest to it.
    fn slope_near(&self, place: PointInPhoto) -> [f64; 4] {
        let nearest = || {
            let far = |p: &PointInPhoto| (p.x_px - place.x_px).hypot(p.y_px - place.y_px);
            self.pairs_before()
                .filter_map(|p| Some((far(&p), self.slope(p)?)))
                .min_by(|a, b| a.0.total_cmp(&b.0))
        };
        self.slope(place).or_else(|| Some(nearest()?.1)).unwrap_or([1.0, 0.0, 0.0, 1.0])
    }
}
