//! Results and their doubts.

/// How much a caveat weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Good to know.
    Note,
    /// The number beside it may be wrong by more than its uncertainty says.
    Doubt,
    /// What it touches must not be relied on.
    Blocks,
}

impl Weight {
    /// All weights, lightest first.
    pub const ALL: [Self; 3] = [Self::Note, Self::Doubt, Self::Blocks];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Doubt => "doubt",
            Self::Blocks => "blocks",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal,)+) => {
        /// What a caveat is about: a closed list of stable words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $($(#[$doc])+ $variant,)+ }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable word used in files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

codes! {
    /// The file carried no color profile; sRGB was assumed.
    ColorProfileAssumed = "color.profile_assumed",
    /// The file's profile was converted to a wide space.
    ColorProfileConverted = "color.profile_converted",
    /// Some colors lay outside even the wide space and were clipped.
    ColorClipped = "color.clipped",
    /// The file was made for print (CMYK) and converted.
    ColorCmyk = "color.cmyk",
    /// The file holds several pictures; the first was taken.
    PhotoSeveralFrames = "photo.several_frames",
    /// The file ended early or was damaged, but the picture is usable.
    PhotoDamaged = "photo.damaged",
    /// The picture can be opened, but nothing can be measured on it.
    PhotoUnreadable = "photo.unreadable",
    /// Large parts are too dark or too bright to read.
    PhotoExposure = "photo.exposure",
    /// The picture is blurred for its pixel pitch.
    PhotoBlurred = "photo.blurred",
    /// The camera's noise is nearly as strong as hair.
    PhotoNoise = "photo.noise",
    /// The picture was compressed so strongly that its squares show.
    PhotoCompressed = "photo.compressed",
    /// Shine covers part of the skin.
    PhotoShine = "photo.shine",
    /// Fewer pixels per millimetre than single follicles need.
    PhotoTooCoarse = "photo.too_coarse",
    /// Only part of the picture is skin.
    PhotoPartlySkin = "photo.partly_skin",
    /// The pixel pitch was estimated from hair spacing.
    ScaleEstimated = "scale.estimated",
    /// The pixel pitch was entered by hand.
    ScaleEntered = "scale.entered",
    /// The card was tilted; the tilt was undone.
    ScaleCardTilted = "scale.card_tilted",
    /// Only part of the card was found.
    ScaleCardPartial = "scale.card_partial",
    /// The card was bent; its scale holds at its middle.
    ScaleCardBent = "scale.card_bent",
    /// The card was seen but could not be used.
    ScaleCardRefused = "scale.card_refused",
    /// The scale comes from a ruler in the picture.
    ScaleRuler = "scale.ruler",
    /// A curved head was measured as if it were flat.
    ScaleCurvature = "scale.curvature",
    /// No neutral was found: colors are as the camera gave them.
    LightNoNeutral = "light.no_neutral",
    /// Colors were set by a color checker in the picture.
    LightChecker = "light.checker",
    /// A color checker was seen but could not be used.
    LightCheckerRefused = "light.checker_refused",
    /// Light varies strongly over the zone.
    LightUneven = "light.uneven",
    /// Skin tone could not be measured reliably.
    SkinToneUnsure = "skin.tone_unsure",
    /// Other mixtures of what colors skin look the same.
    SkinChromophoresUnsure = "skin.chromophores_unsure",
    /// Melanin or blood could not be measured.
    SkinChromophoresUnmeasured = "skin.chromophores_unmeasured",
    /// Few or no follicles were found.
    HairFew = "hair.few",
    /// Hair too long, light or clumped to count.
    HairUncertain = "hair.uncertain",
    /// Hair color could not be measured.
    HairColorUnmeasured = "hair.color_unmeasured",
    /// The follicle count is a texture estimate, not a count.
    HairDensityOnly = "hair.density_only",
    /// The scar's outline is a proposal to be confirmed.
    ScarProposed = "scar.proposed",
    /// The scar's outline was given by a person.
    ScarEntered = "scar.entered",
    /// No scar was found.
    ScarNone = "scar.none",
    /// What was marked as a scar lies mostly on no skin.
    ScarBeyondSkin = "scar.beyond_skin",
    /// A measure of the scar could not be taken.
    ScarUnmeasured = "scar.unmeasured",
    /// A red scar may show more under pigment.
    ScarRed = "scar.red",
    /// Questions were not answered: rules that need them were not checked.
    AssessUnanswered = "assess.unanswered",
    /// Why the distance from which the scar will be seen is not told.
    AssessDistance = "assess.distance",
    /// The expectation rests on a first model, not yet on measured outcomes.
    AssessExpectation = "assess.expectation",
    /// There was nothing to plan.
    PlanNothing = "plan.nothing",
    /// More or fewer dots are wanted than follicles are missing.
    PlanDensityOff = "plan.density_off",
    /// Beside what was drawn hair is missing too.
    PlanDrawnShort = "plan.drawn_short",
    /// Dots stand so near to one another that they run together.
    PlanDotsTouch = "plan.dots_touch",
    /// The density wanted is not reachable within the protocol's limits.
    PlanDensityCapped = "plan.density_capped",
    /// The pigment matches poorly.
    PlanPigmentPoor = "plan.pigment_poor",
    /// Test dots decided for a pigment that the protocol does not have.
    PlanTested = "plan.tested",
    /// Dots that lie in the skin by the record leave less room under the most of a life.
    PlanInSkin = "plan.in_skin",
    /// Test dots are not decided yet.
    PlanTestOpen = "plan.test_open",
    /// Test dots spoke against a treatment.
    PlanTestAgainst = "plan.test_against",
    /// The healed dots will hardly show, or will hardly change how the scar looks.
    PlanHardlyShows = "plan.hardly_shows",
    /// Dots and hair match less well in some lights.
    PlanChangesWithLight = "plan.changes_with_light",
    /// The tone of the surroundings is out of the dots' reach.
    PlanToneShort = "plan.tone_short",
    /// The needle is set below the layer where dots show.
    PlanTooDeep = "plan.too_deep",
    /// The healed dots may be darker than the hair.
    PlanTooDark = "plan.too_dark",
    /// The healed dots may look blue.
    PlanMayLookBlue = "plan.may_look_blue",
    /// The surroundings were too sparse to take a density from; a population value was used.
    PlanDensityAssumed = "plan.density_assumed",
    /// What of an earlier plan healed, and what is made again.
    PlanAfter = "plan.after",
    /// What dots between thinning hair can and cannot do.
    PlanThinning = "plan.thinning",
    /// What a drawn hairline rests on.
    PlanHairline = "plan.hairline",
    /// Much of what was drawn is scar, and treated as such.
    PlanDrawnOnScar = "plan.drawn_on_scar",
    /// Feathering was cut short by the picture's edge or by bald skin.
    PlanFeatherCut = "plan.feather_cut",
    /// The light, or the skin, is another than before.
    OutcomeLight = "outcome.light",
    /// Tones run more steeply in one photograph than in the other.
    OutcomeTone = "outcome.tone",
    /// Whether tones run alike cannot be told.
    OutcomeToneUnknown = "outcome.tone_unknown",
    /// The photographs are not as sharp as each other.
    OutcomeSharpness = "outcome.sharpness",
    /// The photographs were taken from another distance or angle.
    OutcomePose = "outcome.pose",
    /// The sizes of a pixel that were read or given do not fit each other.
    OutcomeScale = "outcome.scale",
    /// Hair is longer or shorter than before.
    OutcomeHairLength = "outcome.hair_length",
    /// The treatment is not healed, or nobody said when it was.
    OutcomeDays = "outcome.days",
    /// Part of the scar lies where the alignment is not sure.
    OutcomeAlignment = "outcome.alignment",
    /// Some places of the map lie where the alignment is not sure.
    OutcomeMap = "outcome.map",
    /// The scar is seen from farther than was looked from.
    OutcomeBeyond = "outcome.beyond",
    /// The two files hold one and the same exposure.
    OutcomeSameExposure = "outcome.same_exposure",
    /// The scar was smoothed in one of the photographs.
    OutcomeRetouched = "outcome.retouched",
    /// What became of the dots could not be told, or only roughly.
    OutcomeDeposits = "outcome.deposits",
    /// The marks are not those of the plan.
    OutcomePlan = "outcome.plan",
    /// What a course of fading rests on.
    OutcomeFading = "outcome.fading",
    /// Sun is weighed in a forecast.
    OutcomeSun = "outcome.sun",
    /// So few pictures or raters that the range is wide.
    RatingsFew = "ratings.few",
    /// Pictures that not every rater rated.
    RatingsLeftOut = "ratings.left_out",
    /// Two raters differ more the higher they rate.
    RatingsSlope = "ratings.slope",
    /// The preview is one likely course of many.
    PreviewOneOfMany = "preview.one_of_many",
    /// The photograph and the plan do not fit exactly.
    PreviewPhotoDiffers = "preview.photo_differs",
}

impl Code {
    /// The code of a word, if it is one of ours.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

/// What a number cannot say about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caveat {
    /// What it is about.
    pub code: Code,
    /// How much it weighs.
    pub weight: Weight,
    /// What was found, in plain words.
    pub message: String,
    /// What a person can do about it.
    pub remedy: String,
}

impl Caveat {
    /// A caveat; message and remedy become sentences with a capital and a full stop.
    pub fn new(code: Code, weight: Weight, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { code, weight, message: sentence(message.into()), remedy: sentence(remedy.into()) }
    }
}

fn sentence(text: String) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return text };
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{stop}", first.to_uppercase(), letters.as_str())
}

/// A value together with its doubts.
#[derive(Clone, Debug, PartialEq)]
pub struct Qualified<T> {
    /// The value.
    pub value: T,
    /// Its doubts, in the order they arose, no two with the same code and message.
    pub caveats: Vec<Caveat>,
}

impl<T> Qualified<T> {
    /// A value; of caveats with the same code and message the first is kept.
    pub fn new(value: T, caveats: Vec<Caveat>) -> Self {
        let mut kept: Vec<Caveat> = Vec::new();
        for caveat in caveats {
            if !kept.iter().any(|k| k.code == caveat.code && k.message == caveat.message) {
                kept.push(caveat);
            }
        }
        Self { value, caveats: kept }
    }

    /// The same doubts about something made from the value.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Qualified<U> {
        Qualified { value: make(self.value), caveats: self.caveats }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caveats_are_sentences() {
        let caveat = Caveat::new(Code::HairFew, Weight::Doubt, "3 hairs were found", "photograph again.");
        assert_eq!(caveat.message, "3 hairs were found.");
        assert_eq!(caveat.remedy, "Photograph again.");
        assert_eq!(sentence(String::new()), "");
    }

    #[test]
    fn words_of_codes_are_unique_and_found_again() {
        for code in Code::ALL {
            assert_eq!(Code::from_name(code.name()), Some(*code));
        }
    }
}
