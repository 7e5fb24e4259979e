//! What every file begins with.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;

use crate::error::Error;
use crate::format::number::{at_most, each};
use crate::format::v1::word::Weight;
use crate::provenance::{self, Provenance};

/// What every file begins with.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Head {
    /// Kind and version: `stipple/<kind>/<version>`.
    pub format: String,
    /// Program and version that wrote the file.
    pub software: String,
    /// Seed of all chance in it; the same seed, options and inputs give the same file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Options that matter, by their word.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, Setting>,
    /// What went in.
    #[serde(default)]
    pub inputs: Vec<Input>,
    /// What the numbers cannot say about themselves; to be shown with every result.
    #[serde(default)]
    pub caveats: Vec<Caveat>,
}

/// One option as it was set.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Setting {
    /// Yes or no.
    Flag(bool),
    /// A number, in the unit that the option's word tells.
    Number(f64),
    /// A word or a sentence.
    Text(String),
}

/// Something that went in.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// Its role, such as `photo`; never a file name.
    pub name: String,
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// What a number cannot say about itself.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Caveat {
    /// Stable word, such as `scale.card_tilted`.
    pub code: String,
    /// How much it weighs.
    pub weight: Weight,
    /// What was found, in plain words.
    pub message: String,
    /// What a person can do about it.
    pub remedy: String,
}

impl Head {
    /// The head of a file of a format.
    pub(crate) fn new(format: &str, caveats: &[model::Caveat], provenance: &Provenance) -> Self {
        Self {
            format: format.into(),
            software: provenance.software.clone(),
            seed: provenance.seed,
            options: provenance.options.iter().map(|(word, s)| (word.clone(), s.into())).collect(),
            inputs: provenance.inputs.iter().map(Input::from).collect(),
            caveats: caveats.iter().map(Caveat::from).collect(),
        }
    }

    /// The caveats, checked.
    pub(crate) fn into_caveats(self) -> Result<Vec<model::Caveat>, Error> {
        each("caveats", at_most("caveats", self.caveats, 1000)?, Caveat::into_model)
    }

    /// What the file was made with.
    pub(crate) fn into_provenance(self) -> Result<Provenance, Error> {
        let options = self.options.into_iter().map(|(word, setting)| (word, setting.into())).collect();
        let inputs = each("inputs", at_most("inputs", self.inputs, 1000)?, Input::into_plain)?;
        Ok(Provenance { software: self.software, seed: self.seed, options, inputs })
    }
}

impl Caveat {
    fn into_model(self) -> Result<model::Caveat, Error> {
        let code = model::Code::from_name(&self.code)
            .ok_or_else(|| Error::field("code", &self.code, "a caveat's word that this version knows"))?;
        Ok(model::Caveat::new(code, self.weight.into(), self.message, self.remedy))
    }
}

impl From<&model::Caveat> for Caveat {
    fn from(caveat: &model::Caveat) -> Self {
        Self {
            code: caveat.code.name().into(),
            weight: caveat.weight.into(),
            message: caveat.message.clone(),
            remedy: caveat.remedy.clone(),
        }
    }
}

impl Input {
    fn into_plain(self) -> Result<provenance::Input, Error> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if self.sha256.len() != 64 || !self.sha256.bytes().all(is_digit) {
            return Err(Error::field("sha256", self.sha256, "64 lower-case hexadecimal digits"));
        }
        Ok(provenance::Input { name: self.name, sha256: self.sha256 })
    }
}

impl From<&provenance::Input> for Input {
    fn from(input: &provenance::Input) -> Self {
        Self { name: input.name.clone(), sha256: input.sha256.clone() }
    }
}

impl From<&provenance::Setting> for Setting {
    fn from(setting: &provenance::Setting) -> Self {
        match setting {
            provenance::Setting::Flag(flag) => Self::Flag(*flag),
            provenance::Setting::Number(number) => Self::Number(*number),
            provenance::Setting::Text(text) => Self::Text(text.clone()),
        }
    }
}

impl From<Setting> for provenance::Setting {
    fn from(setting: Setting) -> Self {
        match setting {
            Setting::Flag(flag) => Self::Flag(flag),
            Setting::Number(number) => Self::Number(number),
            Setting::Text(text) => Self::Text(text),
        }
    }
}
