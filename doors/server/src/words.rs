//! Words that the interface limits fields to, for its document alone: taken from the model, so that no list is kept twice.

use std::borrow::Cow;

use stipple_model as model;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! words {
    ($($(#[doc = $doc:literal])+ $name:ident: $words:expr;)+) => {$(
        $(#[doc = $doc])+
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let doc = concat!($($doc),+).trim();
                let words = ObjectBuilder::new().schema_type(Type::String).enum_values(Some($words));
                words.description(Some(doc)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+};
}

words! {
    /// When a plan is looked at: before it is done, or after.
    Moment: std::iter::once("before").chain(model::Moment::ALL.map(model::Moment::name));
    /// The light it is looked at under.
    Light: model::Light::ALL.map(model::Light::name);
    /// How much is left.
    Course: model::Course::ALL.map(model::Course::name);
    /// How much a caveat weighs.
    Weight: model::Weight::ALL.map(model::Weight::name);
}

/// Answers by question: yes or no, a number, or a word.
pub(crate) fn answers() -> ObjectBuilder {
    by_question(&[Type::Boolean, Type::Number, Type::String])
        .description(Some("What the client answered, by question (`stipple template answers` lists them)."))
}

/// Answers to add, and null for those to take back.
pub(crate) fn new_answers() -> ObjectBuilder {
    by_question(&[Type::Boolean, Type::Number, Type::String, Type::Null])
        .description(Some("New answers, by question; null takes one back."))
}

fn by_question(answer: &[Type]) -> ObjectBuilder {
    let answer = SchemaType::from_iter(answer.iter().cloned());
    ObjectBuilder::new().additional_properties(Some(ObjectBuilder::new().schema_type(answer)))
}
