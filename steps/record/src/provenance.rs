//! What a result was made with.

use std::collections::BTreeMap;

/// The program as it signs its files.
pub const SOFTWARE: &str = concat!("stipple ", env!("CARGO_PKG_VERSION"));

/// What a result was made with: enough to make it again, byte for byte.
#[derive(Clone, Debug, PartialEq)]
pub struct Provenance {
    /// Program and version.
    pub software: String,
    /// The seed, where chance was at work.
    pub seed: Option<u64>,
    /// Options that matter, by their word.
    pub options: BTreeMap<String, Setting>,
    /// What went in.
    pub inputs: Vec<Input>,
}

impl Provenance {
    /// Made by this program, without chance, options or inputs.
    pub fn of_this_program() -> Self {
        Self { software: SOFTWARE.into(), seed: None, options: BTreeMap::new(), inputs: Vec::new() }
    }

    /// With a seed.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// With an option.
    pub fn with_option(mut self, word: &str, setting: Setting) -> Self {
        self.options.insert(word.into(), setting);
        self
    }

    /// With an input: its role (never a file name) and its bytes.
    pub fn with_input(mut self, role: &'static str, bytes: &[u8]) -> Self {
        self.inputs.push(Input { name: role.into(), sha256: crate::store::sha256_hex(bytes) });
        self
    }
}

/// One option as it was set.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// Yes or no.
    Flag(bool),
    /// A number, in the unit that the option's word tells.
    Number(f64),
    /// A word or a sentence.
    Text(String),
}

/// Something that went in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its role, such as "photo"; never a file name or a path.
    pub name: String,
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
}
