//! The tables, by the version in which each came. What has been released is never changed here: a change is one more.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, binary_null, boolean, integer, string, string_null, string_uniq,
    text, text_null, uuid, uuid_null,
};

/// Every change of the tables, oldest first.
pub(crate) struct Migrator;

#[sea_orm_migration::async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(First),
            Box::new(Ratings),
            Box::new(RatedOnce),
            Box::new(WhyInAWord),
            Box::new(ChosenReading),
            Box::new(Book),
            Box::new(OwnTexts),
            Box::new(Mail),
            Box::new(Publishing),
            Box::new(Proof),
            Box::new(Alarm),
            Box::new(WhoSays),
        ]
    }
}

/// What the first studio kept.
struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0001_first_studio"
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for First {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for made in people().into_iter().chain(heads()).chain(work()) {
            manager.create_table(made).await?;
        }
        for (name, of, column) in INDEXES {
            let index = Index::create().name(name).table(of).col(column).to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// What people say of pictures.
struct Ratings;

impl MigrationName for Ratings {
    fn name(&self) -> &'static str {
        "m0002_ratings"
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Ratings {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for made in ratings() {
            manager.create_table(made).await?;
        }
        let index = Index::create().name("rating_by_photograph").table("rating").col("photograph").to_owned();
        manager.create_index(index).await
    }
}

/// A picture is rated once in a round.
struct RatedOnce;

impl MigrationName for RatedOnce {
    fn name(&self) -> &'static str {
        "m0003_rated_once"
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for RatedOnce {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What a double tap had kept twice.
        let later = "DELETE FROM rating WHERE round IS NOT NULL AND EXISTS (SELECT 1 FROM rating AS earlier WHERE \
                     earlier.round = rating.round AND earlier.photograph = rating.photograph AND earlier.id < rating.id)";
        manager.get_connection().execute_unprepared(later).await?;
        // Outside of rounds there is no round, and nothing is once alone. For a day the index came with the table.
        let mut once = Index::create();
        once.if_not_exists()
            .name("rating_once_a_round")
            .table("rating")
            .col("round")
            .col("photograph")
            .unique();
        manager.create_index(once).await
    }
}

/// Why a job failed is kept as a word too, so that a page can say it in its own language.
struct WhyInAWord;

impl MigrationName for WhyInAWord {
    fn name(&self) -> &'static str {
        "m0004_why_in_a_word"
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for WhyInAWord {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let code = Table::alter().table("job").add_column(text_null("code")).to_owned();
        manager.alter_table(code).await
    }
}

/// Which reading of a photograph plans, reports and outcomes start from.
struct ChosenReading;

impl MigrationName for ChosenReading {
    fn name(&self) -> &'static str {
        "m0005_chosen_reading"
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for ChosenReading {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let reading = Table::alter().table("photograph").add_column(uuid_null("reading")).to_owned();
        manager.alter_table(reading).await?;
        let mut waiting = boolean("waiting");
        let waiting = Table::alter().table("record").add_column(waiting.default(false)).to_owned();
        manager.alter_table(waiting).await?;
        manager.get_connection().execute_unprepared(LAST_READING_STANDS).await.map(drop)
    }
}

/// What is signed, done and told, by whom, in a chain; ways in for clients.
struct Book;

impl MigrationName for Book {
    fn name(&self) -> &'static str {
        "m0006_book"
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Book {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let chained = [
            uuid_null("client"),
            string_null("bound"),
            big_integer("place").default(0).to_owned(),
            string("hash").default("").to_owned(),
        ];
        for column in chained {
            // SQLite adds one column at a time.
            manager.alter_table(Table::alter().table("audit").add_column(column).to_owned()).await?;
        }
        for made in book() {
            manager.create_table(made).await?;
        }
        for (name, of, column) in BOOK_INDEXES {
            let index = Index::create().name(name).table(of).col(column).to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// See [`INDEXES`].
const BOOK_INDEXES: [(&str, &str, &str); 4] = [
    ("audit_by_client", "audit", "client"),
    ("entry_by_client", "entry", "client"),
    ("entry_by_kind", "entry", "kind"),
    ("link_by_client", "link", "client"),
];

fn book() -> Vec<TableCreateStatement> {
    vec![
        table("entry").id().of([("client", "client"), ("case_id", "case")]).with([
            uuid("client"),
            uuid("case_id"),
            string("kind"),
            uuid_null("parent"),
            uuid_null("account"),
            binary("sealed"),
            big_integer("created_at"),
        ]),
        table("link").key(&["id"]).of([("client", "client"), ("case_id", "case")]).with([
            string("id"),
            uuid("clinic"),
            uuid("client"),
            uuid("case_id"),
            string("kind"),
            uuid("account"),
            binary("key_wrapped"),
            big_integer("expires_at"),
            big_integer_null("closed_at"),
            big_integer("created_at"),
        ]),
    ]
}

/// Where none was chosen, as before there was a choice, the last one stands.
pub(super) const LAST_READING_STANDS: &str = "UPDATE photograph SET reading = (SELECT record.id FROM record WHERE \
     record.photograph = photograph.id AND record.kind = 'reading' ORDER BY record.created_at DESC, record.id DESC LIMIT 1) \
     WHERE reading IS NULL";

fn ratings() -> Vec<TableCreateStatement> {
    vec![
        table("rating")
            .id()
            .of([("client", "client"), ("photograph", "photograph"), ("account", "account")])
            .with([
                uuid("client"),
                uuid("photograph"),
                uuid("account"),
                string("kind"),
                uuid_null("round"),
                binary("sealed"),
                big_integer("created_at"),
            ]),
        table("round").id().of([("account", "account")]).with([
            uuid("account"),
            text("photographs"),
            big_integer("created_at"),
        ]),
    ]
}

/// What is looked up by something else than its own id.
const INDEXES: [(&str, &str, &str); 13] = [
    ("account_by_clinic", "account", "clinic"),
    ("sign_in_by_account", "sign_in", "account"),
    ("client_by_clinic", "client", "clinic"),
    ("set_aside_by_subject", "set_aside", "subject"),
    ("case_by_client", "case", "client"),
    ("visit_by_case", "visit", "case_id"),
    ("upload_by_visit", "upload", "visit"),
    ("photograph_by_visit", "photograph", "visit"),
    ("photograph_by_client", "photograph", "client"),
    ("record_by_photograph", "record", "photograph"),
    ("record_by_client", "record", "client"),
    ("job_by_state", "job", "state"),
    ("audit_by_clinic", "audit", "clinic"),
];

fn people() -> Vec<TableCreateStatement> {
    vec![
        table("clinic").id().with([
            string("name"),
            binary("recovery_salt"),
            binary("recovery_wrapped"),
            big_integer("created_at"),
        ]),
        table("account").id().of([("clinic", "clinic")]).with([
            uuid("clinic"),
            string_uniq("login"),
            string("name"),
            string("role"),
            boolean("active"),
            binary("salt"),
            binary("key_wrapped"),
            binary_null("totp_sealed"),
            boolean("totp_on"),
            big_integer("totp_step"),
            big_integer("created_at"),
        ]),
        table("sign_in").key(&["id"]).of([("account", "account")]).with([
            string("id"),
            uuid("account"),
            big_integer("created_at"),
            big_integer("used_at"),
        ]),
        table("audit").id().of([("clinic", "clinic")]).with([
            uuid("clinic"),
            uuid_null("account"),
            string("action"),
            uuid_null("subject"),
            big_integer("at"),
        ]),
    ]
}

fn heads() -> Vec<TableCreateStatement> {
    vec![
        table("client").id().of([("clinic", "clinic")]).with([
            uuid("clinic"),
            big_integer("version"),
            binary("key_wrapped"),
            binary("sealed"),
            big_integer("created_at"),
            big_integer("changed_at"),
        ]),
        table("set_aside").id().of([("client", "client"), ("account", "account")]).with([
            uuid("client"),
            uuid("subject"),
            big_integer("version"),
            uuid("account"),
            binary("sealed"),
            big_integer("created_at"),
        ]),
        table("case").id().of([("client", "client")]).with([
            uuid("client"),
            big_integer("version"),
            binary("sealed"),
            big_integer("created_at"),
        ]),
        table("visit").id().of([("client", "client"), ("case_id", "case")]).with([
            uuid("client"),
            uuid("case_id"),
            big_integer("version"),
            binary("sealed"),
            big_integer("created_at"),
        ]),
    ]
}

fn work() -> Vec<TableCreateStatement> {
    vec![
        table("upload").id().of([("client", "client"), ("visit", "visit")]).with([
            uuid("client"),
            uuid("visit"),
            big_integer("bytes"),
            string("sha256"),
            big_integer("received"),
            big_integer("created_at"),
        ]),
        table("piece").key(&["upload", "starts_at"]).of([("upload", "upload")]).with([
            uuid("upload"),
            big_integer("starts_at"),
            string("blob"),
        ]),
        table("photograph").id().of([("client", "client"), ("visit", "visit")]).with([
            uuid("client"),
            uuid("visit"),
            string("sha256"),
            big_integer("bytes"),
            string("blob"),
            string("state"),
            binary_null("sealed"),
            string_null("screen_blob"),
            string_null("small_blob"),
            big_integer("created_at"),
        ]),
        table("record")
            .id()
            .of([("client", "client"), ("photograph", "photograph"), ("account", "account")])
            .with([
                uuid("client"),
                uuid("photograph"),
                string("kind"),
                uuid_null("parent"),
                uuid("account"),
                boolean("corrected"),
                big_integer("created_at"),
            ]),
        table("file").key(&["record", "name"]).of([("record", "record")]).with([
            uuid("record"),
            string("name"),
            string("blob"),
        ]),
        table("job").id().of([("client", "client"), ("account", "account")]).with([
            uuid("client"),
            uuid("account"),
            string("kind"),
            uuid("subject"),
            binary("sealed"),
            string("state"),
            integer("begun"),
            text_null("message"),
            uuid_null("result"),
            big_integer("created_at"),
        ]),
    ]
}

/// Texts that a clinic makes its own, where it is, and who is only kept because the law says so.
struct OwnTexts;

impl MigrationName for OwnTexts {
    fn name(&self) -> &'static str {
        "m0007_own_texts"
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for OwnTexts {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let texts = table("own_text").id().of([("clinic", "clinic"), ("account", "account")]).with([
            uuid("clinic"),
            string("name"),
            big_integer("version"),
            uuid("account"),
            text_null("toml"),
            big_integer("created_at"),
        ]);
        manager.create_table(texts).await?;
        let mut once = Index::create();
        once.name("own_text_once").table("own_text").col("clinic").col("name").col("version").unique();
        manager.create_index(once).await?;
        let country = Table::alter().table("clinic").add_column(string_null("country")).to_owned();
        manager.alter_table(country).await?;
        let mut medical = boolean("medical");
        let medical = Table::alter().table("clinic").add_column(medical.default(false)).to_owned();
        manager.alter_table(medical).await?;
        let kept = Table::alter().table("client").add_column(string_null("kept_until")).to_owned();
        manager.alter_table(kept).await
    }
}

/// Letters to clients, and calendars for accounts.
struct Mail;

impl MigrationName for Mail {
    fn name(&self) -> &'static str {
        "m0008_mail"
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Mail {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for made in mail() {
            manager.create_table(made).await?;
        }
        for column in ["client", "state"] {
            let name = format!("mail_by_{column}");
            manager.create_index(Index::create().name(name).table("mail").col(column).to_owned()).await?;
        }
        Ok(())
    }
}

fn mail() -> Vec<TableCreateStatement> {
    vec![
        table("mail").id().of([("client", "client"), ("case_id", "case")]).with([
            uuid("clinic"),
            uuid("client"),
            uuid("case_id"),
            string("kind"),
            string_uniq("occasion"),
            binary("sealed"),
            string("state"),
            string_null("reason"),
            integer("tries"),
            big_integer("next_at"),
            big_integer("changed_at"),
            big_integer("created_at"),
        ]),
        table("feed").key(&["id"]).of([("account", "account")]).with([
            string("id"),
            uuid("account"),
            big_integer("expires_at"),
            big_integer("created_at"),
        ]),
    ]
}

/// What is shown to strangers, and what clients say of it.
struct Publishing;

impl MigrationName for Publishing {
    fn name(&self) -> &'static str {
        "m0009_publishing"
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Publishing {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for made in publishing() {
            manager.create_table(made).await?;
        }
        Ok(())
    }
}

fn publishing() -> Vec<TableCreateStatement> {
    vec![
        table("publication").id().of([("clinic", "clinic")]).with([
            uuid("clinic"),
            uuid("client"),
            uuid("case_id"),
            uuid("record"),
            string("public_id"),
            big_integer_null("withdrawn_at"),
            big_integer("created_at"),
        ]),
        table("showcase").key(&["clinic"]).of([("clinic", "clinic")]).with([uuid("clinic"), text("json")]),
        table("signing").key(&["clinic"]).of([("clinic", "clinic")]).with([
            uuid("clinic"),
            binary("sealed"),
            big_integer("created_at"),
        ]),
        table("review").id().of([("client", "client"), ("case_id", "case")]).with([
            uuid("clinic"),
            uuid("client"),
            uuid("case_id"),
            integer("stars"),
            text("text"),
            text("incentive"),
            string_null("insider"),
            string("session_month"),
            text_null("answer"),
            string_null("removed"),
            big_integer("created_at"),
        ]),
    ]
}

/// The hash of what is shown, what is offered for a review, and how many were erased of those who counted.
struct Proof;

impl MigrationName for Proof {
    fn name(&self) -> &'static str {
        "m0010_proof"
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Proof {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sha256 = Table::alter().table("publication").add_column(string_null("sha256")).to_owned();
        manager.alter_table(sha256).await?;
        let offered = Table::alter().table("link").add_column(text_null("offered")).to_owned();
        manager.alter_table(offered).await?;
        let gone = table("gone").id().of([("clinic", "clinic")]).with([
            uuid("clinic"),
            integer("treated"),
            integer("withdrawn"),
            integer("reviews"),
        ]);
        manager.create_table(gone).await
    }
}

/// Where a clinic wants to hear of a warning sign.
struct Alarm;

impl MigrationName for Alarm {
    fn name(&self) -> &'static str {
        "m0011_alarm"
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Alarm {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["alarm_to", "alarm_language"] {
            let more = Table::alter().table("clinic").add_column(text_null(column)).to_owned();
            manager.alter_table(more).await?;
        }
        Ok(())
    }
}

/// What the clinic says it gave for a review, apart from what its writer says they got; who took back what was shown.
struct WhoSays;

impl MigrationName for WhoSays {
    fn name(&self) -> &'static str {
        "m0012_who_says"
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for WhoSays {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let offered = Table::alter().table("review").add_column(text_null("offered")).to_owned();
        manager.alter_table(offered).await?;
        // What a link offered had taken the place of what was typed.
        let moved = "UPDATE review SET offered = incentive, incentive = '' WHERE incentive <> '' AND EXISTS (SELECT 1 FROM \
                     link WHERE link.case_id = review.case_id AND link.kind = 'review' AND link.offered = review.incentive)";
        manager.get_connection().execute_unprepared(moved).await?;
        let by = Table::alter().table("publication").add_column(string_null("withdrawn_by")).to_owned();
        manager.alter_table(by).await?;
        let known = "UPDATE publication SET withdrawn_by = 'clinic' WHERE withdrawn_at IS NOT NULL AND EXISTS (SELECT 1 FROM \
                     audit WHERE audit.action = 'publication.withdrawn' AND audit.subject = publication.id)";
        manager.get_connection().execute_unprepared(known).await.map(drop)
    }
}

/// A table in the making.
struct Making {
    name: &'static str,
    made: TableCreateStatement,
}

fn table(name: &'static str) -> Making {
    Making { name, made: Table::create().table(name).to_owned() }
}

impl Making {
    /// Its key is one column `id`.
    fn id(mut self) -> Self {
        self.made.col(uuid("id"));
        self.key(&["id"])
    }

    fn key(mut self, columns: &[&'static str]) -> Self {
        let mut key = Index::create();
        for column in columns {
            key.col(*column);
        }
        self.made.primary_key(&mut key);
        self
    }

    /// Columns that name rows of other tables, so that none outlives its owner.
    fn of<const N: usize>(mut self, owners: [(&'static str, &'static str); N]) -> Self {
        for (column, owner) in owners {
            self.made.foreign_key(ForeignKey::create().from(self.name, column).to(owner, "id"));
        }
        self
    }

    fn with<const N: usize>(mut self, columns: [ColumnDef; N]) -> TableCreateStatement {
        for column in columns {
            self.made.col(column);
        }
        self.made
    }
}
