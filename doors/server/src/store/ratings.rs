//! What people say of a scar: each rating is kept as it was given.

use std::collections::HashMap;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, SqlErr};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::Deed;
use super::entity::{client, rating};
use super::texts::{opened, sealed, stamp};
use super::{Store, Who, now};
use crate::error::Error;
use crate::keys::Key;

/// What somebody says of a scar; at least one of the scales, or that it cannot be judged.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Said {
    /// How noticeable it is at arm's length: 0 not at all, 10 as much as can be imagined.
    noticeability: Option<u8>,
    scar: Option<ScarScale>,
    vancouver: Option<Vancouver>,
    /// The picture cannot be judged; blind alone, and instead of a score.
    #[serde(default)]
    cannot_judge: bool,
}

/// SCAR scale, 0 to 15 (Kantor 2016); itch and pain are asked of the client.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct ScarScale {
    #[serde(flatten)]
    observed: ScarObserved,
    /// 0 or 1.
    itch: u8,
    /// 0 or 1.
    pain: u8,
}

/// What an observer scores of it, 0 to 13.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct ScarObserved {
    /// 0 to 4.
    spread: u8,
    /// 0 to 3.
    erythema: u8,
    /// 0 or 1.
    dyspigmentation: u8,
    /// 0 or 1.
    suture_marks: u8,
    /// 0 to 3.
    hypertrophy_atrophy: u8,
    /// 0 or 1.
    overall: u8,
}

/// Vancouver scar scale, 0 to 13 (Sullivan 1990); needs the hand, so it is not for pictures alone.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Vancouver {
    /// 0 to 3.
    vascularity: u8,
    /// 0 to 2.
    pigmentation: u8,
    /// 0 to 5.
    pliability: u8,
    /// 0 to 3.
    height: u8,
}

/// Who says it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RatedBy {
    /// Who treats or assists, knowing what is seen.
    Observer,
    /// The client.
    Client,
    /// Somebody who was not told which picture it is.
    Blind,
}

/// A rating that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Rating {
    id: Uuid,
    photograph: Uuid,
    by: RatedBy,
    /// Who wrote it down.
    made_by: String,
    /// RFC 3339, UTC.
    made_at: String,
    #[serde(flatten)]
    said: Said,
    /// Sum of the SCAR scale, 0 to 15.
    #[schema(required)]
    scar_sum: Option<u8>,
    /// Sum of the Vancouver scale, 0 to 13.
    #[schema(required)]
    vancouver_sum: Option<u8>,
}

/// A scale whose scores can be compared.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scale {
    /// 0 to 10.
    Noticeability,
    /// 0 to 15.
    Scar,
    /// 0 to 13.
    Vancouver,
}

/// A score of a scale, without names.
#[derive(Clone, Debug)]
pub(crate) struct Score {
    pub(crate) picture: usize,
    pub(crate) rater: String,
    pub(crate) score: u8,
    /// The how manieth of this picture by this rater.
    pub(crate) occasion: usize,
}

/// What is kept, and of what.
pub(super) struct NewRating {
    pub(super) photograph: Uuid,
    pub(super) by: RatedBy,
    pub(super) round: Option<Uuid>,
    pub(super) said: Said,
}

impl Store {
    /// Keeps what an observer or the client says of a photograph.
    pub(crate) async fn new_rating(
        &self,
        who: &Who,
        photograph: Uuid,
        by: RatedBy,
        said: Said,
    ) -> Result<Rating, Error> {
        if by == RatedBy::Blind {
            let message = "Blind ratings are given in a round, where pictures come in an order of chance.";
            return Err(Error::unusable("needs_round", message));
        }
        self.keep_rating(who, NewRating { photograph, by, round: None, said }).await
    }

    pub(super) async fn keep_rating(&self, who: &Who, new: NewRating) -> Result<Rating, Error> {
        new.said.require_in_range(new.by)?;
        let (photograph, key) = self.photograph_row(who, new.photograph).await?;
        let id = Uuid::now_v7();
        let row = rating::Model {
            id,
            client: photograph.client,
            photograph: photograph.id,
            account: who.account,
            kind: new.by.word().to_owned(),
            round: new.round,
            sealed: sealed(&key, "rating", id, &new.said),
            created_at: now(),
        };
        let insert = rating::Entity::insert(rating::ActiveModel::from(row.clone()));
        insert.exec_without_returning(&self.db).await.map_err(rated_already)?;
        self.note(who, Deed::new("rating.made").of(row.client).about(id)).await?;
        let made_by = self.names(who).await?.remove(&who.account).unwrap_or_default();
        Ok(rating_of(&row, new.said, made_by))
    }

    /// Every rating of a photograph, the last first.
    pub(crate) async fn ratings(&self, who: &Who, photograph: Uuid) -> Result<Vec<Rating>, Error> {
        let (row, key) = self.photograph_row(who, photograph).await?;
        self.ratings_where(who, &key, rating::Column::Photograph.eq(row.id)).await
    }

    /// Every rating of a client's photographs, blind ones too, the last first.
    pub(super) async fn ratings_of(&self, who: &Who, client: Uuid) -> Result<Vec<Rating>, Error> {
        let key = self.client_key_to_read(who, client).await?;
        self.ratings_where(who, &key, rating::Column::Client.eq(client)).await
    }

    async fn ratings_where(&self, who: &Who, key: &Key, of: Expr) -> Result<Vec<Rating>, Error> {
        let of = rating::Entity::find().filter(of);
        let rows = of.order_by_desc(rating::Column::CreatedAt).all(&self.db).await?;
        let names = self.names(who).await?;
        let one = |row: &rating::Model| {
            let said = opened(key, "rating", row.id, &row.sealed)?;
            Ok(rating_of(row, said, names.get(&row.account).cloned().unwrap_or_default()))
        };
        rows.iter().map(one).collect()
    }

    /// Every score of a scale in the clinic, oldest first; pictures and raters have numbers for names.
    pub(crate) async fn scores(&self, who: &Who, scale: Scale) -> Result<Vec<Score>, Error> {
        let clients =
            client::Entity::find().filter(client::Column::Clinic.eq(who.clinic)).all(&self.db).await?;
        let keys: HashMap<Uuid, _> =
            clients.iter().map(|row| Ok((row.id, self.unwrapped(row)?))).collect::<Result<_, Error>>()?;
        let rows = rating::Entity::find().order_by_asc(rating::Column::CreatedAt).all(&self.db).await?;
        let (mut pictures, mut raters) = (Vec::new(), Vec::new());
        let mut times: HashMap<(usize, String), usize> = HashMap::new();
        let mut scores = Vec::new();
        for row in rows {
            let Some(key) = keys.get(&row.client) else { continue };
            let said: Said = opened(key, "rating", row.id, &row.sealed)?;
            let Some(score) = said.score(scale) else { continue };
            let picture = number_of(&mut pictures, row.photograph);
            let rater = match RatedBy::of_word(&row.kind) {
                RatedBy::Client => "client".to_owned(),
                RatedBy::Observer => format!("observer {}", number_of(&mut raters, row.account)),
                RatedBy::Blind => format!("blind {}", number_of(&mut raters, row.account)),
            };
            let occasion = times.entry((picture, rater.clone())).or_default();
            *occasion += 1;
            scores.push(Score { picture, rater, score, occasion: *occasion });
        }
        Ok(scores)
    }
}

impl Said {
    /// Refuses what a scale does not have, and a rating of nothing.
    fn require_in_range(&self, by: RatedBy) -> Result<(), Error> {
        let scar = self.scar.iter().flat_map(ScarScale::items);
        let items = scar.chain(self.vancouver.iter().flat_map(Vancouver::items));
        let notice = self.noticeability.map(|score| ("noticeability", score, 10));
        let mut items = items.chain(notice).peekable();
        if self.cannot_judge && (by != RatedBy::Blind || items.peek().is_some()) {
            let message = "That a picture cannot be judged is said in a round, and instead of a score.";
            return Err(Error::unusable("not_judged", message));
        }
        if items.peek().is_none() && !self.cannot_judge {
            return Err(Error::unusable("nothing_rated", "Nothing was rated. Answer one of the scales."));
        }
        match items.find(|(_, score, most)| score > most) {
            None => Ok(()),
            Some((name, score, most)) => {
                let message = format!("{name} is {score}; it goes from 0 to {most}.");
                Err(Error::unusable("off_scale", message))
            }
        }
    }

    fn score(&self, scale: Scale) -> Option<u8> {
        match scale {
            Scale::Noticeability => self.noticeability,
            Scale::Scar => self.scar.map(|scale| sum(&scale.items())),
            Scale::Vancouver => self.vancouver.map(|scale| sum(&scale.items())),
        }
    }
}

impl ScarScale {
    /// Name, score and the most that it may be.
    fn items(&self) -> [(&'static str, u8, u8); 8] {
        let [spread, erythema, dyspigmentation, suture_marks, height, overall] = self.observed.items();
        let told = [("itch", self.itch, 1), ("pain", self.pain, 1)];
        [spread, erythema, dyspigmentation, suture_marks, height, overall, told[0], told[1]]
    }
}

impl ScarObserved {
    fn items(&self) -> [(&'static str, u8, u8); 6] {
        [
            ("spread", self.spread, 4),
            ("erythema", self.erythema, 3),
            ("dyspigmentation", self.dyspigmentation, 1),
            ("suture_marks", self.suture_marks, 1),
            ("hypertrophy_atrophy", self.hypertrophy_atrophy, 3),
            ("overall", self.overall, 1),
        ]
    }

    /// Whether every score is one.
    pub(super) fn fits(&self) -> bool {
        self.items().iter().all(|(_, score, most)| score <= most)
    }

    /// Sum with what the client told of itch and pain, 0 to 15.
    pub(super) fn sum_with(&self, itches: bool, hurts: bool) -> u8 {
        sum(&self.items()) + u8::from(itches) + u8::from(hurts)
    }
}

impl Vancouver {
    fn items(&self) -> [(&'static str, u8, u8); 4] {
        [
            ("vascularity", self.vascularity, 3),
            ("pigmentation", self.pigmentation, 2),
            ("pliability", self.pliability, 5),
            ("height", self.height, 3),
        ]
    }
}

impl RatedBy {
    fn word(self) -> &'static str {
        match self {
            Self::Observer => "observer",
            Self::Client => "client",
            Self::Blind => "blind",
        }
    }

    fn of_word(word: &str) -> Self {
        match word {
            "client" => Self::Client,
            "blind" => Self::Blind,
            _ => Self::Observer,
        }
    }
}

/// A picture is rated once in a round.
fn rated_already(error: DbErr) -> Error {
    if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
        let message = "This picture of the round was rated already. Go on with the next one.";
        return Error::unusable("rated_already", message);
    }
    error.into()
}

fn rating_of(row: &rating::Model, said: Said, made_by: String) -> Rating {
    let (scar_sum, vancouver_sum) = (said.score(Scale::Scar), said.score(Scale::Vancouver));
    let by = RatedBy::of_word(&row.kind);
    Rating {
        id: row.id,
        photograph: row.photograph,
        by,
        made_by,
        made_at: stamp(row.created_at),
        said,
        scar_sum,
        vancouver_sum,
    }
}

fn sum(items: &[(&str, u8, u8)]) -> u8 {
    items.iter().map(|(_, score, _)| score).sum()
}

/// A number that stands for an id, the next where it is new.
fn number_of(known: &mut Vec<Uuid>, id: Uuid) -> usize {
    let at = known.iter().position(|one| *one == id);
    at.unwrap_or_else(|| {
        known.push(id);
        known.len() - 1
    }) + 1
}
