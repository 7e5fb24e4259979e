//! The rows. Times are milliseconds since 1970 UTC; `sealed` holds JSON under the client's key.

/// A clinic; accounts and clients of another are not seen.
pub(crate) mod clinic {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "clinic")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        #[serde(with = "super::super::base64")]
        pub recovery_salt: Vec<u8>,
        #[serde(with = "super::super::base64")]
        pub recovery_wrapped: Vec<u8>,
        /// Where it is, as in ISO 3166; none until somebody says it.
        #[serde(default)]
        pub country: Option<String>,
        /// Whether a doctor treats.
        #[serde(default)]
        pub medical: bool,
        /// Where it wants to hear by e-mail of a client's warning sign, and in which language; none where it does not.
        #[serde(default)]
        pub alarm_to: Option<String>,
        #[serde(default)]
        pub alarm_language: Option<String>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Somebody who signs in.
pub(crate) mod account {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub clinic: Uuid,
        #[sea_orm(unique)]
        pub login: String,
        pub name: String,
        pub role: String,
        pub active: bool,
        /// Of the key behind the password.
        #[serde(with = "super::super::base64")]
        pub salt: Vec<u8>,
        /// The clinic's key, wrapped by the password's.
        #[serde(with = "super::super::base64")]
        pub key_wrapped: Vec<u8>,
        /// Secret of the second factor under the clinic's key.
        #[serde(with = "super::super::base64::option")]
        pub totp_sealed: Option<Vec<u8>>,
        /// Whether it was confirmed by a first code.
        pub totp_on: bool,
        /// Last step whose code was used, so that none is used twice.
        pub totp_step: i64,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A browser in which somebody is signed in.
pub(crate) mod sign_in {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "sign_in")]
    pub struct Model {
        /// SHA-256 of the cookie, hexadecimal.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub account: Uuid,
        pub created_at: i64,
        pub used_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A client; without a key once erased.
pub(crate) mod client {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "client")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub clinic: Uuid,
        pub version: i64,
        #[serde(with = "super::super::base64")]
        pub key_wrapped: Vec<u8>,
        #[serde(with = "super::super::base64")]
        pub sealed: Vec<u8>,
        pub created_at: i64,
        pub changed_at: i64,
        /// Until when only what the law keeps is kept, YYYY-MM-DD; none of everybody else.
        #[serde(default)]
        pub kept_until: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What somebody wrote while somebody else was faster, or what stood before.
pub(crate) mod set_aside {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "set_aside")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub client: Uuid,
        /// The client, case or visit that it is a version of.
        pub subject: Uuid,
        pub version: i64,
        pub account: Uuid,
        #[serde(with = "super::super::base64")]
        pub sealed: Vec<u8>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// One scar, or one wish, of a client.
pub(crate) mod case {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "case")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub client: Uuid,
        pub version: i64,
        #[serde(with = "super::super::base64")]
        pub sealed: Vec<u8>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A day on which the client was there.
pub(crate) mod visit {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "visit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub client: Uuid,
        #[sea_orm(column_name = "case_id")]
        pub case: Uuid,
        pub version: i64,
        #[serde(with = "super::super::base64")]
        pub sealed: Vec<u8>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A file on its way in.
pub(crate) mod upload {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "upload")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub client: Uuid,
        pub visit: Uuid,
        pub bytes: i64,
        pub sha256: String,
        pub received: i64,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A part of it that has arrived.
pub(crate) mod piece {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "piece")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub upload: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub starts_at: i64,
        pub blob: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A photograph as it came.
pub(crate) mod photograph {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "photograph")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub client: Uuid,
        pub visit: Uuid,
        pub sha256: String,
        pub bytes: i64,
        pub blob: String,
        /// `new`, `ready` or `unusable`.
        pub state: String,
        /// What was found when it was looked at.
        #[serde(with = "super::super::base64::option")]
        pub sealed: Option<Vec<u8>>,
        /// The same photograph upright, for screens.
        pub screen_blob: Option<String>,
        /// The same, small, for lists.
        pub small_blob: Option<String>,
        /// The reading that was chosen; none before there is one, and in backups of before.
        #[serde(default)]
        pub reading: Option<Uuid>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A result, made once and never changed.
pub(crate) mod record {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "record")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub client: Uuid,
        pub photograph: Uuid,
        /// `reading` or `plan`.
        pub kind: String,
        /// What it corrects or was made from.
        pub parent: Option<Uuid>,
        /// Who asked for it.
        pub account: Uuid,
        /// Whether a person corrected what the machine made.
        pub corrected: bool,
        /// A reading that does not stand, until a person chooses; backups of before have none.
        #[serde(default)]
        pub waiting: bool,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A file of a result.
pub(crate) mod file {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "file")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub record: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub blob: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What somebody said of a picture, never changed.
pub(crate) mod rating {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "rating")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub client: Uuid,
        pub photograph: Uuid,
        /// Who wrote it down.
        pub account: Uuid,
        /// `observer`, `client` or `blind`.
        pub kind: String,
        /// The round in which it was rated without knowing what is seen.
        pub round: Option<Uuid>,
        #[serde(with = "super::super::base64")]
        pub sealed: Vec<u8>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Pictures in an order of chance, for somebody who is not told what they are.
pub(crate) mod round {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "round")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account: Uuid,
        /// Ids of photographs, JSON.
        pub photographs: String,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Long work.
pub(crate) mod job {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "job")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub client: Uuid,
        pub account: Uuid,
        /// `look`, `read` or `consult`.
        pub kind: String,
        /// The photograph or record to work on.
        pub subject: Uuid,
        /// What was asked, sealed.
        #[serde(with = "super::super::base64")]
        pub sealed: Vec<u8>,
        /// `waiting`, `running`, `done`, `failed` or `cancelled`.
        pub state: String,
        /// How often it was begun.
        pub begun: i32,
        pub message: Option<String>,
        /// Why it failed, as a word; backups of before have none.
        #[serde(default)]
        pub code: Option<String>,
        pub result: Option<Uuid>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Who did what, when.
pub(crate) mod audit {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub clinic: Uuid,
        pub account: Option<Uuid>,
        pub action: String,
        pub subject: Option<Uuid>,
        pub at: i64,
        /// Whose record it concerns; backups of before the chain have neither this nor what follows.
        #[serde(default)]
        pub client: Option<Uuid>,
        /// SHA-256 of what was kept with it.
        #[serde(default)]
        pub bound: Option<String>,
        /// Place in the clinic's chain, from 1.
        #[serde(default)]
        pub place: i64,
        /// SHA-256 of all this and of the hash before it.
        #[serde(default)]
        pub hash: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Something in a client's book: signed, done or told once, and never changed.
pub(crate) mod entry {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub client: Uuid,
        #[sea_orm(column_name = "case_id")]
        pub case: Uuid,
        /// `consent`, `withdrawal`, `session`, `check_in`, `seen` or `wellbeing`.
        pub kind: String,
        /// What it withdraws, corrects or answers.
        pub parent: Option<Uuid>,
        /// Who wrote it; nobody where the client did, by a link.
        pub account: Option<Uuid>,
        #[serde(with = "super::super::base64")]
        pub sealed: Vec<u8>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A version of a text that a clinic makes its own; the last stands.
pub(crate) mod own_text {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "own_text")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub clinic: Uuid,
        /// `protocol`, `rules`, `consents`, `aftercare`, `check_ins`, `letters` or `retention`.
        pub name: String,
        pub version: i64,
        pub account: Uuid,
        /// None where the shipped one stands again.
        pub toml: Option<String>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A way in for a client, to one thing, for a time. Backups leave them out.
pub(crate) mod link {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "link")]
    pub struct Model {
        /// SHA-256 of the secret, hexadecimal.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub clinic: Uuid,
        pub client: Uuid,
        #[sea_orm(column_name = "case_id")]
        pub case: Uuid,
        /// `intake`, `check_in`, `calendar`, `stop_mail`, `review`, `consents` or `wellbeing`.
        pub kind: String,
        /// Who made it.
        pub account: Uuid,
        /// The client's key, wrapped by the secret.
        pub key_wrapped: Vec<u8>,
        pub expires_at: i64,
        /// When it was used up or taken back.
        pub closed_at: Option<i64>,
        /// What is offered for a review, as the clinic says it; empty for nothing.
        pub offered: Option<String>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A letter to a client that is to go out, or went out; its words are gone then.
pub(crate) mod mail {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "mail")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub clinic: Uuid,
        pub client: Uuid,
        #[sea_orm(column_name = "case_id")]
        pub case: Uuid,
        /// `calendar`, `check_in` or `touch_up`.
        pub kind: String,
        /// What it is for, as the client's key marks it: nothing is written twice.
        #[sea_orm(unique)]
        pub occasion: String,
        #[serde(with = "super::super::base64")]
        pub sealed: Vec<u8>,
        /// `waiting`, `sending`, `sent`, `failed`, `perhaps_sent` or `dropped`.
        pub state: String,
        /// Why it was not sent the last time, as a word.
        pub reason: Option<String>,
        /// How often it was tried.
        pub tries: i32,
        /// When it is tried next.
        pub next_at: i64,
        /// When its state changed.
        pub changed_at: i64,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A calendar that an account's programs fetch. Backups leave them out.
pub(crate) mod feed {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "feed")]
    pub struct Model {
        /// SHA-256 of the secret, hexadecimal.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub account: Uuid,
        pub expires_at: i64,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A case that is shown to strangers, or was.
pub(crate) mod publication {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "publication")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub clinic: Uuid,
        pub client: Uuid,
        #[sea_orm(column_name = "case_id")]
        pub case: Uuid,
        /// The result whose picture is shown.
        pub record: Uuid,
        /// By which strangers know it.
        pub public_id: String,
        /// SHA-256 of the picture, hexadecimal; the audit holds it too. None of what was shown before it did.
        pub sha256: Option<String>,
        pub withdrawn_at: Option<i64>,
        /// Who took it back: `person` or `clinic`; none where that is not known.
        pub withdrawn_by: Option<String>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What a clinic says of its pages, JSON: strangers read it.
pub(crate) mod showcase {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "showcase")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub clinic: Uuid,
        pub json: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A clinic's key to sign what strangers see, under the clinic's key.
pub(crate) mod signing {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "signing")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub clinic: Uuid,
        #[serde(with = "super::super::base64")]
        pub sealed: Vec<u8>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What an erased client counted for, so that what strangers count does not shrink; not whose it was.
pub(crate) mod gone {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "gone")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub clinic: Uuid,
        /// Cases that were treated.
        pub treated: i32,
        /// Of those, cases that were shown or could have been, and were taken back.
        pub withdrawn: i32,
        /// Reviews that they had written.
        pub reviews: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What a client says to everybody; so it is not sealed.
pub(crate) mod review {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Deserialize, Serialize)]
    #[sea_orm(table_name = "review")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub clinic: Uuid,
        pub client: Uuid,
        #[sea_orm(column_name = "case_id")]
        pub case: Uuid,
        pub stars: i32,
        pub text: String,
        /// What the clinic says it gave for it; none for nothing.
        pub offered: Option<String>,
        /// What the writer says they got for it; empty for nothing.
        pub incentive: String,
        /// `staff` or `relative`.
        pub insider: Option<String>,
        /// YYYY-MM.
        pub session_month: String,
        pub answer: Option<String>,
        /// Why it is not shown: `by_writer`, `ordered`, `personal_data` or `unlawful`.
        pub removed: Option<String>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
