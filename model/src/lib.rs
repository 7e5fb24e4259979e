//! The nouns of the work, and two contracts: [`Qualified`] and [`Watch`].
//!
//! # Place in the flow
//! Floor 2. Every step takes some of these nouns and gives another:
//! [`Photo`] → [`Reading`] → [`Assessment`], [`Plan`] → [`Simulation`], [`Overlay`]; two photographs → [`Outcome`].
//!
//! # What it can do
//! Nothing: it says what there is. Constructors protect invariants, no more.
//!
//! # Simplifications
//! One flat zone a photograph.
//!
//! # Out of scope
//! Files and JSON (`steps/record`), every computation (`science`, `steps`).
//!
//! # Invariants
//! No result travels without its [`Caveat`]s. Neither a [`Simulation`] nor an
//! [`Overlay`] is a [`Photo`] or can become one.
//! Nothing here serializes; no files, clock, network or entropy.
//!
//! # Modules in reading order
//! [`caveat`], [`watch`], [`photo`], [`card`], [`marks`], [`reading`], [`drawn`], [`protocol`], [`wish`], [`unfit`],
//! [`assessment`], [`plan`], [`after`], [`aftercare`], [`life`], [`consent`], [`check_in`], [`letter`], [`retention`], [`simulation`], [`overlay`], [`outcome`], [`fading`], [`agreement`], [`publication`], [`portfolio`], [`review`], [`advertising`],
//! [`truth`].

pub mod advertising;
pub mod after;
pub mod aftercare;
pub mod agreement;
pub mod assessment;
pub mod card;
pub mod caveat;
pub mod check_in;
pub mod consent;
pub mod drawn;
pub mod fading;
pub mod letter;
pub mod life;
pub mod marks;
pub mod outcome;
pub mod overlay;
pub mod photo;
pub mod plan;
pub mod portfolio;
pub mod protocol;
pub mod publication;
pub mod reading;
pub mod retention;
pub mod review;
pub mod simulation;
pub mod truth;
pub mod unfit;
pub mod watch;
pub mod wish;

pub use advertising::{AdvertisingRule, AdvertisingRules, Check, Confirmed, Country, HowRead, Need};
pub use after::After;
pub use aftercare::{
    Advice, Aftercare, AftercareStep, CareCalendar, CareEntry, Life, Treated, TreatedSkin, UNDETERMINED,
    WordedAdvice,
};
pub use agreement::Agreement;
pub use assessment::{
    ANSWERED_ON, Answer, Answers, Assessment, Condition, Expectation, ExpectedThen, MEASURED_ON,
    NEAREST_LOOK_M, Operator, Reason, Rule, Verdict, Wait, answered_on, is_day_of_answers, word_of_day,
};
pub use caveat::{Caveat, Code, Qualified, Weight};
pub use check_in::{
    AnswerKind, CheckInQuestion, CheckIns, RednessCourse, RednessOn, Urgency, UsualThen, WarningSign, Wording,
};
pub use consent::{Clause, ConsentForm, Consents, Purpose};
pub use drawn::{Drawn, HAIRLINE_DEPTH_MM, Hairline};
pub use fading::Fading;
pub use letter::{FeedWords, Letter, LetterText, Letters};
pub use life::{LIFE_QUESTIONS, PERSON_QUESTIONS, SunHabits, lives_of};
pub use marks::{Marks, Side, Stroke};
pub use outcome::{
    AcrossEdge, AlignmentFacts, BeforeAfter, Comparability, Comparable, Deposits, DotLook, DotToday, Drift,
    ExpectedLook, Healing, Laid, Outcome, ScarColors, SeenFrom, SessionKept, UnitsAround,
};
pub use overlay::Overlay;
pub use photo::{BitDepth, Photo};
pub use plan::{
    DRAWN_COLOR, Dot, HealedMatch, LaterMatch, Plan, PlannedPigment, Root, SESSION_COLORS, ScarTone, Session,
    SkinOptics, ToneDifference, Totals,
};
pub use portfolio::{
    CaseId, Credential, Denominator, HairClass, Later, Likeness, Measures, Month, Portfolio, PublishedCase,
    PublishedPicture, Unpublished,
};
pub use protocol::{HairlineSetting, Pigment, Protocol, SessionSetting, TestSetting, Waves};
pub use publication::{
    Area, Bundle, CHAIN_MAX, Derivation, Doubt, Language, LedgerHead, Listed, Recipe, Signature,
};
pub use reading::{
    Detection, Hair, PIXEL_PITCH_UM, PhotoFacts, PitchSource, Reading, ReadingMaps, Scar, ScarKind, Skin,
    WhiteSource, WidthAt, WidthRange,
};
pub use retention::{KeepRule, Keeps, Retention};
pub use review::{Insider, Removal, Removed, Review};
pub use simulation::{Course, DISTANCE_M, HAIR_GROWTH_MM, Light, Moment, Simulation, View};
pub use stipple_optics::fading::Sun;
pub use truth::{Truth, TruthHair, TruthScar};
pub use unfit::Unfit;
pub use watch::{Unwatched, Watch};
pub use wish::Wish;

/// A civil date; the model never asks what day it is.
pub use jiff::civil::Date;
