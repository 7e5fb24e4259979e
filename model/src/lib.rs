//! The nouns of the work, and two contracts: [`Qualified`] and [`Watch`].
//!
//! # Place in the flow
//! Floor 2. Every step takes some of these nouns and gives another:
//! [`Photo`] → [`Reading`] → [`Assessment`], [`Plan`] → [`Simulation`].
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
//! No result travels without its [`Caveat`]s. A [`Simulation`] is not a [`Photo`] and cannot become one.
//! Nothing here serializes; no files, clock, network or entropy.
//!
//! # Modules in reading order
//! [`caveat`], [`watch`], [`photo`], [`card`], [`marks`], [`reading`], [`protocol`], [`assessment`], [`plan`],
//! [`simulation`], [`truth`].

pub mod assessment;
pub mod card;
pub mod caveat;
pub mod marks;
pub mod photo;
pub mod plan;
pub mod protocol;
pub mod reading;
pub mod simulation;
pub mod truth;
pub mod watch;

pub use assessment::{
    Answer, Answers, Assessment, Condition, Expectation, Operator, Reason, Rule, Verdict, Wait,
};
pub use caveat::{Caveat, Code, Qualified, Weight};
pub use marks::{Marks, Side, Stroke};
pub use photo::{BitDepth, Photo};
pub use plan::{Dot, HealedMatch, LaterMatch, Plan, PlannedPigment, Root, Session, SkinOptics, Totals};
pub use protocol::{Pigment, Protocol, SessionSetting};
pub use reading::{
    Detection, Hair, PIXEL_PITCH_UM, PhotoFacts, PitchSource, Reading, ReadingMaps, Scar, ScarKind, Skin,
    WhiteSource, WidthAt, WidthRange,
};
pub use simulation::{Course, DISTANCE_M, HAIR_GROWTH_MM, Light, Moment, Simulation, View};
pub use truth::{Truth, TruthHair, TruthScar};
pub use watch::{Unwatched, Watch};

/// A civil date; the model never asks what day it is.
pub use jiff::civil::Date;
