//! What is kept: rows in a database, sealed bytes in a folder, keys in memory.
//!
//! Order of every save: sealed bytes written, synced and renamed; then the row; then the answer. A row never
//! points at bytes that are not there. Bytes without a row are what a crash left; `verify` counts them.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod backup;
mod base64;
pub(crate) mod book;
pub(crate) mod cases;
pub(crate) mod clients;
#[allow(unreachable_pub, reason = "the derived names are as public as the rows")]
mod entity;
mod erasures;
pub(crate) mod export;
pub(crate) mod jobs;
pub(crate) mod keeping;
mod migration;
pub(crate) mod outbox;
pub(crate) mod own_texts;
pub(crate) mod photographs;
pub(crate) mod publishing;
pub(crate) mod ratings;
pub(crate) mod records;
pub(crate) mod removing;
pub(crate) mod rounds;
pub(crate) mod shelf;
pub(crate) mod texts;
pub(crate) mod uploads;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction,
    EntityTrait as _, IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait as _,
};
use sea_orm_migration::MigratorTrait as _;
use uuid::Uuid;

use crate::access::Role;
use crate::attempts::Attempts;
use crate::blobs::Blobs;
pub(crate) use crate::clock::now;
use crate::error::Error;
use crate::keys::{Key, Place};

/// Longest that one request waits for another's write, s.
const PATIENCE: Duration = Duration::from_secs(10);

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    /// Their account.
    pub account: Uuid,
    /// The clinic whose things they see.
    pub clinic: Uuid,
    /// What they may do.
    pub role: Role,
}

/// The store of one studio. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Store {
    db: DatabaseConnection,
    blobs: Blobs,
    erasures: erasures::Erasures,
    keys: Arc<RwLock<HashMap<Uuid, Key>>>,
    /// Where the pages that strangers see lie.
    public: PathBuf,
    /// What they tell of results.
    remembered: publishing::remembered::Remembered,
    /// Held while they are made.
    making_pages: Arc<tokio::sync::Mutex<()>>,
    /// How often links were used of late.
    links: Arc<Attempts>,
    /// Held while what stands in a book decides about one more entry.
    deciding: Arc<tokio::sync::Mutex<()>>,
    /// Held as long as this store works in its folder.
    #[expect(dead_code, reason = "it is held, not used")]
    alone: Option<Arc<std::fs::File>>,
}

impl Store {
    /// Opens the database at `database`, or SQLite in `folder` without one, and brings its tables up to date.
    ///
    /// # Errors
    /// A database that cannot be reached or was written by a later version; a folder that another studio works in.
    pub(crate) async fn open(folder: &Path, database: Option<&str>) -> Result<Self, Error> {
        own_folder(folder)?;
        let alone = std::fs::File::create(folder.join("lock"))?;
        if alone.try_lock().is_err() {
            return Err(Error::unusable(
                "in_use",
                "Another studio works in this folder. Close it, or name another folder.",
            ));
        }
        let db = connect(folder, database).await?;
        migration::Migrator::up(&db, None).await?;
        let blobs = Blobs::in_folder(&folder.join("blobs"))?;
        let erasures = erasures::Erasures::in_folder(folder);
        let store = Self {
            db,
            blobs,
            erasures,
            keys: Arc::default(),
            public: folder.join("public"),
            remembered: publishing::remembered::Remembered::default(),
            making_pages: Arc::default(),
            links: Arc::default(),
            deciding: Arc::default(),
            alone: Some(Arc::new(alone)),
        };
        store.chain_old_rows().await?;
        Ok(store)
    }

    /// Opens a store beside the studio that may work in it, to copy or check it.
    ///
    /// # Errors
    /// A folder without a store, a database that cannot be reached.
    pub(crate) async fn open_beside(folder: &Path, database: Option<&str>) -> Result<Self, Error> {
        if !folder.join("blobs").exists() {
            return Err(Error::unusable(
                "no_store",
                "This folder holds no studio. Name the one given to `serve --data`.",
            ));
        }
        let db = connect(folder, database).await?;
        let erasures = erasures::Erasures::in_folder(folder);
        Ok(Self {
            db,
            blobs: Blobs::read_only(&folder.join("blobs")),
            erasures,
            keys: Arc::default(),
            public: folder.join("public"),
            remembered: publishing::remembered::Remembered::default(),
            making_pages: Arc::default(),
            links: Arc::default(),
            deciding: Arc::default(),
            alone: None,
        })
    }
}

async fn connect(folder: &Path, database: Option<&str>) -> Result<DatabaseConnection, Error> {
    let own = format!("sqlite://{}?mode=rwc", folder.join("stipple.db").display());
    let mut options = ConnectOptions::new(database.unwrap_or(&own));
    options.sqlx_logging(false).max_connections(8).acquire_timeout(PATIENCE);
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .pragma("secure_delete", "ON")
    });
    // In our own words, because the driver's may repeat the address with its password.
    Database::connect(options).await.map_err(|_| {
        let message = "The database cannot be opened. Needed: a folder that can be written, or in STIPPLE_DATABASE the \
                       address of a PostgreSQL that answers (postgres://user:password@host/name).";
        Error::unusable("no_database", message)
    })
}

impl Store {
    /// Several writes that happen together or not at all.
    async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        // Because a reader that turns writer would fail where another wrote meanwhile.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.db.begin_with_options(options).await?)
    }

    /// Several reads as of one moment.
    async fn begin_reading(&self) -> Result<DatabaseTransaction, Error> {
        let options = TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        };
        Ok(match self.db.get_database_backend() {
            // SQLite's are of one moment anyway.
            sea_orm::DbBackend::Sqlite => self.db.begin().await?,
            _ => self.db.begin_with_options(options).await?,
        })
    }

    /// The key of a clinic in which somebody has signed in since the program started.
    pub(crate) fn clinic_key(&self, clinic: Uuid) -> Result<Key, Error> {
        let keys = self.keys.read().expect("no writer panics");
        keys.get(&clinic).cloned().ok_or(Error::SignIn {
            code: "locked",
            message: "The studio was restarted and is locked. Sign in with your password to open it.",
        })
    }

    /// Every clinic in which somebody has signed in since the program started.
    pub(crate) fn open_clinics(&self) -> Vec<Uuid> {
        self.keys.read().expect("no writer panics").keys().copied().collect()
    }

    /// Whether any clinic is open.
    pub(crate) fn is_open(&self) -> bool {
        !self.keys.read().expect("no writer panics").is_empty()
    }

    fn unlock(&self, clinic: Uuid, key: Key) {
        self.keys.write().expect("no writer panics").insert(clinic, key);
    }

    /// The key of a client of this clinic.
    pub(crate) async fn client_key(&self, clinic: Uuid, client: Uuid) -> Result<Key, Error> {
        let row = entity::client::Entity::find_by_id(client).one(&self.db).await?;
        let row = row.filter(|row| row.clinic == clinic).ok_or(Error::Missing("client"))?;
        if row.kept_until.is_some() {
            return Err(keeping::closed());
        }
        self.unwrapped(&row)
    }

    /// The same to look alone: the owner sees closed records too.
    pub(crate) async fn client_key_to_read(&self, who: &Who, client: Uuid) -> Result<Key, Error> {
        let row = entity::client::Entity::find_by_id(client).one(&self.db).await?;
        let row = row.filter(|row| row.clinic == who.clinic).ok_or(Error::Missing("client"))?;
        if row.kept_until.is_some() && who.role != Role::Owner {
            return Err(keeping::closed());
        }
        self.unwrapped(&row)
    }

    fn unwrapped(&self, row: &entity::client::Model) -> Result<Key, Error> {
        self.clinic_key(row.clinic)?.unwrap(place_of_client_key(&row.id), &row.key_wrapped)
    }

    /// Seals bytes for a client and puts them on disk; the name to keep in a row.
    async fn put(
        &self,
        key: &Key,
        kind: &'static str,
        client: Uuid,
        bytes: Vec<u8>,
    ) -> Result<String, Error> {
        let (blobs, key) = (self.blobs.clone(), key.clone());
        off_the_loop(move || blobs.put(&key.seal(Place { kind, id: client.as_bytes() }, &bytes))).await
    }

    /// What [`Store::put`] put.
    async fn get(&self, key: &Key, kind: &'static str, client: Uuid, name: String) -> Result<Vec<u8>, Error> {
        let (blobs, key) = (self.blobs.clone(), key.clone());
        let get = move || {
            let opened = key.open(Place { kind, id: client.as_bytes() }, &blobs.get(&name)?)?;
            Ok(opened.to_vec())
        };
        off_the_loop(get).await
    }

    /// Takes what was overwritten out of SQLite's journal too.
    async fn forget_old_pages(&self) -> Result<(), Error> {
        if self.db.get_database_backend() == sea_orm::DbBackend::Sqlite {
            self.db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
    }
}

/// Makes a folder unless it is there; a new one is nobody else's to look into.
fn own_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Where the key of a client is sealed.
fn place_of_client_key(client: &Uuid) -> Place<'_> {
    Place { kind: "client key", id: client.as_bytes() }
}

/// Runs work that waits for disk or counts long where it holds up nobody.
pub(crate) async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Ours(error.to_string()))?
}
