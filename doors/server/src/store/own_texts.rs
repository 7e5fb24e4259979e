//! Texts that a clinic makes its own: protocol, rules, consents, aftercare, check-ins, letters, how long records are kept.
//! Every version is kept, and bound to a row of the audit by its hash; the last stands, or the shipped one where there is none.

use std::collections::BTreeSet;

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, Select};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use stipple_model::{
    Aftercare, CheckIns, Consents, Letters, Protocol, Retention, Rule, Urgency, WarningSign,
};
use stipple_pipeline::RuleDoubts;
use stipple_record::settings;
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::{self, Deed};
use super::entity::own_text;
use super::texts::stamp;
use super::{Store, Who, now};
use crate::error::Error;

/// The word and version of a text's hash.
const FORMAT: &str = "stipple/own-text/1";

/// Which text.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OwnText {
    /// What plans and sessions follow.
    Protocol,
    /// What decides about suitability.
    Rules,
    /// What clients sign.
    Consents,
    /// What to do after a session.
    Aftercare,
    /// What is asked while the skin heals.
    CheckIns,
    /// What clients are written.
    Letters,
    /// How long records are kept, by country.
    Retention,
}

/// A text in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnTextLine {
    name: OwnText,
    /// Counts the clinic's versions; 0 is the shipped one.
    version: i64,
    /// Whether the clinic's own stands, not the shipped one.
    own: bool,
    /// When it was changed, RFC 3339, UTC.
    #[schema(required)]
    changed_at: Option<String>,
    #[schema(required)]
    changed_by: Option<String>,
}

/// A text as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShownText {
    #[serde(flatten)]
    line: OwnTextLine,
    /// What stands, TOML.
    toml: String,
    /// What is shipped, TOML.
    shipped: String,
    /// What is doubtful of what stands.
    doubts: TextDoubts,
}

/// What is doubtful of rules or check-ins that stand; nothing of other texts.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct TextDoubts {
    /// Facts that rules read and that are neither measured nor asked: such a rule never speaks.
    unknown_facts: BTreeSet<String>,
    /// Rules that hold a fact against what it can never be, such as yes or no against a number: they never speak.
    mistyped_rules: BTreeSet<String>,
    /// Questions that the shipped rules weigh against a treatment, and that no rule reads any more.
    unread_questions: BTreeSet<String>,
    /// Warning signs of check-ins that want a doctor in the shipped text, and less, or nothing, in this one.
    milder_signs: BTreeSet<String>,
}

/// A version of a text that stands, or stood.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnTextVersion {
    /// Counts the clinic's versions, from 1.
    version: i64,
    /// When it was written, RFC 3339, UTC.
    changed_at: String,
    #[schema(required)]
    changed_by: Option<String>,
    /// TOML; null where the shipped one stood again.
    #[schema(required)]
    toml: Option<String>,
}

/// A new version of a text.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewText {
    /// The version that was read.
    version: i64,
    /// TOML; null lets the shipped one stand again.
    #[schema(required)]
    toml: Option<String>,
}

/// Signs that want a doctor in the shipped check-ins, and less in those of a clinic.
fn milder_signs(toml: &str, shipped: &str) -> BTreeSet<String> {
    let signs = |toml| settings::check_ins_from_toml(toml).map_or(Vec::new(), |check_ins| check_ins.signs);
    let (own, strict) = (signs(toml), signs(shipped));
    let strict = strict.into_iter().filter(|sign| sign.urgency < Urgency::Practitioner);
    let is_milder = |sign: &WarningSign| {
        // As soon, as early, and at no more than speaks in the shipped text.
        let keeps = |other: &WarningSign| {
            (&other.id, &other.question, &other.is) == (&sign.id, &sign.question, &sign.is)
                && other.urgency <= sign.urgency
                && other.from_day <= sign.from_day
                && other.rises <= sign.rises
                && other.at_least.unwrap_or(0.0) <= sign.at_least.unwrap_or(0.0)
        };
        !own.iter().any(keeps)
    };
    strict.filter(is_milder).map(|sign| sign.id).collect()
}

impl OwnText {
    const ALL: [Self; 7] = [
        Self::Protocol,
        Self::Rules,
        Self::Consents,
        Self::Aftercare,
        Self::CheckIns,
        Self::Letters,
        Self::Retention,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Protocol => "protocol",
            Self::Rules => "rules",
            Self::Consents => "consents",
            Self::Aftercare => "aftercare",
            Self::CheckIns => "check_ins",
            Self::Letters => "letters",
            Self::Retention => "retention",
        }
    }

    /// The text of a word in an address.
    pub(crate) fn of_word(word: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|text| text.word() == word).ok_or(Error::Missing("text"))
    }

    fn shipped(self) -> &'static str {
        match self {
            Self::Protocol => settings::DEFAULT_PROTOCOL_TOML,
            Self::Rules => settings::RULES_TOML,
            Self::Consents => settings::CONSENTS_TOML,
            Self::Aftercare => settings::AFTERCARE_TOML,
            Self::CheckIns => settings::CHECK_INS_TOML,
            Self::Letters => settings::LETTERS_TOML,
            Self::Retention => settings::RETENTION_TOML,
        }
    }

    /// What is doubtful of a text that can be worked by.
    fn doubts(self, toml: &str) -> TextDoubts {
        match self {
            Self::Rules => {
                let RuleDoubts { unknown, mistyped, unread } =
                    stipple_pipeline::doubts_of_rules(toml).unwrap_or_default();
                let milder_signs = BTreeSet::new();
                TextDoubts {
                    unknown_facts: unknown,
                    mistyped_rules: mistyped,
                    unread_questions: unread,
                    milder_signs,
                }
            }
            Self::CheckIns => {
                TextDoubts { milder_signs: milder_signs(toml, self.shipped()), ..TextDoubts::default() }
            }
            _ => TextDoubts::default(),
        }
    }

    /// Refuses what cannot be worked by.
    fn check(self, toml: &str) -> Result<(), Error> {
        let checked = match self {
            Self::Protocol => settings::protocol_from_toml(toml).map(drop),
            Self::Rules => settings::rules_from_toml(toml).map(drop),
            Self::Consents => settings::consents_from_toml(toml).map(drop),
            Self::Aftercare => settings::aftercare_from_toml(toml).map(drop),
            Self::CheckIns => settings::check_ins_from_toml(toml).map(drop),
            Self::Letters => settings::letters_from_toml(toml).map(drop),
            Self::Retention => settings::retention_from_toml(toml).map(drop),
        };
        checked.map_err(|error| {
            let said = error.to_string();
            let mut letters = said.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            Error::unusable("bad_own_text", format!("{first}{}.", letters.as_str()))
        })
    }
}

impl Store {
    /// Every text that a clinic can make its own.
    pub(crate) async fn own_texts(&self, who: &Who) -> Result<Vec<OwnTextLine>, Error> {
        let mut lines = Vec::new();
        for text in OwnText::ALL {
            let last = self.last_text(who.clinic, text).await?;
            lines.push(self.line_of_text(who, text, last.as_ref()).await?);
        }
        Ok(lines)
    }

    /// A text as it stands, beside the shipped one.
    pub(crate) async fn own_text(&self, who: &Who, text: OwnText) -> Result<ShownText, Error> {
        let last = self.last_text(who.clinic, text).await?;
        let line = self.line_of_text(who, text, last.as_ref()).await?;
        let toml = last.and_then(|row| row.toml).unwrap_or_else(|| text.shipped().to_owned());
        Ok(ShownText { line, doubts: text.doubts(&toml), toml, shipped: text.shipped().to_owned() })
    }

    /// Every version of a text that the clinic wrote, the last first.
    pub(crate) async fn own_text_versions(
        &self,
        who: &Who,
        text: OwnText,
    ) -> Result<Vec<OwnTextVersion>, Error> {
        let names = self.names(who).await?;
        let version = |row: own_text::Model| OwnTextVersion {
            version: row.version,
            changed_at: stamp(row.created_at),
            changed_by: names.get(&row.account).cloned(),
            toml: row.toml,
        };
        let rows = versions_of(who.clinic, text).all(&self.db).await?;
        Ok(rows.into_iter().map(version).collect())
    }

    /// Lets a new version stand, if it can be worked by and nobody was faster.
    pub(crate) async fn change_own_text(
        &self,
        who: &Who,
        text: OwnText,
        new: NewText,
    ) -> Result<ShownText, Error> {
        let toml = new.toml.as_deref().unwrap_or(text.shipped());
        text.check(toml)?;
        let _deciding = self.deciding.lock().await;
        let last = self.last_text(who.clinic, text).await?;
        let (version, stands) = last.map_or((0, None), |row| (row.version, row.toml));
        if version != new.version {
            let message = "Somebody changed this text since it was opened. Open it again, and put your changes into it.";
            return Err(Error::unusable("other_text_version", message));
        }
        // The shipped text was signed under its own number alone.
        if text == OwnText::Consents && new.toml.is_some() {
            require_later(stands.as_deref().unwrap_or(text.shipped()), toml)?;
        }
        let row = own_text::Model {
            id: Uuid::now_v7(),
            clinic: who.clinic,
            name: text.word().to_owned(),
            version: version + 1,
            account: who.account,
            toml: new.toml,
            created_at: now(),
        };
        let (id, digest) = (row.id, digest_of(&row));
        let writing = self.begin().await?;
        let row = own_text::ActiveModel::from(row);
        own_text::Entity::insert(sea_orm::ActiveModelTrait::reset_all(row))
            .exec_without_returning(&writing)
            .await?;
        let deed = Deed::new("text.changed").about(id).bound(&digest);
        audit::append(&writing, who.clinic, Some(who.account), deed).await?;
        writing.commit().await?;
        self.own_text(who, text).await
    }

    /// What stands of a text, if it is the clinic's own.
    pub(crate) async fn toml_of(&self, clinic: Uuid, text: OwnText) -> Result<Option<String>, Error> {
        Ok(self.last_text(clinic, text).await?.and_then(|row| row.toml))
    }

    /// The protocol of a clinic.
    pub(super) async fn protocol_of(&self, clinic: Uuid) -> Result<Protocol, Error> {
        let toml = self.standing_text(clinic, OwnText::Protocol).await?;
        settings::protocol_from_toml(&toml).map_err(|_| DAMAGED)
    }

    /// The consents of a clinic.
    pub(super) async fn consents_of(&self, clinic: Uuid) -> Result<Consents, Error> {
        let toml = self.standing_text(clinic, OwnText::Consents).await?;
        settings::consents_from_toml(&toml).map_err(|_| DAMAGED)
    }

    /// The rules of a clinic.
    pub(super) async fn rules_of(&self, clinic: Uuid) -> Result<Vec<Rule>, Error> {
        let toml = self.standing_text(clinic, OwnText::Rules).await?;
        settings::rules_from_toml(&toml).map_err(|_| DAMAGED)
    }

    /// The check-ins of a clinic.
    pub(super) async fn check_ins_of(&self, clinic: Uuid) -> Result<CheckIns, Error> {
        let toml = self.standing_text(clinic, OwnText::CheckIns).await?;
        settings::check_ins_from_toml(&toml).map_err(|_| DAMAGED)
    }

    /// What to do after a session, as a clinic has it.
    pub(super) async fn aftercare_of(&self, clinic: Uuid) -> Result<Aftercare, Error> {
        let toml = self.standing_text(clinic, OwnText::Aftercare).await?;
        settings::aftercare_from_toml(&toml).map_err(|_| DAMAGED)
    }

    /// The letters of a clinic.
    pub(crate) async fn letters_of(&self, clinic: Uuid) -> Result<Letters, Error> {
        let toml = self.standing_text(clinic, OwnText::Letters).await?;
        settings::letters_from_toml(&toml).map_err(|_| DAMAGED)
    }

    /// How long a clinic keeps records, by country.
    pub(super) async fn retention_of(&self, clinic: Uuid) -> Result<Retention, Error> {
        let toml = self.standing_text(clinic, OwnText::Retention).await?;
        settings::retention_from_toml(&toml).map_err(|_| DAMAGED)
    }

    async fn standing_text(&self, clinic: Uuid, text: OwnText) -> Result<String, Error> {
        Ok(self.toml_of(clinic, text).await?.unwrap_or_else(|| text.shipped().to_owned()))
    }

    async fn last_text(&self, clinic: Uuid, text: OwnText) -> Result<Option<own_text::Model>, Error> {
        Ok(versions_of(clinic, text).one(&self.db).await?)
    }

    async fn line_of_text(
        &self,
        who: &Who,
        name: OwnText,
        last: Option<&own_text::Model>,
    ) -> Result<OwnTextLine, Error> {
        let names = self.names(who).await?;
        Ok(OwnTextLine {
            name,
            version: last.map_or(0, |row| row.version),
            own: last.is_some_and(|row| row.toml.is_some()),
            changed_at: last.map(|row| stamp(row.created_at)),
            changed_by: last.and_then(|row| names.get(&row.account).cloned()),
        })
    }
}

/// What stands was checked when it was written.
const DAMAGED: Error = Error::Damaged { kind: "text" };

/// The versions of a text, the last first.
fn versions_of(clinic: Uuid, text: OwnText) -> Select<own_text::Entity> {
    let of = own_text::Column::Clinic.eq(clinic).and(own_text::Column::Name.eq(text.word()));
    own_text::Entity::find().filter(of).order_by_desc(own_text::Column::Version)
}

/// SHA-256 of all that is kept of a version, hexadecimal.
pub(super) fn digest_of(row: &own_text::Model) -> String {
    // Every column, by name: a new one that is not hashed does not compile.
    let own_text::Model { id, clinic, name, version, account, toml, created_at } = row;
    let told = serde_json::to_vec(&(FORMAT, id, clinic, name, version, account, toml, created_at));
    data_encoding::HEXLOWER.encode(&Sha256::digest(told.expect("plain data becomes JSON")))
}

/// Because a signature names the version that was read, one number must not stand for two texts.
fn require_later(stands: &str, toml: &str) -> Result<(), Error> {
    let version = |toml: &str| settings::consents_from_toml(toml).map(|consents| consents.version);
    let (Ok(before), Ok(after)) = (version(stands), version(toml)) else { return Err(DAMAGED) };
    if after > before || toml == stands {
        return Ok(());
    }
    let message = format!(
        "The version in the text is {after}; what stands has {before}. Raise it: every signature names the version that was read."
    );
    Err(Error::unusable("old_text_version", message))
}
