//! What goes into a piece of work besides the photograph.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use stipple_model::{
    After, Answers, Caveat, Code, Date, Drawn, Hairline, Pigment, Protocol, Rule, Unfit, Weight, Wish,
};
use stipple_quantity::{PointInPhoto, Seed};
use stipple_read::RootFinder;
use stipple_record::{Provenance, Setting, format, places, settings};
use unicode_normalization::UnicodeNormalization as _;

use crate::error::Error;

/// A photograph with what a person said about it.
#[derive(Clone, Debug)]
pub struct PhotoRequest {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// Where the scar is.
    pub scar: ScarSaid,
    /// Bytes of a `scribbles.json`: strokes that correct the outline.
    pub scribbles: Option<Vec<u8>>,
    /// Known size of a pixel on the scalp, µm.
    pub pixel_pitch_um: Option<f64>,
    /// A place known to be neutral.
    pub neutral: Option<PointInPhoto>,
    /// How roots of hair are found.
    pub roots: RootFinder,
}

/// What is said about where the scar is.
#[derive(Clone, Debug, Default)]
pub enum ScarSaid {
    /// Nothing: it is proposed.
    #[default]
    Nothing,
    /// There is none.
    NoScar,
    /// Bytes of a picture that is white where a person drew it.
    Mask(Vec<u8>),
    /// The same of where an earlier reading of the photograph found it, which no person corrected.
    Found(Vec<u8>),
}

/// What a person drew to be treated besides scars, as tables of places (CSV, header `x,y`, photograph pixels).
#[derive(Clone, Debug, Default)]
pub struct DrawnRequest {
    /// Outline of an area where hair is thinning.
    pub thinning: Option<Vec<u8>>,
    /// The line at which hair is to begin.
    pub hairline: Option<Vec<u8>>,
    /// How far behind it dots may go, mm.
    pub hairline_depth_mm: f64,
    /// A place on the side of it where hair is to grow.
    pub hairline_hair: Option<PointInPhoto>,
}

/// An earlier plan of which some sessions are done.
#[derive(Clone, Debug)]
pub struct AfterRequest {
    /// Bytes of its `plan.json`.
    pub plan: Vec<u8>,
    /// Bytes of the table of dots that are seen healed (CSV, header `x,y`, pixels of the plan's photograph).
    pub healed: Vec<u8>,
    /// How many of its sessions are done.
    pub sessions_done: u32,
}

/// What is still to be done about test dots before their word counts.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TestWaits {
    /// Some are to be set first, or those that were set are to be looked at.
    Open,
    /// They spoke against a treatment.
    Against,
}

/// What test dots decided.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TestedRequest {
    /// Name of the pigment, or its id in the protocol.
    pub product: String,
    /// Parts of diluent to one of it; none where nobody said.
    pub water_parts: Option<f64>,
    /// Shallowest and deepest, mm.
    pub depth_mm: [f64; 2],
}

/// What practitioner, client and clinic set; every part remembers the file it came from.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What practitioners differ in.
    pub protocol: Protocol,
    /// What the client answered.
    pub answers: Answers,
    /// What decides about suitability.
    pub rules: Vec<Rule>,
    /// The day to reckon from.
    pub today: Date,
    /// The seed of everything drawn by chance.
    pub seed: Seed,
    /// What to treat besides scars.
    pub drawn: Drawn,
    /// What became of an earlier plan.
    pub after: Option<After>,
    /// What the earlier plan was made with.
    pub(crate) after_made: Option<Provenance>,
    /// A pigment that test dots decided for, if the protocol does not have it.
    unknown_tested: Option<String>,
    /// What is still to be done about test dots.
    waiting_test: Option<TestWaits>,
    /// Made by this program with this seed and the files that were given.
    provenance: Provenance,
}

/// The option of a plan that says how many dots per cm² lay in the skin by a record.
pub const IN_SKIN: &str = "in_skin_per_cm2";

impl Settings {
    /// Settings from the files given; what is not given is the shipped default, and no answers.
    ///
    /// # Errors
    /// A file that cannot be understood.
    pub fn new(
        protocol: Option<&[u8]>,
        rules: Option<&[u8]>,
        answers: Option<&[u8]>,
        today: Date,
        seed: Seed,
    ) -> Result<Self, Error> {
        let text = |bytes: Option<&[u8]>| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let protocol_text = text(protocol).unwrap_or_else(|| settings::DEFAULT_PROTOCOL_TOML.to_owned());
        let rules_text = text(rules).unwrap_or_else(|| settings::RULES_TOML.to_owned());
        let given = [("protocol", protocol), ("rules", rules), ("answers", answers)];
        let provenance = given
            .into_iter()
            .filter_map(|(role, bytes)| Some((role, bytes?)))
            .fold(Provenance::of_this_program().with_seed(seed.0), |made, (role, bytes)| {
                made.with_input(role, bytes)
            });
        let rules = settings::rules_from_toml(&rules_text)?;
        let answers = text(answers).map(|text| settings::answers_from_toml(&text, &rules, today));
        Ok(Self {
            protocol: settings::protocol_from_toml(&protocol_text)?,
            rules,
            answers: answers.transpose()?.unwrap_or_default(),
            today,
            seed,
            drawn: Drawn::default(),
            after: None,
            after_made: None,
            unknown_tested: None,
            waiting_test: None,
            provenance,
        })
    }

    /// The same with what test dots decided: that pigment alone, if the protocol has one of that name or id, so diluted if that was
    /// said, and so deep everywhere. A pigment that the protocol does not have is left to the hand, and plans say so.
    ///
    /// # Errors
    /// Numbers that no plan can follow.
    pub fn with_tested(mut self, tested: &TestedRequest) -> Result<Self, Error> {
        let wanted = folded(&tested.product);
        let is_it =
            |pigment: &Pigment| [&pigment.name, &pigment.id].into_iter().any(|name| folded(name) == wanted);
        let mut protocol = self.protocol;
        match protocol.pigments.iter().position(is_it) {
            Some(at) => {
                let mut pigment = protocol.pigments.swap_remove(at);
                if let Some(parts) = tested.water_parts {
                    pigment.dilutions = vec![parts];
                }
                protocol.pigments = vec![pigment];
            }
            None => self.unknown_tested = Some(tested.product.clone()),
        }
        let depth_mm = as_band(tested.depth_mm);
        (protocol.needle_depth_mm, protocol.needle_depth_in_scar_mm) = (depth_mm, depth_mm);
        if let Some(unfit) = protocol.unfit() {
            return Err(stipple_record::Error::from(unfit).into());
        }
        self.protocol = protocol;
        let [shallow, deep] = tested.depth_mm;
        let parts =
            tested.water_parts.map_or(String::new(), |parts| format!(" with {parts} parts of diluent"));
        let told = format!("{}{parts}, {shallow} to {deep} mm", tested.product);
        self.provenance = self.provenance.with_option("tested", Setting::Text(told));
        Ok(self)
    }

    /// The same while something is to be done about test dots: plans say so.
    #[must_use]
    pub fn with_waiting_test(self, waiting_test: Option<TestWaits>) -> Self {
        Self { waiting_test, ..self }
    }

    /// The same where skin holds so many dots per cm² already, by a record: plans set no more than the rest of what it may hold
    /// over a life, and say so.
    #[must_use]
    pub fn with_in_skin(mut self, per_cm2: f64) -> Self {
        if per_cm2 > 0.0 {
            self.protocol.in_skin_per_cm2 = per_cm2;
            self.provenance = self.provenance.with_option(IN_SKIN, Setting::Number(per_cm2));
        }
        self
    }

    /// What plans say of what a record tells: test dots, and what lies in the skin.
    pub(crate) fn record_caveats(&self) -> impl Iterator<Item = Caveat> {
        let of_tests = self.unknown_tested_caveat().into_iter().chain(self.waiting_test.map(waiting_caveat));
        of_tests.chain(in_skin_caveat(&self.protocol))
    }

    /// That test dots decided for a pigment that the protocol does not have.
    fn unknown_tested_caveat(&self) -> Option<Caveat> {
        let product = self.unknown_tested.as_ref()?;
        let message = format!(
            "test dots decided for “{product}”, which the protocol does not have by that name: pigment and dilution are those \
             that the protocol would choose, and the depth is as decided"
        );
        let remedy = "add the pigment to the protocol under that name, or use what was decided and not what is written here";
        Some(Caveat::new(Code::PlanTested, Weight::Doubt, message, remedy))
    }

    /// The same with areas to treat besides scars.
    ///
    /// # Errors
    /// A table that cannot be understood.
    pub fn with_drawn(mut self, request: &DrawnRequest) -> Result<Self, Error> {
        if let Some(table) = &request.thinning {
            self.drawn.thinning = Some(places::places_from_csv("thinning", table, places::DRAWN_MAX)?);
            self.provenance = self.provenance.with_input("thinning", table);
        }
        if let Some(table) = &request.hairline {
            let depth_mm = request.hairline_depth_mm;
            self.drawn.hairline = Some(Hairline {
                line: places::places_from_csv("hairline", table, places::DRAWN_MAX)?,
                depth_mm,
                hair_side: request.hairline_hair,
            });
            let depth = Setting::Number(depth_mm);
            self.provenance =
                self.provenance.with_input("hairline", table).with_option("hairline_depth_mm", depth);
        }
        if let Some(place) = request.hairline_hair {
            let place = Setting::Text(format!("{},{}", place.x_px, place.y_px));
            self.provenance = self.provenance.with_option("hairline_hair_px", place);
        }
        Ok(self)
    }

    /// The same after some sessions of an earlier plan.
    ///
    /// # Errors
    /// A plan or a table that cannot be understood.
    pub fn with_after(mut self, request: &AfterRequest) -> Result<Self, Error> {
        let AfterRequest { plan, healed, sessions_done } = request;
        self.after_made = Some(format::provenance_from_json(plan)?);
        self.after = Some(After {
            plan: format::plan_from_json(plan)?.value,
            sessions_done: *sessions_done,
            healed: places::places_from_csv("healed", healed, places::DOTS_MAX)?,
        });
        let done = Setting::Number(f64::from(*sessions_done));
        self.provenance = self.provenance.with_input("after", plan).with_input("healed", healed);
        self.provenance = self.provenance.with_option("sessions_done", done);
        Ok(self)
    }

    /// The same with what a practitioner wishes, from `wish.json`: what it draws takes the place of what was drawn.
    ///
    /// # Errors
    /// A file that cannot be understood, or a wish that cannot be granted.
    pub fn with_wish(mut self, wish_json: &[u8]) -> Result<Self, Error> {
        let wish = format::wish_from_json(wish_json)?;
        self.protocol = self.granted(&wish)?;
        self.drawn = wish.drawn;
        self.provenance = self.provenance.with_input("wish", wish_json);
        Ok(self)
    }

    /// The protocol that grants a wish.
    pub(crate) fn granted(&self, wish: &Wish) -> Result<Protocol, Error> {
        let refused = |Unfit { field, found, needed }| stipple_record::Error::Field {
            field: format!("{field} of the wish"),
            found,
            needed,
        };
        Ok(wish.applied_to(&self.protocol).map_err(refused)?)
    }

    /// Where a result comes from: its main input first, then the setting files, the seed.
    pub(crate) fn provenance(&self, role: &'static str, main_input: &[u8]) -> Provenance {
        let mut made = Provenance::of_this_program().with_input(role, main_input);
        made.seed = self.provenance.seed;
        made.inputs.extend(self.provenance.inputs.iter().cloned());
        made.options.extend(self.provenance.options.clone());
        made
    }
}

impl PhotoRequest {
    /// Whether a person drew where the scar is.
    pub(crate) fn draws_scar(&self) -> bool {
        let marks = self.scribbles.as_ref().and_then(|json| format::marks_from_json(json).ok());
        matches!(self.scar, ScarSaid::Mask(_)) || marks.is_some_and(|marks| marks.outline())
    }

    /// Where a result made from this photograph comes from.
    pub(crate) fn provenance(&self, settings: &Settings) -> Provenance {
        let mut made = settings.provenance("photo", &self.bytes);
        match &self.scar {
            ScarSaid::Nothing => {}
            ScarSaid::NoScar => made = made.with_option("no_scar", Setting::Flag(true)),
            ScarSaid::Mask(mask) | ScarSaid::Found(mask) => made = made.with_input("scar_mask", mask),
        }
        if let Some(scribbles) = &self.scribbles {
            made = made.with_input("scribbles", scribbles);
        }
        if let Some(pitch) = self.pixel_pitch_um {
            made = made.with_option("pixel_pitch_um", Setting::Number(pitch));
        }
        if let Some(place) = self.neutral {
            made = made.with_option("neutral_px", Setting::Text(format!("{},{}", place.x_px, place.y_px)));
        }
        if self.roots == RootFinder::Classical {
            made = made.with_option("roots", Setting::Text("classical".to_owned()));
        }
        made
    }
}

/// A lot or a name as it is compared: letters and digits alone, because bottles and people differ in capitals, blanks and
/// dashes, and some characters are not seen.
pub fn folded(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// A depth as a needle keeps it, mm: one number is 0.05 wide.
fn as_band([shallow, deep]: [f64; 2]) -> [f64; 2] {
    const WIDE_MM: f64 = 0.05;
    // What a protocol may say.
    const DEPTH_MM: RangeInclusive<f64> = 0.05..=3.0;
    let lacks = (WIDE_MM - (deep - shallow)).max(0.0);
    let top = (shallow - lacks / 2.0).clamp(*DEPTH_MM.start(), DEPTH_MM.end() - WIDE_MM);
    [top, deep.max(top + WIDE_MM)]
}

/// That skin holds dots already, if it does.
fn in_skin_caveat(protocol: &Protocol) -> Option<Caveat> {
    let (held, most, room) =
        (protocol.in_skin_per_cm2, protocol.lifetime_dots_per_cm2_max, protocol.room_per_cm2());
    let sets = match room {
        room if room > 0.0 => format!("the plan sets at most {room:.0} more"),
        _ => "the plan sets none".to_owned(),
    };
    let message = format!(
        "by the record the skin holds {held:.0} dots per cm² where they are densest, and {most:.0} are the most over a life: {sets}"
    );
    let remedy = "expect a lighter result than the hair around; where the dots in the record lie elsewhere, give their zone its own case";
    (held > 0.0).then(|| Caveat::new(Code::PlanInSkin, Weight::Doubt, message, remedy))
}

/// That test dots are not decided, or spoke against a treatment.
fn waiting_caveat(waits: TestWaits) -> Caveat {
    let (code, message, remedy) = match waits {
        TestWaits::Open => (
            Code::PlanTestOpen,
            "test dots come before a session, and are not decided yet: what they show may change pigment, dilution and depth",
            "set them, look at them once they are healed, write down what they showed, and plan again",
        ),
        TestWaits::Against => (
            Code::PlanTestAgainst,
            "test dots on this skin spoke against a treatment",
            "work by no plan before others were set that went well, or leave the scar as it is",
        ),
    };
    Caveat::new(code, Weight::Doubt, message, remedy)
}

#[cfg(test)]
mod tests {
    use super::as_band;

    #[test]
    fn one_depth_is_a_band_that_protocols_may_have() {
        let near =
            |found: [f64; 2], wanted: [f64; 2]| found.iter().zip(wanted).all(|(f, w)| (f - w).abs() < 1e-9);
        assert!(near(as_band([0.3, 0.3]), [0.275, 0.325]));
        assert!(near(as_band([0.2, 0.4]), [0.2, 0.4]));
        assert!(near(as_band([0.05, 0.05]), [0.05, 0.1]) && near(as_band([3.0, 3.0]), [2.95, 3.0]));
    }
}
