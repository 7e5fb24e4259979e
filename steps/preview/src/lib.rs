//! How the planned dots will look on the photograph: fresh, healed and years later.
//!
//! # Place in the flow
//! Floor 3. [`Plan`] + [`Photo`] + [`View`] → [`Simulation`]; [`Plan`] + [`Photo`] → [`stipple_model::Overlay`].
//! `record` writes them.
//!
//! # What it can do
//! - [`preview`]: paints every dot of all sessions at its true size into the photograph: on a faint, likely or strong
//!   course, in the photograph's light or another, as seen from a distance, with hair that has grown.
//! - [`preview_on`]: the same on a [`Canvas`], a part of the photograph as large as a screen shows it; [`repaint`]: only what
//!   changed in it since another plan was shown.
//! - [`overlay()`]: draws every dot as a sign of its session over the photograph made pale and gray, to work by.
//!
//! # Simplifications
//! - A dot's contrast in linear R, G, B follows from three wavelengths (`stipple_optics`); the photograph's own
//!   linear light stands for these bands. Shine in the photograph is dimmed like the skin under it.
//! - Dots combine in optical density.
//! - No hand sets a dot where it meant to: each is drawn 0.15 mm from its place (one standard deviation along each axis), the
//!   same at every moment and in every part of the photograph. The plan's own places stay.
//! - Pigment lies between the needle depths of the plan, and has risen a little once healed.
//! - Fresh and day 3 show what is typical of the first days: pigment up to the epidermis, a wide dark stain
//!   (then a scab) in it, and redness that fills up with the density of dots: drawn, not simulated. Swelling,
//!   blood and flakes are not shown.
//! - Dots are as sharp as a good camera shows them (blur 0.7 px), even in a blurred photograph.
//! - Another light is one matrix, the best for spectra of skin, dots, hair and grays under it, after the eye has adapted
//!   as far as it does in a room. Shadows and shine stay as photographed, also in a flash.
//! - From a distance, light is blurred by the mean eye's optics; whoever looks at the picture blurs it once more.
//! - Fresh and on day 3 the dots of all sessions are shown as if they were made on one day.
//! - Hair only grows longer, straight on from where the photograph shows it.
//! - Halos use one pixel pitch per dot, the dots themselves the local slope of the plan's map.
//!
//! # Out of scope
//! Hair shorter than photographed.
//!
//! # Invariants
//! Both pictures carry their mark. Seen as photographed, pixels that no dot reaches keep their codes exactly.
//! Neither ever becomes a [`Photo`].
//!
//! # Modules in reading order
//! [`canvas`], `looks`, `paint`, `stamp`, `soft`, `codes`, `hair`, `light`, `eye`, `overlay`, `band`, [`error`].
//!
//! # Sources
//! [@Cie15], [@Ciecam02], [@Riviere1997], [@Watson2013], and those of `stipple_optics`.

mod band;
pub mod canvas;
mod codes;
pub mod error;
mod eye;
mod hair;
mod light;
mod looks;
mod overlay;
mod paint;
mod soft;
mod stamp;

use stipple_color::{Lab, LinearRgb, ciede2000};
use stipple_model::{
    BitDepth, Caveat, Code, Course, DISTANCE_M, HAIR_GROWTH_MM, Moment, PIXEL_PITCH_UM, Photo, Plan,
    Qualified, Simulation, View, Watch, Weight,
};
use stipple_optics::pigment_share_left;
use stipple_quantity::PointInPhoto;

use crate::band::{Band, PICTURE_MIN_PX, Words, band, moment_words};
pub use crate::canvas::{Canvas, Part};
pub use crate::error::Error;
use crate::light::Relight;
use crate::looks::{CAMERA_BLUR_PX, Looks, PIXEL_PX, looks_of};
pub use crate::overlay::overlay;
use crate::paint::Scene;
use crate::soft::Extent;

/// A picture of the plan carried out: the photograph with every dot, marked as a simulation.
///
/// # Errors
/// [`Error::OtherPhoto`] if the sizes differ, [`Error::TooSmall`] if the mark does not fit,
/// [`Error::Scale`] if the plan's map cannot be used, [`Error::Distance`] and [`Error::HairGrowth`] if the view is out
/// of range, [`Error::Stopped`] if the watcher stops the work.
///
/// # Determinism
/// The same plan, photograph and options give the same codes on any number of threads.
///
/// # Cost
/// 0.2 CPU seconds for 20,000 dots on 2 megapixels, shared by the threads; one copy of the picture, three more in
/// single precision for a distance.
pub fn preview(
    plan: &Plan,
    photo: &Photo,
    view: &View,
    watch: &dyn Watch,
) -> Result<Qualified<Simulation>, Error> {
    check(plan, (photo.width_px, photo.height_px))?;
    check_size((photo.width_px, photo.height_px))?;
    let painted = shown(plan, photo, view, CAMERA_BLUR_PX.hypot(PIXEL_PX), None, watch)?;
    Ok(painted.map(|painted| painted.simulation))
}

/// The same on a part of a photograph at the size at which it is looked at: what [`preview`] shows, shrunk.
///
/// `plan` is the one of the whole photograph.
///
/// # Errors
/// As [`preview`].
pub fn preview_on(
    canvas: &Canvas,
    plan: &Plan,
    view: &View,
    watch: &dyn Watch,
) -> Result<Qualified<Simulation>, Error> {
    Ok(repaint(canvas, plan, view, None, watch)?.map(|painted| painted.simulation))
}

/// The same, but only what differs from a picture of another plan for the same reading that was painted before, on the same
/// canvas and at the same view; all of it where that saves nothing.
///
/// # Errors
/// As [`preview`].
///
/// # Determinism
/// Pixels are those of [`preview_on`].
pub fn repaint(
    canvas: &Canvas,
    plan: &Plan,
    view: &View,
    over: Option<&Footprint>,
    watch: &dyn Watch,
) -> Result<Qualified<Painted>, Error> {
    check(plan, canvas.whole_px)?;
    check_size((canvas.photo.width_px, canvas.photo.height_px))?;
    shown(&canvas.plan(plan), &canvas.photo, view, canvas.blur_px(), over, watch)
}

/// A picture, or what changed in one.
#[derive(Clone, Debug, PartialEq)]
pub struct Painted {
    /// The pixels of `area`.
    pub simulation: Simulation,
    /// Where they belong on the canvas.
    pub area: Part,
    /// What the whole picture holds now.
    pub footprint: Footprint,
}

/// Where dots changed a picture, and where its mark stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Footprint {
    changed: Option<Extent>,
    mark: Rows,
}

/// Rows of a picture, px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rows {
    /// The first.
    pub top_px: usize,
    /// How many.
    pub height_px: usize,
}

impl Footprint {
    /// Where the mark stands, over the whole width.
    pub fn mark(&self) -> Rows {
        self.mark
    }

    /// What must be painted where a picture with this footprint stood; all of it where the mark has moved, and where the eye's
    /// blur mixes what changed with what did not.
    fn over(&self, before: Option<&Self>, photo: &Photo, view: &View) -> Extent {
        let whole = Extent { left: 0, top: 0, right: photo.width_px, bottom: photo.height_px };
        match before {
            Some(before) if before.mark == self.mark && view.distance_m.is_none() => {
                // Because a picture has at least one pixel.
                Extent::around_both(before.changed, self.changed).unwrap_or(Extent {
                    right: 1,
                    bottom: 1,
                    ..whole
                })
            }
            _ => whole,
        }
    }
}

/// A picture as sharp as `blur_px` tells (one standard deviation), or what changed in it.
fn shown(
    plan: &Plan,
    photo: &Photo,
    view: &View,
    blur_px: f64,
    over: Option<&Footprint>,
    watch: &dyn Watch,
) -> Result<Qualified<Painted>, Error> {
    check_view(view)?;
    watch.progress("preview", 0.0);
    let looks = looks_of(plan, view, blur_px);
    let scene = Scene::new(photo, &looks, view.moment);
    let mark = band(photo.width_px, photo.height_px, scene.extent(), &Words::of_view(view));
    let (mut codes, changed) = scene.paint(watch)?;
    let footprint = Footprint { changed, mark: Rows { top_px: mark.top, height_px: mark.height } };
    let area = footprint.over(over, photo, view);
    let hairs_drawn = (view.hair_growth_mm > 0.0)
        .then(|| hair::grow(&mut codes, photo, plan, view.hair_growth_mm, blur_px, watch))
        .transpose()?;
    if let Some(light) = Relight::to(view.light, photo.space, plan.photo_white_gain, plan.skin_lab) {
        light.relight(&mut codes, photo, area, watch)?;
    }
    if let Some(distance_m) = view.distance_m {
        eye::blur(&mut codes, photo, pitch_mm(plan, photo), distance_m, watch)?;
    }
    burn_in(&mark, photo.width_px, photo.bit_depth, &mut codes);
    let area = Part::from(area);
    let simulation = Simulation {
        width_px: area.width_px,
        height_px: area.height_px,
        space: photo.space,
        bit_depth: photo.bit_depth,
        codes: if area == Part::whole(photo) { codes } else { area.cut_from(&codes, photo.width_px) },
        view: *view,
    };
    watch.progress("preview", 1.0);
    let mut caveats = caveats(plan, photo, &looks, view);
    caveats.extend(hairs_drawn.map(|drawn| hair_caveat(plan, drawn)));
    Ok(Qualified::new(Painted { simulation, area, footprint }, caveats))
}

/// Whether a plan was made on a photograph of that size and can be shown.
fn check(plan: &Plan, (found_width_px, found_height_px): (usize, usize)) -> Result<(), Error> {
    let (needed_width_px, needed_height_px) = (plan.photo_width_px, plan.photo_height_px);
    if (found_width_px, found_height_px) != (needed_width_px, needed_height_px) {
        return Err(Error::OtherPhoto { found_width_px, found_height_px, needed_width_px, needed_height_px });
    }
    let middle = PointInPhoto::new(found_width_px as f64 / 2.0, found_height_px as f64 / 2.0);
    let found_um = plan.scalp_from_photo.pixel_pitch_um_at(middle);
    // Because a pitch at the very end of the range comes back from the map with the last digit changed.
    let rounded_um = (found_um * 1e6).round() / 1e6;
    if !plan.scalp_from_photo.is_usable() || !PIXEL_PITCH_UM.contains(&rounded_um) {
        return Err(Error::Scale { found_um });
    }
    Ok(())
}

/// Whether a picture holds its mark.
fn check_size((found_width_px, found_height_px): (usize, usize)) -> Result<(), Error> {
    if found_width_px < PICTURE_MIN_PX.0 || found_height_px < PICTURE_MIN_PX.1 {
        return Err(Error::TooSmall { found_width_px, found_height_px });
    }
    Ok(())
}

fn check_view(view: &View) -> Result<(), Error> {
    if let Some(found_m) = view.distance_m.filter(|m| !DISTANCE_M.contains(m)) {
        return Err(Error::Distance { found_m });
    }
    if !HAIR_GROWTH_MM.contains(&view.hair_growth_mm) {
        return Err(Error::HairGrowth { found_mm: view.hair_growth_mm });
    }
    Ok(())
}

/// Size of a pixel at the middle of the photograph, mm.
fn pitch_mm(plan: &Plan, photo: &Photo) -> f64 {
    plan.scalp_from_photo.pixel_pitch_um_at(photo.center()) / 1000.0
}

/// Lays the mark over the picture.
fn burn_in(mark: &Band, width_px: usize, bit_depth: BitDepth, codes: &mut [u16]) {
    let (levels, level) = match bit_depth {
        BitDepth::Eight => (255.0, 257.0),
        BitDepth::Sixteen => (65_535.0, 1.0),
    };
    let first = 3 * mark.top * width_px;
    for (pixel, gray) in codes[first..].chunks_exact_mut(3).zip(&mark.grays) {
        pixel.fill(((gray * levels).round() * level) as u16);
    }
}

fn caveats(plan: &Plan, photo: &Photo, looks: &Looks, view: &View) -> Vec<Caveat> {
    let mut caveats: Vec<Caveat> = view.treated.then(|| one_of_many(view)).into_iter().collect();
    let total = looks.dots.len() + looks.skipped;
    if view.treated && total == 0 {
        caveats = vec![nothing_to_show()];
    }
    caveats.extend(view.distance_m.map(|_| distance_caveat()));
    if looks.skipped > 0 {
        caveats.push(Caveat::new(
            Code::PreviewPhotoDiffers,
            Weight::Doubt,
            format!("{} of {total} dots lie outside the photograph or have no usable place.", looks.skipped),
            "Check that this is the photograph the plan was made on, or make the plan anew.",
        ));
    }
    if let Some(difference) = skin_difference(plan, photo, looks).filter(|d| *d > SKIN_DIFFERENCE_MAX) {
        caveats.push(Caveat::new(
            Code::PreviewPhotoDiffers,
            Weight::Doubt,
            format!(
                "Where the dots lie, the photograph differs by ΔE00 {difference:.0} from the skin the plan \
                 was matched to."
            ),
            "Check that this is the photograph the plan was made on, and that its light is even.",
        ));
    }
    caveats
}

/// A difference that uneven light and white balance do not explain, CIEDE2000.
const SKIN_DIFFERENCE_MAX: f64 = 25.0;

fn nothing_to_show() -> Caveat {
    Caveat::new(
        Code::PreviewOneOfMany,
        Weight::Doubt,
        "The plan holds no dots: the picture shows the photograph without any.",
        "Mark the scar by hand, or photograph it sharper and nearer, and make the plan anew.",
    )
}

fn distance_caveat() -> Caveat {
    Caveat::new(
        Code::PreviewOneOfMany,
        Weight::Note,
        "What cannot be told apart from that distance is blurred, as in the eye.",
        "Look at the picture from near: from farther away your own eye blurs it once more.",
    )
}

fn hair_caveat(plan: &Plan, drawn: usize) -> Caveat {
    let message = match drawn {
        0 if plan.hairs.is_empty() => {
            "No hair could be drawn: the plan holds none. Older plans hold none at all: make it anew."
                .to_owned()
        }
        0 => {
            "No hair could be drawn: its color could not be measured, or which way most hairs lie.".to_owned()
        }
        1 => "What one hair has grown is drawn; its color is mixed with the skin's.".to_owned(),
        _ => format!(
            "What {drawn} hairs have grown is drawn; only hairs that were found grow. Their color is read mixed with the skin's: hair will look darker and less warm, and light hair may hardly show here."
        ),
    };
    Caveat::new(
        Code::PreviewOneOfMany,
        Weight::Note,
        message,
        "Photograph it again when the hair is as long as it will be worn.",
    )
}

/// Likely range of the course, in words.
fn one_of_many(view: &View) -> Caveat {
    let moment = view.moment;
    let share = pigment_share_left(moment.days(), false);
    let in_scar = pigment_share_left(moment.days(), true);
    let percent = |share: f64| (100.0 * share.clamp(0.0, 1.0)).round();
    let range = |e: stipple_quantity::Estimate| {
        format!(
            "{} to {} %",
            percent(e.value - e.standard_uncertainty),
            percent(e.value + e.standard_uncertainty)
        )
    };
    let when = moment_words(moment);
    let message = match moment {
        Moment::Fresh | Moment::Day3 => format!(
            "One likely look of many ({when}): redness and scabs differ from person to person and are gone \
             within about a week."
        ),
        _ => format!(
            "{} ({when}): of the pigment, {} may be left in skin and {} in scar, and \
             dots may spread more or less. Sources put the first touch-up between 2 and 6 years.",
            course_words(view.course),
            range(share),
            range(in_scar)
        ),
    };
    Caveat::new(
        Code::PreviewOneOfMany,
        Weight::Note,
        message,
        "Show it as a possibility, and judge by healed test dots on this person's own skin.",
    )
}

fn course_words(course: Course) -> &'static str {
    match course {
        Course::Faint => "How it may look if it fades more than for nine of ten people",
        Course::Likely => "One likely look of many",
        Course::Strong => "How it may look if it fades less than for nine of ten people",
    }
}

/// CIEDE2000 between the skin of the plan and the median of the photograph at up to 500 of the dots.
fn skin_difference(plan: &Plan, photo: &Photo, looks: &Looks) -> Option<f64> {
    let step = looks.dots.len().div_ceil(500).max(1);
    let inside = |p: &PointInPhoto| {
        p.x_px >= 0.0
            && p.y_px >= 0.0
            && (p.x_px as usize) < photo.width_px
            && (p.y_px as usize) < photo.height_px
    };
    let places = looks.dots.iter().step_by(step).map(|dot| PointInPhoto::new(dot.x_px, dot.y_px));
    let pixels: Vec<[u16; 3]> =
        places.filter(inside).map(|p| photo.pixel(p.x_px as usize, p.y_px as usize)).collect();
    if pixels.is_empty() {
        return None;
    }
    let median = |k: usize| {
        let mut codes: Vec<u16> = pixels.iter().map(|p| p[k]).collect();
        codes.sort_unstable();
        let light = photo.space.linear_from_encoded(f32::from(codes[codes.len() / 2]) / 65_535.0);
        light * plan.photo_white_gain[k] as f32
    };
    let color = Lab::from_linear(photo.space, LinearRgb { rgb: [median(0), median(1), median(2)] });
    let difference = ciede2000(color, plan.skin_lab);
    difference.is_finite().then_some(difference)
}

#[cfg(test)]
mod tests;
