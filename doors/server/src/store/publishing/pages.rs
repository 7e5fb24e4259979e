//! The pages that strangers see: gathered from every case of the clinic, signed, and put in place at once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use stipple_model::{
    BeforeAfter, CaseId, Date, Denominator, HairClass, Later, Likeness, Measures, Outcome, Portfolio,
    PublishedCase, PublishedPicture, Reading, Unpublished,
};
use stipple_quantity::Estimate;
use stipple_record::{format, picture, store};
use uuid::Uuid;

use super::super::entity::{gone, publication};
use super::super::texts::today;
use super::super::{Store, Who, now, off_the_loop};
use super::facts::needs_of;
use super::measured::Followed;
use super::{ConsentSaid, Showcase, WithdrawnBy, public_id};
use crate::error::Error;

/// What is known of a case that was treated.
struct Treated {
    case: Uuid,
    id: CaseId,
    /// Days of the treatments.
    treatments: Vec<Date>,
    consent: ConsentSaid,
    followed: Option<Followed>,
    /// Whether what counts was measured before, with another result.
    is_measured_again: bool,
}

/// Files by their names.
type Files = Vec<(String, Vec<u8>)>;

impl Store {
    /// Makes the pages of a clinic anew and puts them in place at once. Nothing is made before anything was shown.
    pub(crate) async fn make_pages(&self, who: &Who) -> Result<(), Error> {
        let of = publication::Entity::find().filter(publication::Column::Clinic.eq(who.clinic));
        if of.one(&self.db).await?.is_none() {
            return Ok(());
        }
        let _making = self.making_pages.lock().await;
        let begun = now();
        let showcase = self.showcase(who.clinic).await?;
        let (portfolio, pictures) = self.portfolio(who, &showcase).await?;
        if let Some(unfit) = portfolio.unfit() {
            return Err(Error::Ours(format!("a portfolio's {} is {}", unfit.field, unfit.found)));
        }
        let may_be = needs_of(&portfolio, &showcase).is_empty();
        let signer = self.signing_key(who.clinic).await?.signer()?;
        let folder = self.public_folder(who.clinic);
        off_the_loop(move || {
            // What a country asks for may have come to be missing since something was shown.
            match may_be {
                true => {
                    put_in_place(&folder, &stipple_pipeline::portfolio_files(&portfolio, pictures, &signer))?;
                }
                false => take_down(&folder)?,
            }
            let made = folder.with_extension("made");
            Ok(stipple_record::store::write_file(&made, begun.to_string().as_bytes())?)
        })
        .await
    }

    /// Makes pages anew in the background, if anything of a client stands on them.
    pub(crate) async fn make_pages_of(&self, who: &Who, client: Uuid) -> Result<(), Error> {
        let of = publication::Column::Client.eq(client).and(publication::Column::WithdrawnAt.is_null());
        if publication::Entity::find().filter(of).one(&self.db).await?.is_some() {
            self.make_pages_later(who);
        }
        Ok(())
    }

    /// Makes pages anew in the background; not while the studio is locked: they are when somebody signs in.
    pub(crate) fn make_pages_later(&self, who: &Who) {
        if self.clinic_key(who.clinic).is_err() {
            return;
        }
        let (store, who) = (self.clone(), who.clone());
        tokio::spawn(async move {
            if let Err(error) = store.make_pages(&who).await {
                crate::log::fault(&format!("pages for strangers were not made: {}", error.for_log()));
            }
        });
    }

    /// Whether the pages in place are from before something was taken back, or are not there: nobody may see them then.
    pub(crate) async fn are_pages_stale(&self, clinic: Uuid) -> Result<bool, Error> {
        let made = self.pages_made_at(clinic).await;
        let of = publication::Entity::find().filter(publication::Column::Clinic.eq(clinic));
        // Where nothing was made yet, whatever was shown is not there.
        let since = match made {
            0 => of,
            made => of.filter(publication::Column::WithdrawnAt.gte(made)),
        };
        Ok(since.one(&self.db).await?.is_some())
    }

    /// When the pages in place were begun, ms since 1970; 0 where none were.
    async fn pages_made_at(&self, clinic: Uuid) -> i64 {
        let made = tokio::fs::read_to_string(self.public_folder(clinic).with_extension("made")).await.ok();
        made.and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// Where the pages of a clinic lie.
    pub(crate) fn public_folder(&self, clinic: Uuid) -> PathBuf {
        self.public.join(clinic.to_string())
    }

    /// The portfolio as it is now, with the pictures of its cases.
    pub(super) async fn portfolio(
        &self,
        who: &Who,
        showcase: &Showcase,
    ) -> Result<(Portfolio, Files), Error> {
        let treated = self.treated(who).await?;
        let rows = publication::Entity::find().filter(publication::Column::Clinic.eq(who.clinic));
        let rows = rows.order_by_desc(publication::Column::CreatedAt).all(&self.db).await?;
        let (mut cases, mut pictures, mut shown) = (Vec::new(), Vec::new(), BTreeSet::new());
        for row in rows.iter().filter(|row| row.withdrawn_at.is_none()) {
            let Some(of) = treated.iter().find(|treated| treated.case == row.case) else { continue };
            let made = match self.published_case(who, row, of).await {
                // One that is gone or damaged must not take the others down; the owner is told.
                Err(Error::Missing(_) | Error::Damaged { .. }) => None,
                made => made?,
            };
            if let Some((case, jpeg)) = made {
                pictures.push((case.picture_name(), jpeg));
                cases.push(case);
                shown.insert(row.case);
            }
        }
        let taken_back =
            |of: &&Treated| of.consent != ConsentSaid::Given && rows.iter().any(|row| row.case == of.case);
        let withdrawn: BTreeSet<Uuid> = treated.iter().filter(taken_back).map(|of| of.case).collect();
        let by_clinic = |of: &&Treated| {
            let last = rows.iter().find(|row| row.case == of.case);
            let is_down = of.consent == ConsentSaid::Given && !shown.contains(&of.case);
            is_down && last.is_some_and(|row| WithdrawnBy::of(row) == WithdrawnBy::Clinic)
        };
        let mut others: Vec<&Followed> = treated
            .iter()
            .filter(|of| !shown.contains(&of.case) && !withdrawn.contains(&of.case))
            .filter_map(|of| of.followed.as_ref())
            .collect();
        others.sort_by_key(|followed| followed.first_at);
        let others: Vec<Measures> = others.into_iter().map(|followed| followed.measures).collect();
        let unmeasured = self.unmeasured(who.clinic).await?;
        let removed = |of: &&Treated| of.is_measured_again || unmeasured.contains(&of.case);
        let consented: BTreeSet<CaseId> =
            treated.iter().filter(|of| of.consent == ConsentSaid::Given).map(|of| of.id.clone()).collect();
        let gone = gone::Entity::find().filter(gone::Column::Clinic.eq(who.clinic)).all(&self.db).await?;
        let sum = |of: fn(&gone::Model) -> i32| gone.iter().map(of).sum::<i32>().unsigned_abs() as usize;
        let (reviews, removed_reviews) = self.reviews(who.clinic, sum(|row| row.reviews)).await?;
        let portfolio = Portfolio {
            clinic: self.name_of_clinic(who.clinic).await?,
            country: self.clinic_facts(who.clinic).await?.country_alone(),
            language: showcase.language(),
            address: showcase.address.clone(),
            is_listed: showcase.is_listed,
            credentials: showcase.credentials(),
            as_of: today(),
            ledger: self.ledger_head(who.clinic).await?,
            denominator: Denominator {
                treated: treated.len() + sum(|row| row.treated),
                followed: treated.iter().filter(|of| of.followed.is_some()).count(),
                consented: consented.len(),
                published: cases.len(),
                withdrawn: withdrawn.len() + sum(|row| row.withdrawn),
                taken_down: treated.iter().filter(by_clinic).count(),
                erased: sum(|row| row.treated),
                removed: treated.iter().filter(removed).count(),
            },
            consented,
            cases,
            unpublished: Unpublished::of(&others),
            reviews_policy: showcase.reviews_policy.clone(),
            reviews,
            removed_reviews,
        };
        Ok((portfolio, pictures))
    }

    /// A case as strangers see it, with its picture; none that the record as it stands forbids to show.
    async fn published_case(
        &self,
        who: &Who,
        row: &publication::Model,
        of: &Treated,
    ) -> Result<Option<(PublishedCase, Vec<u8>)>, Error> {
        let (Some(rests), Some(followed)) = (self.rests_on(who, row).await?, &of.followed) else {
            return Ok(None);
        };
        if !self.refusals_now(who, row, &rests).await?.is_empty() {
            return Ok(None);
        }
        let photograph = rests.photographs.after;
        let (_, Some(after)) = self.place_of_photograph(who, photograph).await? else { return Ok(None) };
        let outcome = self.of_outcome(who, rests.outcome).await?;
        let reading = self.of_reading(who, rests.reading).await?;
        let made = self.record_file(who, row.record, "publication.json").await?;
        let (made, _) = format::derivation_from_json(&made)?;
        let jpeg = self.record_file(who, row.record, "published.jpg").await?;
        let size = picture::jpeg_size(&jpeg).ok_or(Error::Damaged { kind: "picture" })?;
        let (Some(days), Some(scar)) = (made.days_since_last_session, reading.scar) else {
            return Ok(None);
        };
        let gains = [made.white_gain.before, made.white_gain.after].concat();
        let picture = PublishedPicture {
            width_px: size[0],
            height_px: size[1],
            sha256: store::sha256_hex(&jpeg),
            painted_over: u32::try_from(made.hidden_px.len()).unwrap_or(u32::MAX),
            is_whitened: gains.iter().any(|gain| (gain - 1.0).abs() > 1e-6),
            outline_drawn: made.outline_drawn == Some(true),
        };
        let is_later = followed.outcome != rests.outcome && followed.photograph != photograph;
        let later = is_later.then_some(Later {
            days_since_last_session: followed.days_since_last,
            measures: followed.measures,
        });
        let case = PublishedCase {
            later,
            id: of.id.clone(),
            picture,
            scar,
            skin: reading.skin,
            hair: reading.hair,
            sessions: u32::try_from(of.treatments.iter().filter(|day| **day <= after).count())
                .unwrap_or(u32::MAX),
            days_since_last_session: days,
            // As they stand in the signed picture.
            measures: Measures { retained_fraction: outcome.measures.retained_fraction, ..signed(&made) },
            scar_shown: made.scar_shown,
            likeness: Likeness {
                verdict: made.verdict.into(),
                light_delta_e00: outcome.light_delta_e00,
                tilt_deg: outcome.tilt_deg,
                hair_length_mm: BeforeAfter {
                    before: made.hair_length_mm.before,
                    after: made.hair_length_mm.after,
                },
            },
        };
        Ok(Some((case, jpeg)))
    }

    /// Every case of a clinic that was treated.
    async fn treated(&self, who: &Who) -> Result<Vec<Treated>, Error> {
        let key = self.signing_key(who.clinic).await?;
        let shown = publication::Entity::find().filter(publication::Column::Clinic.eq(who.clinic));
        let shown = shown.order_by_asc(publication::Column::CreatedAt).all(&self.db).await?;
        let mut treated = Vec::new();
        for row in self.cases_with_sessions(who.clinic).await? {
            if let Some(treatments) = self.treatments_ever(who, row.id).await? {
                // Strangers know a case that was ever shown by the name that it had then.
                let known = shown.iter().rev().find(|shown| shown.case == row.id);
                let known = known.and_then(|shown| CaseId::new(&shown.public_id));
                let id = known.map_or_else(|| public_id(&key, row.id), Ok)?;
                let consent = self.consent_to_be_shown(who, row.id).await?;
                let is_counted = consent == ConsentSaid::Given || self.may_be_counted(who, row.id).await?;
                let followed = if is_counted { self.followed(who, row.id, &treatments).await? } else { None };
                let is_measured_again = match &followed {
                    Some(followed) => self.is_measured_again(who, followed).await?,
                    None => false,
                };
                treated.push(Treated { case: row.id, id, treatments, consent, followed, is_measured_again });
            }
        }
        Ok(treated)
    }
}

pub(super) fn measures(outcome: &Outcome) -> Measures {
    Measures {
        visible_distance_m: outcome.visible_distance_m,
        color_difference: outcome.color_difference,
        retained_fraction: outcome.deposits.as_ref().map(|deposits| deposits.retained_fraction),
    }
}

/// What a picture says of itself.
fn signed(made: &format::Derivation) -> Measures {
    let (seen, color) = (&made.visible_distance_m, &made.color_difference);
    Measures {
        visible_distance_m: BeforeAfter {
            before: seen.before.map(Estimate::from),
            after: seen.after.map(Estimate::from),
        },
        color_difference: BeforeAfter { before: color.before.into(), after: color.after.into() },
        retained_fraction: None,
    }
}

/// The color of somebody's hair, by its lightness and chroma as read; limits are our choice.
pub(super) fn hair_class(reading: &Reading) -> HairClass {
    let Some(lab) = reading.hair.lab else { return HairClass::Brown };
    let is_red = lab.a > 12.0 && lab.a > 0.7 * lab.b;
    match lab.l {
        l if l < 28.0 => HairClass::Black,
        _ if is_red => HairClass::Red,
        l if lab.chroma() < 7.0 && l > 70.0 => HairClass::White,
        l if lab.chroma() < 7.0 && l > 42.0 => HairClass::Gray,
        l if l < 48.0 => HairClass::Brown,
        _ => HairClass::Blond,
    }
}

fn take_down(folder: &Path) -> Result<(), Error> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// Writes files beside those in place, then puts them there: readers see the old pages or the new ones. What the old ones
/// had, and the new ones have not, is gone.
fn put_in_place(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Error> {
    let (next, last) = (folder.with_extension("next"), folder.with_extension("last"));
    for left in [&next, &last] {
        if left.exists() {
            std::fs::remove_dir_all(left)?;
        }
    }
    for (name, bytes) in files {
        let place = next.join(name);
        if let Some(within) = place.parent() {
            std::fs::create_dir_all(within)?;
        }
        std::fs::write(place, bytes)?;
    }
    if folder.exists() {
        std::fs::rename(folder, &last)?;
    }
    std::fs::rename(&next, folder)?;
    if last.exists() {
        std::fs::remove_dir_all(&last)?;
    }
    Ok(())
}
