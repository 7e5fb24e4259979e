//! `stipple serve` opens the studio; `backup`, `restore`, `verify` and `audit` keep it safe.

use std::path::Path;

use stipple_record::store::{read_input, write_file};
use stipple_server::{Error, Head, Held, MailSettings, Options};

use crate::arguments::{self as typed, Shared};
use crate::show;
use crate::trouble::Trouble;

/// The variable that holds the address of a PostgreSQL database; an address holds a password, so it is no flag.
const DATABASE: &str = "STIPPLE_DATABASE";

/// Largest head of an audit, bytes.
const HEAD_BYTES_MAX: u64 = 1 << 20;

/// Serves the studio until it is interrupted.
pub(crate) fn serve(command: &typed::Serve, shared: &Shared) -> Result<(), Trouble> {
    let program = std::env::current_exe().map_err(|error| Trouble::Ours(error.kind().to_string()))?;
    let options = Options {
        data: command.data.clone(),
        database: database(),
        listen: command.listen,
        hosts: command.host.clone(),
        several_clinics: command.several_clinics,
        mail: command.mail.as_deref().map(MailSettings::in_file).transpose().map_err(trouble)?,
        program,
    };
    stipple_server::serve(&options, |address| {
        show::done(&format!("the studio is open at http://{address}"), shared)
    })
    .map_err(trouble)
}

/// Copies a studio while it works.
pub(crate) fn back_up(command: &typed::Backup, shared: &Shared) -> Result<(), Trouble> {
    let held =
        stipple_server::back_up(&command.data, database().as_deref(), &command.out).map_err(trouble)?;
    show::done(&format!("backed up {}", said(&held)), shared);
    Ok(())
}

/// Puts a backup into a new folder.
pub(crate) fn restore(command: &typed::Restore, shared: &Shared) -> Result<(), Trouble> {
    let list = Some(command.erased.as_path()).filter(|list| *list != Path::new("none"));
    let restored = stipple_server::restore(&command.backup, &command.data, database().as_deref(), list)
        .map_err(trouble)?;
    show::done(&format!("restored and checked {}", said(&restored.held)), shared);
    if list.is_none() {
        show::done("whoever was erased after this backup is back: erase them again", shared);
        show::done("consents that were taken back after it stand again: take them back again", shared);
    } else if restored.erased_since == 0 {
        let doubt = "the list names nobody who was erased after this backup; if somebody was, the list is too old and they are back";
        show::done(doubt, shared);
    }
    Ok(())
}

/// Checks a backup, by restoring it for a trial.
pub(crate) fn verify_backup(backup: &Path, shared: &Shared) -> Result<(), Trouble> {
    unharmed(stipple_server::verify_backup(backup), shared)
}

/// Checks a studio.
pub(crate) fn verify_studio(data: &Path, shared: &Shared) -> Result<(), Trouble> {
    unharmed(stipple_server::verify(data, database().as_deref()), shared)
}

fn unharmed(held: Result<Held, Error>, shared: &Shared) -> Result<(), Trouble> {
    show::done(&format!("everything is there and unharmed: {}", said(&held.map_err(trouble)?)), shared);
    Ok(())
}

/// Checks the chain of what was done, or writes down where it ends.
pub(crate) fn audit(command: &typed::Audit, shared: &Shared) -> Result<(), Trouble> {
    match command {
        typed::Audit::Verify(command) => {
            let head = command.head.as_ref().map(|place| read_input("head", place, HEAD_BYTES_MAX));
            let head = head.transpose()?.map(|bytes| Head::from_json(&bytes)).transpose().map_err(trouble)?;
            let rows = stipple_server::verify_audit(&command.data, database().as_deref(), head.as_ref());
            let rows = rows.map_err(trouble)?;
            let against = if head.is_some() {
                ", and goes on from the head"
            } else {
                "; that none of its end was cut off shows against a head alone (--head)"
            };
            show::done(&format!("the audit is whole: {rows} rows{against}"), shared);
        }
        typed::Audit::Head(command) => {
            let head = stipple_server::audit_head(&command.data, database().as_deref()).map_err(trouble)?;
            write_file(&command.out, head.to_json().as_bytes())?;
            show::done(&format!("wrote down where the audit ends: {} rows", head.rows()), shared);
        }
    }
    Ok(())
}

fn database() -> Option<String> {
    std::env::var(DATABASE).ok().filter(|address| !address.is_empty())
}

fn said(held: &Held) -> String {
    let of = |table: &str| held.rows.get(table).copied().unwrap_or(0);
    let left_over = match held.left_over {
        0 => String::new(),
        count => format!("; {count} files left over from a loss of power, which harm nothing"),
    };
    format!(
        "{} clients, {} photographs, {} results in {} files{left_over}",
        of("client"),
        of("photograph"),
        of("record"),
        held.blobs
    )
}

fn trouble(error: Error) -> Trouble {
    match error {
        Error::Ours(detail) => Trouble::Ours(detail),
        other => Trouble::Studio(other.to_string()),
    }
}
