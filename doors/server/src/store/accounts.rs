//! Who signs in: passwords, second factor, recovery, browsers that are signed in.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use totp_rs::{Builder, Secret, Totp};
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::Deed;
use super::entity::{account, clinic, sign_in};
use super::texts::{qr_svg, required};
use super::{Store, Who, now, off_the_loop};
use crate::access::Role;
use crate::error::Error;
use crate::keys::{Key, Place, random, recovery_as_written, recovery_words};

/// A browser is signed out after so long without a request, ms: a working day.
const IDLE_MS: i64 = 12 * 3600 * 1000;
/// And after so long in any case, ms: two weeks.
const OLD_MS: i64 = 14 * 24 * 3600 * 1000;
/// Shortest password (NIST SP 800-63B: length, no rules of composition).
const PASSWORD_CHARS_MIN: usize = 10;
/// A password must stand so many guesses, as zxcvbn counts them (Wheeler 2016): each takes a tenth of a second here.
const GUESSES_MIN: u64 = 100_000_000;
/// Most passwords that are tried at once: each takes 64 MB.
const GUESSES_AT_ONCE: usize = 2;

/// Somebody who signs in, as others see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Account {
    id: Uuid,
    /// Name to show.
    name: String,
    /// What is typed to sign in.
    login: String,
    role: Role,
    /// Whether the account may sign in.
    active: bool,
    /// Whether a second factor is asked for.
    second_factor: bool,
}

/// A new second factor, not on before its first code.
#[derive(Serialize, ToSchema)]
pub(crate) struct SecondFactor {
    /// To be typed where no picture can be taken.
    secret: String,
    /// For authenticator programs.
    uri: String,
    /// The same as a picture.
    qr_svg: String,
}

/// Who is to be made.
pub(crate) struct NewAccount<'a> {
    pub(crate) name: &'a str,
    pub(crate) login: &'a str,
    pub(crate) password: &'a str,
    pub(crate) role: Role,
}

impl Store {
    /// Somebody of a clinic as who asked for a job, whether or not they are signed in still.
    pub(crate) async fn in_the_name_of(&self, clinic: Uuid, id: Uuid) -> Result<Who, Error> {
        let row = account::Entity::find_by_id(id).one(&self.db).await?;
        let row = row.filter(|row| row.clinic == clinic).ok_or(Error::Missing("account"))?;
        Ok(Who { account: id, clinic, role: Role::of_word(&row.role) })
    }

    /// The name of the first clinic, if there is one.
    pub(crate) async fn clinic_name(&self) -> Result<Option<String>, Error> {
        let first = clinic::Entity::find().order_by_asc(clinic::Column::CreatedAt).one(&self.db).await?;
        Ok(first.map(|row| row.name))
    }

    /// Makes a clinic with its owner; its recovery key, which is not kept.
    pub(crate) async fn new_clinic(&self, name: &str, owner: NewAccount<'_>) -> Result<(Who, String), Error> {
        let name = required(name, "name of the clinic")?;
        let (id, key) = (Uuid::now_v7(), Key::fresh());
        let paper = recovery_words();
        let (salt, wrapped) = wrap(&key, place_of_recovery(&id), &paper).await?;
        let mut account = self.account_row(id, &key, owner).await?;
        account.role = Set(Role::Owner.word().to_owned());
        let owner = account.id.clone().take().expect("just made");
        let row = clinic::ActiveModel {
            id: Set(id),
            name: Set(name),
            recovery_salt: Set(salt),
            recovery_wrapped: Set(wrapped),
            country: Set(None),
            alarm_to: Set(None),
            alarm_language: Set(None),
            medical: Set(false),
            created_at: Set(now()),
        };
        let writing = self.begin().await?;
        clinic::Entity::insert(row).exec_without_returning(&writing).await?;
        account::Entity::insert(account).exec_without_returning(&writing).await?;
        writing.commit().await?;
        self.unlock(id, key);
        let who = Who { account: owner, clinic: id, role: Role::Owner };
        self.note(&who, Deed::new("clinic.made")).await?;
        Ok((who, paper))
    }

    /// Whether this is the first run: there is no clinic yet.
    pub(crate) async fn is_new(&self) -> Result<bool, Error> {
        Ok(clinic::Entity::find().count(&self.db).await? == 0)
    }

    /// Opens the clinic with a password and, if it is on, a code of the second factor.
    pub(crate) async fn sign_in(
        &self,
        login: &str,
        password: &str,
        code: Option<&str>,
    ) -> Result<Who, Error> {
        const WRONG: Error = Error::SignIn {
            code: "wrong_password",
            message: "Login or password is not right. Check both; capitals matter in the password.",
        };
        let found =
            account::Entity::find().filter(account::Column::Login.eq(folded(login))).one(&self.db).await?;
        let found = found.filter(|row| row.active);
        // Because an unknown login must take as long as a wrong password.
        let salt = found.as_ref().map_or_else(|| vec![0; 16], |row| row.salt.clone());
        let guess = key_of_password(password, salt).await?;
        let row = found.ok_or(WRONG)?;
        let key = guess.unwrap(place_of_account(&row.id), &row.key_wrapped).map_err(|_| WRONG)?;
        let who = Who { account: row.id, clinic: row.clinic, role: Role::of_word(&row.role) };
        if row.totp_on {
            self.require_code(&row, &key, code).await?;
        }
        self.unlock(who.clinic, key);
        self.note(&who, Deed::new("signed_in")).await?;
        Ok(who)
    }

    /// A new browser that is signed in: its cookie.
    pub(crate) async fn new_sign_in(&self, who: &Who) -> Result<String, Error> {
        let cookie = data_encoding::HEXLOWER.encode(&random::<32>());
        let row = sign_in::ActiveModel {
            id: Set(hash(&cookie)),
            account: Set(who.account),
            created_at: Set(now()),
            used_at: Set(now()),
        };
        let old =
            sign_in::Column::UsedAt.lt(now() - IDLE_MS).or(sign_in::Column::CreatedAt.lt(now() - OLD_MS));
        sign_in::Entity::delete_many().filter(old).exec(&self.db).await?;
        sign_in::Entity::insert(row).exec_without_returning(&self.db).await?;
        Ok(cookie)
    }

    /// Who is signed in with this cookie, if the clinic is open.
    pub(crate) async fn who(&self, cookie: &str) -> Result<Option<Who>, Error> {
        let Some(row) = sign_in::Entity::find_by_id(hash(cookie)).one(&self.db).await? else {
            return Ok(None);
        };
        if row.used_at < now() - IDLE_MS || row.created_at < now() - OLD_MS {
            return Ok(None);
        }
        let account = account::Entity::find_by_id(row.account).one(&self.db).await?;
        let Some(account) = account.filter(|account| account.active) else { return Ok(None) };
        let minute = 60 * 1000;
        if row.used_at < now() - minute {
            let mut used: sign_in::ActiveModel = row.into();
            used.used_at = Set(now());
            used.update(&self.db).await?;
        }
        let who = Who { account: account.id, clinic: account.clinic, role: Role::of_word(&account.role) };
        Ok(self.clinic_key(who.clinic).is_ok().then_some(who))
    }

    /// Signs a browser out.
    pub(crate) async fn sign_out(&self, cookie: &str) -> Result<(), Error> {
        sign_in::Entity::delete_by_id(hash(cookie)).exec(&self.db).await?;
        Ok(())
    }

    /// Opens the clinic with the key on paper, and sets a new password and a new key on paper.
    pub(crate) async fn recover(
        &self,
        login: &str,
        paper: &str,
        password: &str,
    ) -> Result<(Who, String), Error> {
        const WRONG: Error = Error::SignIn {
            code: "wrong_recovery_key",
            message: "Login or recovery key is not right. The key has eight groups of four letters or digits.",
        };
        good_password(password, &[login])?;
        let found =
            account::Entity::find().filter(account::Column::Login.eq(folded(login))).one(&self.db).await?;
        let row = found.filter(|row| row.active && Role::of_word(&row.role) == Role::Owner).ok_or(WRONG)?;
        let of = clinic::Entity::find_by_id(row.clinic).one(&self.db).await?.ok_or(WRONG)?;
        let guess = key_of_password(&recovery_as_written(paper), of.recovery_salt.clone()).await?;
        let key = guess.unwrap(place_of_recovery(&of.id), &of.recovery_wrapped).map_err(|_| WRONG)?;
        let paper = recovery_words();
        let (paper_salt, paper_wrapped) = wrap(&key, place_of_recovery(&of.id), &paper).await?;
        let (salt, wrapped) = wrap(&key, place_of_account(&row.id), password).await?;
        let who = Who { account: row.id, clinic: of.id, role: Role::Owner };
        let writing = self.begin().await?;
        // Only if the key on paper is still the one that opened, so that it opens once.
        let used = clinic::Column::Id.eq(of.id).and(clinic::Column::RecoveryWrapped.eq(of.recovery_wrapped));
        let new_paper = clinic::Entity::update_many()
            .col_expr(clinic::Column::RecoverySalt, Expr::value(paper_salt))
            .col_expr(clinic::Column::RecoveryWrapped, Expr::value(paper_wrapped))
            .filter(used);
        if new_paper.exec(&writing).await?.rows_affected != 1 {
            return Err(WRONG);
        }
        let mut row: account::ActiveModel = row.into();
        (row.salt, row.key_wrapped) = (Set(salt), Set(wrapped));
        // The second factor may be what was lost.
        (row.totp_on, row.totp_sealed) = (Set(false), Set(None));
        row.update(&writing).await?;
        let theirs = sign_in::Column::Account.eq(who.account);
        sign_in::Entity::delete_many().filter(theirs).exec(&writing).await?;
        writing.commit().await?;
        self.unlock(who.clinic, key);
        self.note(&who, Deed::new("recovered")).await?;
        Ok((who, paper))
    }

    /// A new key for paper; the one before opens nothing any more.
    pub(crate) async fn new_recovery_key(&self, who: &Who) -> Result<String, Error> {
        let paper = recovery_words();
        let key = self.clinic_key(who.clinic)?;
        let (salt, wrapped) = wrap(&key, place_of_recovery(&who.clinic), &paper).await?;
        let new_paper = clinic::Entity::update_many()
            .col_expr(clinic::Column::RecoverySalt, Expr::value(salt))
            .col_expr(clinic::Column::RecoveryWrapped, Expr::value(wrapped))
            .filter(clinic::Column::Id.eq(who.clinic));
        new_paper.exec(&self.db).await?;
        self.note(who, Deed::new("recovery_key.made")).await?;
        Ok(paper)
    }

    /// Whether this is the password of who is signed in.
    pub(crate) async fn require_password(&self, who: &Who, password: &str) -> Result<(), Error> {
        let row = self.account_of(who.clinic, who.account).await?;
        let guess = key_of_password(password, row.salt.clone()).await?;
        let opened = guess.unwrap(place_of_account(&row.id), &row.key_wrapped);
        opened.map(drop).map_err(|_| Error::unusable("not_your_password", "Your password is not right."))
    }

    /// Sets the password of an account of this clinic, and signs every browser of theirs out.
    ///
    /// Somebody else's second factor goes with it: it may be what was lost.
    pub(crate) async fn set_password(&self, who: &Who, id: Uuid, password: &str) -> Result<(), Error> {
        let row = self.account_of(who.clinic, id).await?;
        good_password(password, &[&row.login])?;
        let mut row: account::ActiveModel = row.into();
        let (salt, wrapped) = wrap(&self.clinic_key(who.clinic)?, place_of_account(&id), password).await?;
        (row.salt, row.key_wrapped) = (Set(salt), Set(wrapped));
        if id != who.account {
            (row.totp_on, row.totp_sealed) = (Set(false), Set(None));
        }
        row.update(&self.db).await?;
        sign_in::Entity::delete_many().filter(sign_in::Column::Account.eq(id)).exec(&self.db).await?;
        self.note(who, Deed::new("password.set").about(id)).await
    }

    /// Everybody of the clinic.
    pub(crate) async fn accounts(&self, who: &Who) -> Result<Vec<Account>, Error> {
        let of = account::Entity::find().filter(account::Column::Clinic.eq(who.clinic));
        let rows = of.order_by_asc(account::Column::CreatedAt).all(&self.db).await?;
        Ok(rows.into_iter().map(Account::from).collect())
    }

    /// One of them.
    pub(crate) async fn account(&self, who: &Who, id: Uuid) -> Result<Account, Error> {
        Ok(self.account_of(who.clinic, id).await?.into())
    }

    /// One more.
    pub(crate) async fn new_account(&self, who: &Who, new: NewAccount<'_>) -> Result<Account, Error> {
        let row = self.account_row(who.clinic, &self.clinic_key(who.clinic)?, new).await?;
        let made = account::Entity::insert(row).exec_with_returning(&self.db).await?;
        self.note(who, Deed::new("account.made").about(made.id)).await?;
        Ok(made.into())
    }

    /// Changes name, role and whether an account may sign in; the last owner stays one.
    pub(crate) async fn change_account(
        &self,
        who: &Who,
        id: Uuid,
        name: &str,
        role: Role,
        active: bool,
    ) -> Result<Account, Error> {
        let row = self.account_of(who.clinic, id).await?;
        let stays_owner = role == Role::Owner && active;
        let writing = self.begin().await?;
        // Held until the end, so that two owners do not take each other's place at once.
        clinic::Entity::find_by_id(who.clinic).lock_exclusive().one(&writing).await?;
        if Role::of_word(&row.role) == Role::Owner && !stays_owner && owners(&writing, who.clinic).await? < 2
        {
            let message = "This is the only owner. Make somebody else an owner first.";
            return Err(Error::unusable("last_owner", message));
        }
        let mut row: account::ActiveModel = row.into();
        row.name = Set(required(name, "name")?);
        row.role = Set(role.word().to_owned());
        row.active = Set(active);
        let changed = row.update(&writing).await?;
        if !active {
            sign_in::Entity::delete_many().filter(sign_in::Column::Account.eq(id)).exec(&writing).await?;
        }
        writing.commit().await?;
        self.note(who, Deed::new("account.changed").about(id)).await?;
        Ok(changed.into())
    }

    /// A new secret for the second factor of who is signed in; on after [`Store::confirm_second_factor`].
    pub(crate) async fn new_second_factor(&self, who: &Who) -> Result<SecondFactor, Error> {
        let row = self.account_of(who.clinic, who.account).await?;
        if row.totp_on {
            let message = "The second factor is on. Turn it off with a code before you set up another one.";
            return Err(Error::unusable("second_factor_on", message));
        }
        let secret = random::<20>();
        let sealed = self.clinic_key(who.clinic)?.seal(place_of_totp(&row.id), &secret);
        let made = totp(&secret, &row.login)?;
        let uri = made.to_url().map_err(|error| Error::Ours(error.to_string()))?;
        let mut row: account::ActiveModel = row.into();
        (row.totp_sealed, row.totp_on) = (Set(Some(sealed)), Set(false));
        row.update(&self.db).await?;
        Ok(SecondFactor { secret: data_encoding::BASE32_NOPAD.encode(&secret), qr_svg: qr_svg(&uri)?, uri })
    }

    /// Turns the second factor on or off with a code of it.
    pub(crate) async fn confirm_second_factor(&self, who: &Who, code: &str, on: bool) -> Result<(), Error> {
        let row = self.account_of(who.clinic, who.account).await?;
        self.require_code(&row, &self.clinic_key(who.clinic)?, Some(code)).await?;
        let mut row: account::ActiveModel = self.account_of(who.clinic, who.account).await?.into();
        row.totp_on = Set(on);
        if !on {
            row.totp_sealed = Set(None);
        }
        row.update(&self.db).await?;
        let action = if on { "second_factor.on" } else { "second_factor.off" };
        self.note(who, Deed::new(action)).await
    }

    /// Takes a code once.
    async fn require_code(&self, row: &account::Model, key: &Key, code: Option<&str>) -> Result<(), Error> {
        const NEEDED: Error =
            Error::SignIn { code: "code_needed", message: "Type the six digits of your authenticator." };
        const WRONG: Error = Error::SignIn {
            code: "wrong_code",
            message: "This code is not right, or was used before. Wait for the next one; check the device's clock.",
        };
        let sealed = row.totp_sealed.as_ref().ok_or(WRONG)?;
        let code = code.ok_or(NEEDED)?;
        let secret = key.open(place_of_totp(&row.id), sealed)?;
        let time = u64::try_from(now() / 1000).unwrap_or(0);
        let step = totp(&secret, &row.login)?.check(code, time).ok_or(WRONG)?;
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        // Only if it moves on, so that two requests with one code do not both get in.
        let newer = account::Column::Id.eq(row.id).and(account::Column::TotpStep.lt(step));
        let update = account::Entity::update_many().col_expr(account::Column::TotpStep, Expr::value(step));
        let taken = update.filter(newer).exec(&self.db).await?.rows_affected;
        if taken == 1 { Ok(()) } else { Err(WRONG) }
    }

    async fn account_of(&self, clinic: Uuid, id: Uuid) -> Result<account::Model, Error> {
        let row = account::Entity::find_by_id(id).one(&self.db).await?;
        row.filter(|row| row.clinic == clinic).ok_or(Error::Missing("account"))
    }

    async fn account_row(
        &self,
        clinic: Uuid,
        key: &Key,
        new: NewAccount<'_>,
    ) -> Result<account::ActiveModel, Error> {
        good_password(new.password, &[new.name, new.login])?;
        let (name, login) = (required(new.name, "name")?, folded(&required(new.login, "login")?));
        if account::Entity::find().filter(account::Column::Login.eq(&login)).count(&self.db).await? > 0 {
            return Err(Error::unusable("login_taken", "This login is taken. Choose another."));
        }
        let id = Uuid::now_v7();
        let (salt, wrapped) = wrap(key, place_of_account(&id), new.password).await?;
        Ok(account::ActiveModel {
            id: Set(id),
            clinic: Set(clinic),
            login: Set(login),
            name: Set(name),
            role: Set(new.role.word().to_owned()),
            active: Set(true),
            salt: Set(salt),
            key_wrapped: Set(wrapped),
            totp_sealed: Set(None),
            totp_on: Set(false),
            totp_step: Set(0),
            created_at: Set(now()),
        })
    }
}

/// How many owners of a clinic may sign in.
async fn owners(db: &impl ConnectionTrait, clinic: Uuid) -> Result<u64, Error> {
    let of = account::Column::Clinic.eq(clinic);
    let owner = account::Column::Role.eq(Role::Owner.word()).and(account::Column::Active.eq(true));
    Ok(account::Entity::find().filter(of.and(owner)).count(db).await?)
}

impl From<account::Model> for Account {
    fn from(row: account::Model) -> Self {
        let role = Role::of_word(&row.role);
        let account::Model { id, name, login, active, totp_on, .. } = row;
        Self { id, name, login, role, active, second_factor: totp_on }
    }
}

/// A secret wrapped by a password: the salt and the wrapped key.
async fn wrap(key: &Key, place: Place<'_>, password: &str) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let salt = random::<16>().to_vec();
    let wrapped = key.wrapped_by(&key_of_password(password, salt.clone()).await?, place);
    Ok((salt, wrapped))
}

async fn key_of_password(password: &str, salt: Vec<u8>) -> Result<Key, Error> {
    static GUESSES: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(GUESSES_AT_ONCE);
    let turn = GUESSES.acquire().await.map_err(|error| Error::Ours(error.to_string()))?;
    let password = zeroize::Zeroizing::new(password.to_owned());
    // With its turn, because the work goes on when nobody waits for it any more.
    off_the_loop(move || {
        let _turn = turn;
        Ok(Key::of_password(&password, &salt))
    })
    .await
}

fn totp(secret: &[u8], login: &str) -> Result<Totp, Error> {
    let made = Builder::new()
        .with_secret(Secret::from(secret.to_vec()))
        .with_account_name(login.replace(':', " "))
        .with_issuer(Some("Stipple"));
    made.build().map_err(|error| Error::Ours(error.to_string()))
}

/// Refuses a password that is short, or that a list of common ones, dates, names and patterns leads to soon.
fn good_password(password: &str, theirs: &[&str]) -> Result<(), Error> {
    let found = password.chars().count();
    if !(PASSWORD_CHARS_MIN..=1000).contains(&found) {
        let message = format!(
            "The password has {found} characters; at least {PASSWORD_CHARS_MIN} are needed. A few words in a row are \
             easy to remember."
        );
        return Err(Error::unusable("short_password", message));
    }
    if zxcvbn::zxcvbn(password, theirs).guesses() < GUESSES_MIN {
        let message = "This password would be guessed soon: it is a common one, a pattern, a date or a name. A few \
                       words in a row that have nothing to do with each other are easy to remember and hard to guess.";
        return Err(Error::unusable("weak_password", message));
    }
    Ok(())
}

fn folded(login: &str) -> String {
    login.trim().to_lowercase()
}

fn hash(cookie: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(cookie.as_bytes()))
}

fn place_of_recovery(id: &Uuid) -> Place<'_> {
    Place { kind: "clinic key on paper", id: id.as_bytes() }
}

fn place_of_account(id: &Uuid) -> Place<'_> {
    Place { kind: "clinic key", id: id.as_bytes() }
}

fn place_of_totp(id: &Uuid) -> Place<'_> {
    Place { kind: "second factor", id: id.as_bytes() }
}
