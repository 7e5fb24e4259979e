//! The only place where steps meet; it reads aloud as the flow.
//!
//! # Place in the flow
//! Floor 4: bytes of a photograph and settings in, bytes of every result out.
//!
//! # What it can do
//! - [`consult`]: photograph → reading → plan and assessment → previews → report.
//! - [`Live`]: sliders: a wish → its picture and its dots, at once.
//! - [`head`]: mesh of a head → dots on its surface.
//! - [`outcome`]: photographs before and after → what the treatment did.
//! - [`publish`]: a recipe, and who signs → the pair that strangers see, signed; [`verify_picture`], [`verify_bundle`]: what a
//!   signature proves; [`replay_picture`]: the pair made again from its originals.
//! - [`look`]: photograph → the same for screens; [`consult_reading`]: the rest of the way from a reading.
//! - [`read`], [`assess`], [`plan`], [`preview`], [`synth`]: the same steps one at a time, from file to file.
//!
//! # Simplifications
//! Everything is held in memory; one photograph a consultation, two an outcome.
//!
//! # Out of scope
//! Terminals and HTTP (doors), disk (`record`, called by the doors).
//!
//! # Invariants
//! Same bytes, settings and seed in: same bytes out, with any number of threads.
//! Doubts flow on: a plan inherits its reading's caveats.
//!
//! # Modules in reading order
//! [`mod@consult`], `closeup`, `foresight`, [`single`], [`live`], [`mod@head`], [`mod@outcome`], [`mod@publish`], [`verify`], [`replay`], [`rules`], [`mod@agreement`], [`mod@aftercare`],
//! [`settings`], [`error`].

pub mod aftercare;
pub mod agreement;
mod closeup;
pub mod consult;
pub mod error;
pub mod fading;
mod foresight;
pub mod head;
pub mod live;
pub mod outcome;
pub mod publish;
pub mod replay;
pub mod rules;
pub mod settings;
pub mod single;
pub mod site;
pub mod verify;

pub use aftercare::{AftercareFiles, AftercareRequest, aftercare};
pub use agreement::{AgreementFiles, agreement};
pub use consult::{Consultation, consult, consult_reading, consultation_names};
pub use error::Error;
pub use fading::{FadingFiles, FadingRequest, fading};
pub use head::{HeadFiles, HeadRequest, head};
pub use live::{Frame, Live, LiveDot, LiveView, Mixture, Summary};
pub use outcome::{OutcomeFiles, OutcomeRequest, Pages, outcome};
pub use publish::{
    Publishable, Published, Standing, glance, originals, publish, publish_simulation, publishable,
};
pub use replay::replay_picture;
pub use rules::{RuleDoubts, doubts_of_rules};
pub use settings::{
    AfterRequest, DrawnRequest, IN_SKIN, PhotoRequest, ScarSaid, Settings, TestWaits, TestedRequest, folded,
};
pub use single::{
    LookFiles, PlanFiles, ReadFiles, SynthFiles, assess, card, judge, look, plan, preview, read,
    require_photograph, synth, template,
};
pub use site::portfolio_files;
pub use stipple_points::surface::RADIUS_MM as HEAD_RADIUS_MM;
pub use stipple_preview::Part;
pub use stipple_read::RootFinder;
pub use stipple_record::mesh::LengthUnit;
pub use verify::{Verified, certificates_from_pem, verify_bundle, verify_picture};

/// Who signs what is published, and what has to be known of it.
pub mod publishing {
    pub use stipple_publish::{
        Authority, CertificateFault, ConsentState, CountryState, Error, KeptElsewhere, Refusal, SessionsSaid,
        Signer, Valid, certificate_to_pem, fingerprint, is_jpeg, seal,
    };
}

/// What a synthetic scalp may be.
pub mod synthetic {
    pub use stipple_synth::{Change, HairColor, Nuisance, ScarShape, ScarTint, SynthOptions};
}
