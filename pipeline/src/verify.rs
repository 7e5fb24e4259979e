//! What a signature proves, in plain words.

use std::collections::{BTreeMap, BTreeSet};

use stipple_model::{Bundle, Date, Doubt, Listed, Portfolio, PublishedCase, Signature};
use stipple_publish::{
    BrokenSeal, Fault, Standing, Verdict, broken_seal, end_of_signature, fingerprint, is_jpeg, signer_of,
    verified, voucher_of_signature,
};
use stipple_quantity::Estimate;
use stipple_record::{format, store};

use crate::error::Error;

pub use stipple_publish::certificates_from_pem;

/// The list of a bundle, and who signed it.
pub const LIST: &str = "files.json";
/// See [`LIST`].
pub const SIGNATURE: &str = "signature.json";
/// What programs read of a portfolio.
pub const PORTFOLIO: &str = "portfolio.json";
/// Longest name, and longest sentence of somebody else, that is shown, characters.
const CHARS_MAX: [usize; 2] = [100, 300];

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Whether everything holds.
    pub holds: bool,
    /// What was found, sentence by sentence.
    pub said: Vec<String>,
}

/// A JPEG's content credentials; `trusted` are certificates (DER) whose owners are believed, or none.
///
/// # Errors
/// If it is no JPEG of a size that is looked at.
pub fn verify_picture(bytes: &[u8], trusted: &[Vec<u8>]) -> Result<Verified, Error> {
    let verdict = verified(bytes, trusted)?;
    let faults = faults(&verdict, !trusted.is_empty());
    let mut said = faults.clone();
    if faults.is_empty() {
        said.push("the content credentials hold: nothing was changed after it was signed".to_owned());
        let key = verdict.fingerprint.as_deref();
        said.extend(about_signer(verdict.signer.as_deref(), key, verdict.standing == Standing::Trusted));
        said.extend(stated(&verdict));
        said.push(LIMITS.to_owned());
    }
    Ok(Verified { holds: faults.is_empty(), said })
}

/// A bundle's seal and every picture in it, on the day `today`; `read` gives a file of these names.
///
/// # Errors
/// If list or signature cannot be read, or a file cannot.
pub fn verify_bundle(
    names: &[String],
    read: &mut dyn FnMut(&str) -> Result<Vec<u8>, stipple_record::Error>,
    trusted: &[Vec<u8>],
    today: Date,
) -> Result<Verified, Error> {
    let list = read(LIST)?;
    let (bundle, signature) =
        (format::bundle_from_json(&list)?, format::signature_from_json(read(SIGNATURE)?)?);
    let mut broken = broken_seal(&list, &bundle, &signature, trusted);
    let key = fingerprint(&signature.public_key);
    let files = files((names, &bundle), &key, read)?;
    broken.extend(files.broken);
    if !broken.is_empty() || !files.pictures_broken.is_empty() {
        let said = broken.iter().map(|found| format!("the bundle does not hold: {found}"));
        return Ok(Verified { holds: false, said: said.chain(files.pictures_broken).collect() });
    }
    let mut said = vec![format!(
        "the seal holds: {} files are as they were signed on {}, none is missing and none besides",
        bundle.files.len(),
        bundle.made_on
    )];
    let voucher = voucher_of_signature(&signature).filter(|_| !trusted.is_empty());
    let signer = signer_of(&signature);
    said.extend(about_signer(signer.as_deref(), Some(&key), !trusted.is_empty()));
    said.extend(voucher.map(|name| format!("the one who vouches calls itself \"{}\"", plain(&name))));
    said.extend(ended(&signature, today));
    let portfolio = portfolio_of(&bundle, read)?;
    if let Some(Ok(portfolio)) = &portfolio {
        let untrue = untrue(portfolio, &bundle, &files.stated);
        if !untrue.is_empty() {
            return Ok(Verified { holds: false, said: untrue });
        }
    }
    said.extend(about_clinic(portfolio.as_ref(), signer.as_deref()));
    if let Some(head) = &bundle.ledger {
        said.push(format!("the clinic's chain stood at row {}, hash {}", head.place, head.hash));
    }
    said.push(format!(
        "the content credentials of all {} pictures hold, each by the same key",
        files.pictures
    ));
    said.push(LIMITS.to_owned());
    Ok(Verified { holds: true, said })
}

/// What no signature can say.
const LIMITS: &str = "a signature proves who signed and that nothing was changed since; it does not prove that a photograph \
                      shows what it seems to, that the numbers are right, or how anybody else would heal";

struct Files {
    broken: Vec<BrokenSeal>,
    pictures: usize,
    pictures_broken: Vec<String>,
    /// What each picture states, by its name.
    stated: BTreeMap<String, format::Derivation>,
}

/// Files of a folder, and a list of them that was signed by a key.
fn files(
    (names, bundle): (&[String], &Bundle),
    key: &str,
    read: &mut dyn FnMut(&str) -> Result<Vec<u8>, stipple_record::Error>,
) -> Result<Files, Error> {
    let there: BTreeSet<&str> =
        names.iter().map(String::as_str).filter(|n| ![LIST, SIGNATURE].contains(n)).collect();
    let listed: BTreeSet<&str> = bundle.files.iter().map(|file| file.name.as_str()).collect();
    let (mut changed, mut pictures, mut pictures_broken) = (Vec::new(), 0, Vec::new());
    let mut stated = BTreeMap::new();
    for Listed { name, sha256 } in bundle.files.iter().filter(|file| there.contains(file.name.as_str())) {
        let bytes = read(name)?;
        if store::sha256_hex(&bytes) != *sha256 {
            changed.push(name.clone());
        }
        if is_jpeg(&bytes) {
            pictures += 1;
            let verdict = verified(&bytes, &[])?;
            let made =
                verdict.derivation_json.as_ref().and_then(|json| format::derivation_from_json(json).ok());
            stated.extend(made.map(|(made, _)| (name.clone(), made)));
            let faults = faults_in_bundle(&verdict, key);
            pictures_broken.extend(faults.iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    let named = |names: Vec<String>, broken: fn(Vec<String>) -> BrokenSeal| {
        (!names.is_empty()).then(|| broken(names))
    };
    let missing = listed.difference(&there).map(|name| (*name).to_owned()).collect();
    // Counted and not named: they are not of the bundle, and may be called like somebody.
    let besides = there.difference(&listed).count();
    let broken = [
        named(changed, BrokenSeal::Changed),
        named(missing, BrokenSeal::Missing),
        (besides > 0).then_some(BrokenSeal::Besides(besides)),
    ];
    Ok(Files { broken: broken.into_iter().flatten().collect(), pictures, pictures_broken, stated })
}

/// What does not hold of a picture, in words; to somebody who named whom to trust, anybody else is a stranger.
fn faults(verdict: &Verdict, named: bool) -> Vec<String> {
    match &verdict.standing {
        Standing::Broken(faults) => faults.iter().map(ToString::to_string).collect(),
        Standing::UnknownSigner if named => {
            vec!["it was signed by somebody whom the certificate you trust does not vouch for".to_owned()]
        }
        Standing::UnknownSigner | Standing::Trusted => Vec::new(),
    }
}

/// What does not hold of a picture in a bundle that was signed by a key. The bundle's seal covers it by the same key: whoever
/// vouched for that when the picture was signed, and also after the picture's own certificate has ended.
fn faults_in_bundle(verdict: &Verdict, key: &str) -> Vec<String> {
    let faults: Vec<String> = match &verdict.standing {
        Standing::Broken(faults) => {
            faults.iter().filter(|fault| **fault != Fault::Expired).map(ToString::to_string).collect()
        }
        Standing::UnknownSigner | Standing::Trusted => Vec::new(),
    };
    let is_other = faults.is_empty() && verdict.fingerprint.as_deref() != Some(key);
    let other = is_other.then(|| "it was signed with another key than the bundle".to_owned());
    faults.into_iter().chain(other).collect()
}

/// The portfolio of a bundle, if it is one; without it where it is none that is read here.
fn portfolio_of(
    bundle: &Bundle,
    read: &mut dyn FnMut(&str) -> Result<Vec<u8>, stipple_record::Error>,
) -> Result<Option<Result<Portfolio, stipple_record::Error>>, Error> {
    if !bundle.files.iter().any(|file| file.name == PORTFOLIO) {
        return Ok(None);
    }
    Ok(Some(format::portfolio_from_json(read(PORTFOLIO)?)))
}

/// Cases of which a portfolio tells something else than their signed pictures do.
fn untrue(
    portfolio: &Portfolio,
    bundle: &Bundle,
    stated: &BTreeMap<String, format::Derivation>,
) -> Vec<String> {
    let hash_of = |name: &str| bundle.files.iter().find(|file| file.name == name).map(|file| &file.sha256);
    let mut said = Vec::new();
    for case in &portfolio.cases {
        let name = case.picture_name();
        if hash_of(&name) != Some(&case.picture.sha256) {
            said.push(format!("portfolio.json names another picture than {name}"));
        } else if stated.get(&name).is_none_or(|made| !tells_the_same(case, made)) {
            said.push(format!(
                "portfolio.json tells other numbers of {name} than that picture, which is signed, states"
            ));
        }
    }
    said
}

/// Whether days, distance, color and doubts of a case, and how much of the scar they are of, are those of its picture, but for
/// their last digit. The record may doubt more.
fn tells_the_same(case: &PublishedCase, made: &format::Derivation) -> bool {
    let is_near = |one: Estimate, other: Estimate| {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-3 * a.abs().max(b.abs());
        near(one.value, other.value) && near(one.standard_uncertainty, other.standard_uncertainty)
    };
    let (seen, color) = (case.measures.visible_distance_m, case.measures.color_difference);
    let distances = [
        (seen.before, made.visible_distance_m.before.map(Estimate::from)),
        (seen.after, made.visible_distance_m.after.map(Estimate::from)),
    ];
    let distances = distances.into_iter().all(|pair| match pair {
        (Some(told), Some(signed)) => is_near(told, signed),
        (told, signed) => told.is_none() && signed.is_none(),
    });
    let part = |share: Option<f64>| share.map(|share| Estimate::new(share, 0.0));
    let shares = match (part(case.scar_shown), part(made.scar_shown)) {
        (Some(told), Some(signed)) => is_near(told, signed),
        (told, signed) => told.is_none() && signed.is_none(),
    };
    distances
        && shares
        && made.doubts.iter().all(|doubt| case.doubts.contains(&(*doubt).into()))
        && is_near(color.before, made.color_difference.before.into())
        && is_near(color.after, made.color_difference.after.into())
        && made.days_since_last_session == Some(case.days_since_last_session)
}

/// Whose the portfolio is, as it says itself, and plainly where the certificate names somebody else.
fn about_clinic(
    portfolio: Option<&Result<Portfolio, stipple_record::Error>>,
    signer: Option<&str>,
) -> Vec<String> {
    let portfolio = match portfolio {
        None => return Vec::new(),
        Some(Err(_)) => return vec!["its portfolio.json is none that this program reads".to_owned()],
        Some(Ok(portfolio)) => portfolio,
    };
    let (clinic, named) = (plain(&portfolio.clinic), plain(signer.unwrap_or_default()));
    let mut said = vec![format!("the portfolio says that it is of \"{clinic}\"")];
    if clinic != named {
        said.push(format!("the certificate does not name that clinic: it names \"{named}\""));
    }
    said
}

/// That certificates have ended, if one has: from then on nobody but the signer says when it was signed.
fn ended(signature: &Signature, today: Date) -> Option<String> {
    let end = end_of_signature(signature).filter(|end| *end < today)?;
    Some(format!("the certificate ended on {end}; the day of signing is the signer's own word"))
}

/// A name as a terminal can show it within quotation marks.
fn plain(name: &str) -> String {
    shown(name, CHARS_MAX[0])
}

/// Words of somebody else: without signs that turn or move what is written, or that end what is quoted.
fn shown(words: &str, most: usize) -> String {
    let turns =
        |c: &char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let quotes = |c: char| matches!(c, '"' | '\u{201c}'..='\u{201f}' | '«' | '»' | '\u{2033}' | '\u{ff02}');
    let kept = words.chars().filter(|c| !c.is_control() && !turns(c)).take(most);
    kept.map(|c| if quotes(c) { '\'' } else { c }).collect()
}

fn about_signer(name: Option<&str>, key: Option<&str>, trusted: bool) -> [String; 1] {
    let name = plain(name.unwrap_or("nobody named"));
    let known = if trusted {
        "the certificate you trust vouches for them"
    } else {
        "nobody vouches that it is them; ask them whether this is their key, or for their certificate and give it with --anchor"
    };
    [format!("signed by \"{name}\" with the key {}: {known}", key.unwrap_or("unknown"))]
}

/// What the signer states was measured, and what is shown of the photographs.
fn measured(made: &format::Derivation) -> Vec<String> {
    let plain = |of: Estimate| format!("{:.1} ± {:.1}", of.value, of.standard_uncertainty);
    let meters = |of: Option<Estimate>| of.map_or("beyond 100 m".to_owned(), |of| format!("{} m", plain(of)));
    let seen = [made.visible_distance_m.before, made.visible_distance_m.after];
    let [before, after] = seen.map(|of| meters(of.map(Estimate::from)));
    let color = [made.color_difference.before, made.color_difference.after];
    let [off_before, off_after] = color.map(|of| plain(of.into()));
    let ([_, _, width, height], hidden) = (made.crop_px, made.hidden_px.len());
    let drawn =
        "the signer states: a person drew the outline of the scar; the numbers are of what lies within it";
    let drawn = (made.outline_drawn == Some(true)).then(|| drawn.to_owned());
    let part = made.scar_shown.map(|share| {
        let percent = (100.0 * share).floor();
        format!("the signer states: {percent} % of the scar is surely found in both photographs; the numbers are of that part")
    });
    let told = [
        format!("the signer states: the scar is seen from {before} before and {after} after"),
        format!("the signer states: its color is off by ΔE {off_before} before and {off_after} after"),
        format!(
            "{width} by {height} pixels of the laid photographs are shown, {hidden} areas of them painted over"
        ),
    ];
    let doubts = made.doubts.iter().map(|doubt| format!("the signer states: {}", doubted((*doubt).into())));
    told.into_iter().chain(part).chain(drawn).chain(doubts).collect()
}

fn doubted(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::ToneUnknown => {
            "no card of known grays was in both photographs, so nobody can tell whether one was made flatter; that can change the \
             distance by a third"
        }
        Doubt::ToneDiffers => {
            "the card shows that a camera or an app made one of the two flatter or harder; that changes the distance"
        }
        Doubt::ScaleTyped => "a person typed the size on the scalp; all meters rest on it",
        Doubt::ScaleGuessed => "the size on the scalp was guessed from the hair; all meters rest on it",
        Doubt::ScaleDiffers => "the sizes of the two photographs do not fit one another: one is wrong",
        Doubt::SessionsChanged => "the day of a session was changed after it was written down",
    }
}

/// What the signer states of a picture.
fn stated(verdict: &Verdict) -> Vec<String> {
    let mut said = Vec::new();
    if verdict.simulation {
        said.push("it shows a simulation, not a photograph of a result".to_owned());
    }
    if !verdict.actions.is_empty() {
        let all = if verdict.is_complete { ", and nothing else" } else { "" };
        let done: Vec<String> = verdict.actions.iter().map(|done| shown(done, CHARS_MAX[1])).collect();
        said.push(format!("the signer states that this was done{all}: {}", done.join("; ")));
    }
    let derivation = verdict.derivation_json.as_ref().map(format::derivation_from_json);
    if let Some(Ok((found, made))) = derivation {
        let days =
            found.days_since_last_session.map_or("an unknown number of".to_owned(), |days| days.to_string());
        said.push(format!(
            "the signer states: made on {}, {days} days after the last session",
            found.made_on
        ));
        said.extend(measured(&found));
        let originals = made.inputs.iter().filter(|input| ["photo", "after"].contains(&input.name.as_str()));
        said.extend(originals.map(|input| {
            let which = if input.name == "photo" { "before" } else { "after" };
            format!("the original {which} has the SHA-256 {}", input.sha256)
        }));
    }
    said
}
