//! JSON Schema of every file, generated from the structs that write it.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::format::v1::{
    Body, File, agreement, assessment, bundle, derivation, fading, outcome, plan, portfolio, reading,
    scribbles, truth, wish,
};

/// File name and text of every schema (JSON Schema 2020-12); units are in the descriptions.
///
/// The folder `schemas/` holds these texts; `cargo xtask schema` writes them again.
pub fn schemas() -> Vec<(&'static str, String)> {
    vec![
        ("agreement.schema.json", schema_of::<agreement::Agreement>()),
        ("assessment.schema.json", schema_of::<assessment::Assessment>()),
        ("bundle.schema.json", schema_of::<bundle::Bundle>()),
        ("derivation.schema.json", schema_of::<derivation::Derivation>()),
        ("fading.schema.json", schema_of::<fading::Fading>()),
        ("outcome.schema.json", schema_of::<outcome::Outcome>()),
        ("plan.schema.json", schema_of::<plan::Plan>()),
        ("portfolio.schema.json", schema_of::<portfolio::Portfolio>()),
        ("reading.schema.json", schema_of::<reading::Reading>()),
        ("scribbles.schema.json", schema_of_input::<scribbles::Scribbles>(scribbles::FORMAT, "scribbles")),
        (
            "signature.schema.json",
            schema_of_input::<bundle::Signature>(bundle::Signature::FORMAT, "signature"),
        ),
        ("truth.schema.json", schema_of::<truth::Truth>()),
        ("wish.schema.json", schema_of_input::<wish::Wish>(wish::FORMAT, "wish")),
    ]
}

fn schema_of<B: Body>() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    finished(settings.into_generator().into_root_schema_for::<File<B>>(), B::FORMAT, B::WHAT)
}

/// What is read and not written: what may be left out is not required.
fn schema_of_input<T: JsonSchema>(format: &str, what: &str) -> String {
    let settings = SchemaSettings::draft2020_12();
    finished(settings.into_generator().into_root_schema_for::<T>(), format, what)
}

fn finished(mut schema: schemars::Schema, format: &str, what: &str) -> String {
    schema.insert("title".into(), format.into());
    schema.insert("description".into(), format!("What `{what}.json` holds.").into());
    if let Some(mark) = schema.pointer_mut("/properties/format").and_then(Value::as_object_mut) {
        mark.insert("const".into(), format.into());
    }
    let mut value = schema.to_value();
    value.sort_all_objects();
    serde_json::to_string_pretty(&value).expect("a schema serializes") + "\n"
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::format::v1::example;

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).expect("valid JSON")
    }

    /// With `STIPPLE_ACCEPT` set (as `cargo xtask schema` does), writes them first.
    #[test]
    fn the_schemas_in_the_folder_are_these() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
        for (name, text) in schemas() {
            if std::env::var_os("STIPPLE_ACCEPT").is_some() {
                crate::store::write_file(&folder.join(name), text.as_bytes()).expect("schemas/ is writable");
            }
            let kept = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            assert_eq!(kept, text, "schemas/{name} is out of date: run `cargo xtask schema`");
        }
    }

    #[test]
    fn what_is_written_fits_its_schema_and_other_things_do_not() {
        for (name, text) in schemas() {
            let validator = jsonschema::validator_for(&parsed(&text)).expect("a right schema");
            for (kind, written) in example::files() {
                let trouble = validator.validate(&parsed(&written)).map_err(|trouble| trouble.to_string());
                assert_eq!(trouble.is_ok(), name.starts_with(kind), "{kind} against {name}: {trouble:?}");
            }
        }
    }
}
