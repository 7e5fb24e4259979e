//! The pages that strangers see: gathered from every case of the clinic, signed, and put in place at once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use stipple_model::{
    Answer, BeforeAfter, CaseId, Date, Denominator, Doubt, HairClass, Later, Likeness, Measures, Outcome,
    Portfolio, PublishedCase, PublishedPicture, Unpublished,
};
use stipple_quantity::Estimate;
use stipple_record::{format, picture, store};
use uuid::Uuid;

use super::super::entity::{gone, publication};
use super::super::texts::today;
use super::super::{Store, Who, now, off_the_loop};
use super::anew::Made;
use super::facts::needs_of;
use super::measured::Followed;
use super::{ConsentSaid, Showcase, WithdrawnBy, public_id};
use crate::error::Error;

/// The question about the color of the hair.
const HAIR_COLOR: &str = "hair_color";

/// What is known of a case that was treated.
struct Treated {
    case: Uuid,
    id: CaseId,
    /// Days of the treatments.
    treatments: Vec<Date>,
    consent: ConsentSaid,
    /// Whether its client wants to be counted.
    is_counted: bool,
    followed: Option<Followed>,
    /// Whether a photograph of the same day was measured with another result.
    is_measured_again: bool,
}

/// Files by their names.
type Files = Vec<(String, Vec<u8>)>;

impl Store {
    /// Makes the pages of a clinic anew and puts them in place at once. Nothing is made before anything was shown.
    pub(crate) async fn make_pages(&self, who: &Who) -> Result<(), Error> {
        let _making = self.making_pages.lock().await;
        self.make_pages_alone(who).await
    }

    /// The same for who holds that nobody else makes any meanwhile.
    pub(super) async fn make_pages_alone(&self, who: &Who) -> Result<(), Error> {
        let of = publication::Entity::find().filter(publication::Column::Clinic.eq(who.clinic));
        if of.one(&self.db).await?.is_none() {
            return Ok(());
        }
        let begun = now();
        let showcase = self.showcase(who.clinic).await?;
        let (portfolio, pictures) = self.portfolio(who, &showcase).await?;
        if let Some(unfit) = portfolio.unfit() {
            return Err(Error::Ours(format!("a portfolio's {} is {}", unfit.field, unfit.found)));
        }
        let may_be = needs_of(&portfolio, &showcase).is_empty();
        let signer = self.signing_key(who.clinic).await?.signer()?;
        let place = i64::try_from(portfolio.ledger.place).unwrap_or(i64::MAX);
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
            Ok(stipple_record::store::write_file(&made, Made { at: begun, place }.text().as_bytes())?)
        })
        .await
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
        // First: what the chain tells after that may be missing in the rest.
        let ledger = self.ledger_head(who.clinic).await?;
        let treated = self.treated(who).await?;
        let rows = publication::Entity::find().filter(publication::Column::Clinic.eq(who.clinic));
        let rows = rows.order_by_desc(publication::Column::CreatedAt).all(&self.db).await?;
        let (cases, pictures, shown) = self.shown_cases(who, &rows, &treated).await?;
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
            ledger,
            denominator: Denominator {
                treated: treated.len() + sum(|row| row.treated),
                followed: treated.iter().filter(|of| of.followed.is_some()).count(),
                consented: consented.len(),
                published: cases.len(),
                withdrawn: withdrawn.len() + sum(|row| row.withdrawn),
                taken_down: treated.iter().filter(by_clinic).count(),
                erased: sum(|row| row.treated),
                removed: treated.iter().filter(removed).count(),
                uncounted: treated.iter().filter(|of| !of.is_counted).count(),
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

    /// The cases that are shown, their pictures, and which they are.
    async fn shown_cases(
        &self,
        who: &Who,
        rows: &[publication::Model],
        treated: &[Treated],
    ) -> Result<(Vec<PublishedCase>, Files, BTreeSet<Uuid>), Error> {
        let (mut cases, mut pictures, mut shown) = (Vec::new(), Vec::new(), BTreeSet::new());
        for row in rows.iter().filter(|row| row.withdrawn_at.is_none()) {
            let Some(of) = treated.iter().find(|of| of.case == row.case) else { continue };
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
        Ok((cases, pictures, shown))
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
            hair: self.hair_told(who, row).await?,
            sessions: u32::try_from(of.treatments.iter().filter(|day| **day <= after).count())
                .unwrap_or(u32::MAX),
            days_since_last_session: days,
            // As they stand in the signed picture.
            measures: Measures { retained_fraction: outcome.measures.retained_fraction, ..signed(&made) },
            scar_shown: made.scar_shown,
            doubts: self.doubts(who, row.case, &made).await?,
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

    /// What bears upon the numbers of a case, as its picture says and the record does.
    async fn doubts(&self, who: &Who, case: Uuid, made: &format::Derivation) -> Result<Vec<Doubt>, Error> {
        let changed = self.sessions_changed(who, case).await?.then_some(Doubt::SessionsChanged);
        Ok(made.doubts.iter().map(|doubt| (*doubt).into()).chain(changed).collect())
    }

    /// The color of the hair, as it is answered in a case today.
    async fn hair_told(&self, who: &Who, row: &publication::Model) -> Result<HairClass, Error> {
        let key = self.client_key_to_read(who, row.client).await?;
        let answers = self.answers_that_hold(&key, (who.clinic, row.case)).await?;
        let Some(Answer::Word(told)) = answers.get(HAIR_COLOR) else { return Ok(HairClass::NotTold) };
        let class = HairClass::ALL.into_iter().find(|class| class.name() == told);
        Ok(class.unwrap_or(HairClass::NotTold))
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
                    Some(followed) => self.is_measured_again(who, row.id, followed).await?,
                    None => false,
                };
                let case = row.id;
                treated.push(Treated {
                    case,
                    id,
                    treatments,
                    consent,
                    is_counted,
                    followed,
                    is_measured_again,
                });
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
