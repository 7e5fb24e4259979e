//! The studio's sliders: a photograph and its reading, kept so that every wish is seen at once.

use stipple_model::{
    Caveat, Photo, Pigment, Plan, PlannedPigment, Qualified, Reading, Unwatched, View, Watch, Wish,
};
use stipple_plan::Memory;
use stipple_preview::{Canvas, Footprint, Part, Rows, repaint};
use stipple_quantity::Estimate;
use stipple_record::{format, picture};

use crate::error::Error;
use crate::settings::Settings;
use crate::single::{photo, planned_again, require_same_photo};

/// Quality of the pictures: nothing is seen of the compression on a screen.
const QUALITY: u8 = 82;
/// Sizes and parts that are kept laid out: a draft, the picture it is of, and a detail.
const LAID_MOST: usize = 3;

/// A photograph and its reading, ready for wishes.
///
/// Every wish gives the dots that a plan saved with it has ([`Settings::with_wish`]).
pub struct Live {
    photo: Photo,
    reading: Qualified<Reading>,
    settings: Settings,
    /// The last wish and its plan.
    planned: Option<(Wish, Qualified<Plan>)>,
    memory: Memory,
    /// What is looked at, the last first.
    laid: Vec<Laid>,
    /// How many pictures were painted.
    pictures: u64,
}

/// The part that is looked at, at its size.
struct Laid {
    part: Part,
    width_px: usize,
    canvas: Canvas,
    /// The last picture on it: its number, how it was looked at, and where dots changed it.
    last: Option<(u64, View, Footprint)>,
}

/// How a picture is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LiveView {
    /// Moment, course, light, hair and distance; `None` for the photograph as it is.
    pub view: Option<View>,
    /// What part of the photograph; `None` for all of it.
    pub part: Option<Part>,
    /// How wide, px; no wider than the part is.
    pub width_px: usize,
    /// The number of the picture that is at hand already: what did not change in it is not painted again.
    pub over: Option<u64>,
}

/// What a wish looks like.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The pixels of `area`, JPEG, marked as a simulation unless it is the photograph as it is.
    pub jpeg: Vec<u8>,
    /// What changed in the picture that was at hand; `None` for all of a picture.
    pub area: Option<Part>,
    /// Where the mark of a simulation stands in the picture, over its whole width.
    pub mark: Option<Rows>,
    /// Number of the whole picture, to paint the next one over.
    pub number: u64,
    /// What the plan comes to.
    pub summary: Summary,
}

/// A plan in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Dots of all sessions.
    pub dots: usize,
    /// Dots of each session.
    pub sessions: Vec<usize>,
    /// Area treated, mm².
    pub area_mm2: f64,
    /// Dots per cm² of it.
    pub dot_density_per_cm2: f64,
    /// Time under the needle, minutes.
    pub chair_minutes: f64,
    /// Pigment, µl.
    pub pigment_ul: f64,
    /// Every mixture of the plan; one that has no dots to come is not needed.
    pub mixtures: Vec<Mixture>,
    /// CIEDE2000 between a healed dot and the hair, where that could be measured.
    pub color_difference: Option<Estimate>,
    /// b* of a healed dot minus b* of the hair; below zero is bluer.
    pub b_shift: Option<Estimate>,
    /// What is doubtful about reading, plan and picture.
    pub caveats: Vec<Caveat>,
}

/// A pigment with its diluent.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    /// The pigment's name.
    pub pigment: String,
    /// Parts of diluent to one part of pigment.
    pub dilution: f64,
    /// Dots to come in scars.
    pub dots_in_scar: usize,
    /// Dots to come elsewhere.
    pub dots_around: usize,
}

/// A dot as a screen draws it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LiveDot {
    /// Column in the photograph, px.
    pub x_px: f32,
    /// Row in the photograph, px.
    pub y_px: f32,
    /// Diameter when fresh, px.
    pub diameter_px: f32,
    /// Session, counted from 1.
    pub session: u32,
}

impl Live {
    /// Takes a photograph and the reading that was made of it.
    ///
    /// # Errors
    /// A photograph or reading that cannot be used, or that do not belong together.
    pub fn open(
        photo_bytes: &[u8],
        reading_json: &[u8],
        settings: &Settings,
        watch: &dyn Watch,
    ) -> Result<Self, Error> {
        require_same_photo(&format::provenance_from_json(reading_json)?, photo_bytes)?;
        let reading = format::reading_from_json(reading_json)?;
        let photo = photo(photo_bytes, watch)?.value;
        let settings = settings.clone();
        let mut live = Self {
            photo,
            reading,
            settings,
            planned: None,
            memory: Memory::default(),
            laid: Vec::new(),
            pictures: 0,
        };
        watch.progress("plan", 0.0);
        live.planned(&live.wish())?;
        Ok(live)
    }

    /// The wish to begin with: what the protocol says, and what was drawn.
    pub fn wish(&self) -> Wish {
        Wish::of(&self.settings.protocol, &self.settings.drawn)
    }

    /// The pigments to choose from.
    pub fn pigments(&self) -> &[Pigment] {
        &self.settings.protocol.pigments
    }

    /// Columns and rows of the photograph.
    pub fn size_px(&self) -> (usize, usize) {
        (self.photo.width_px, self.photo.height_px)
    }

    /// The picture of a wish and what it comes to.
    ///
    /// # Errors
    /// A wish that cannot be granted or planned, or a view that cannot be shown.
    ///
    /// # Determinism
    /// The same pixels on any number of threads, whatever was asked for before; numbers count the pictures.
    pub fn frame(&mut self, wish: &Wish, view: &LiveView) -> Result<Frame, Error> {
        self.planned(wish)?;
        self.lay_out(view)?;
        self.pictures += 1;
        let (Some((_, plan)), Some(laid), number) = (&self.planned, self.laid.first_mut(), self.pictures)
        else {
            unreachable!("both were just made");
        };
        let mut summary = summary(plan);
        let Some(seen) = &view.view else {
            let jpeg = picture::quick_jpeg_of_photo(&laid.canvas.photo, QUALITY);
            return Ok(Frame { jpeg, area: None, mark: None, number, summary });
        };
        let at_hand = |(number, of, _): &&(u64, View, Footprint)| Some(*number) == view.over && of == seen;
        let over = laid.last.as_ref().filter(at_hand).map(|(.., footprint)| footprint);
        let painted = repaint(&laid.canvas, &plan.value, seen, over, &Unwatched)?;
        summary.caveats = Qualified::new((), [summary.caveats, painted.caveats].concat()).caveats;
        let painted = painted.value;
        let mark = Some(painted.footprint.mark());
        laid.last = Some((number, *seen, painted.footprint));
        let jpeg = picture::quick_jpeg_of_simulation(&painted.simulation, QUALITY);
        let area = Some(painted.area).filter(|area| *area != Part::whole(&laid.canvas.photo));
        Ok(Frame { jpeg, area, mark, number, summary })
    }

    /// The dots of a wish, session by session.
    ///
    /// # Errors
    /// A wish that cannot be granted or planned.
    pub fn dots(&mut self, wish: &Wish) -> Result<Vec<LiveDot>, Error> {
        let plan = &self.planned(wish)?.value;
        let sessions = plan.sessions.iter();
        let dots = sessions.flat_map(|session| session.dots.iter().map(move |dot| (session.number, dot)));
        let drawn = |(session, dot): (u32, &stipple_model::Dot)| LiveDot {
            x_px: dot.at_photo.x_px as f32,
            y_px: dot.at_photo.y_px as f32,
            diameter_px: (dot.diameter_um / plan.scalp_from_photo.pixel_pitch_um_at(dot.at_photo)) as f32,
            session,
        };
        Ok(dots.map(drawn).collect())
    }

    /// What a wish comes to, without its picture.
    ///
    /// # Errors
    /// A wish that cannot be granted or planned.
    pub fn summary(&mut self, wish: &Wish) -> Result<Summary, Error> {
        Ok(summary(self.planned(wish)?))
    }

    /// The plan of a wish.
    ///
    /// # Errors
    /// A wish that cannot be granted or planned.
    ///
    /// # Cost
    /// That of a plan, unless the wish is the last one.
    pub fn planned(&mut self, wish: &Wish) -> Result<&Qualified<Plan>, Error> {
        let planned = match self.planned.take_if(|(last, _)| last == wish) {
            Some(planned) => planned,
            None => {
                let mut settings = self.settings.clone();
                settings.protocol = settings.granted(wish)?;
                settings.drawn.clone_from(&wish.drawn);
                (wish.clone(), planned_again(&self.reading, &settings, &mut self.memory, &Unwatched)?)
            }
        };
        Ok(&self.planned.insert(planned).1)
    }

    /// Lays the part that is looked at out at its size, unless it is, as the first of all.
    fn lay_out(&mut self, view: &LiveView) -> Result<(), Error> {
        let part = view.part.unwrap_or(Part::whole(&self.photo));
        let is_laid = |laid: &Laid| (laid.part, laid.width_px) == (part, view.width_px);
        let first = match self.laid.iter().position(is_laid) {
            Some(known) => self.laid.remove(known),
            None => {
                let canvas = Canvas::new(&self.photo, part, view.width_px)?;
                Laid { part, width_px: view.width_px, canvas, last: None }
            }
        };
        self.laid.truncate(LAID_MOST - 1);
        self.laid.insert(0, first);
        Ok(())
    }
}

fn summary(plan: &Qualified<Plan>) -> Summary {
    let Qualified { value: plan, caveats } = plan;
    let healed = plan.healed_match.as_ref();
    Summary {
        dots: plan.totals.dots,
        sessions: plan.sessions.iter().map(|session| session.dots.len()).collect(),
        area_mm2: plan.totals.area_mm2,
        dot_density_per_cm2: plan.totals.dot_density_per_cm2,
        chair_minutes: plan.totals.chair_minutes,
        pigment_ul: plan.totals.pigment_ul,
        mixtures: mixtures(plan),
        color_difference: healed.map(|healed| healed.color_difference),
        b_shift: healed.map(|healed| healed.b_shift),
        caveats: caveats.clone(),
    }
}

fn mixtures(plan: &Plan) -> Vec<Mixture> {
    let count = |k: usize, in_scar: bool| {
        plan.dots_to_come().filter(|dot| dot.pigment == k && dot.in_scar == in_scar).count()
    };
    let mixture = |(k, planned): (usize, &PlannedPigment)| Mixture {
        pigment: planned.pigment.name.clone(),
        dilution: planned.dilution,
        dots_in_scar: count(k, true),
        dots_around: count(k, false),
    };
    plan.pigments.iter().enumerate().map(mixture).collect()
}

#[cfg(test)]
mod tests;
