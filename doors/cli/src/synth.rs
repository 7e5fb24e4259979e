//! `stipple synth`: flags into options, results into a folder.

use stipple_pipeline::synthetic::{Change, HairColor, ScarShape, ScarTint, SynthOptions};
use stipple_quantity::Seed;
use stipple_record::store;

use crate::arguments::{DifficultyName, HairName, ScarName, Shared, Synth, TintName};
use crate::command::patiently;
use crate::show;
use crate::trouble::Trouble;

/// Punches in a picture of ordinary size.
const PUNCHES: usize = 60;

/// Makes the scalp and writes photo.png, truth.json, scar.png and what else was asked for.
pub(crate) fn synth(command: &Synth, shared: &Shared) -> Result<(), Trouble> {
    let options = options(command, shared);
    let again = command.after.then(|| Change::harsh(options.seed));
    let made = patiently(shared, move |show| stipple_pipeline::synth(&options, again.as_ref(), show))?;
    let mut files = vec![
        ("photo.png".to_owned(), made.photo_png),
        ("truth.json".to_owned(), made.truth_json.into_bytes()),
        ("scar.png".to_owned(), made.scar_png),
    ];
    if command.jpeg {
        files.push(("photo.jpg".to_owned(), made.photo_jpeg));
    }
    if command.after {
        files.push(("after.png".to_owned(), made.after_png));
    }
    store::write_folder(&command.out, &files)?;
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    show::done(&format!("made {}", names.join(", ")), shared);
    Ok(())
}

fn options(command: &Synth, shared: &Shared) -> SynthOptions {
    let seed = Seed(shared.seed);
    let usual = match command.difficulty {
        DifficultyName::Ordinary => SynthOptions::ordinary(seed),
        DifficultyName::Hard => SynthOptions::hard(seed),
        DifficultyName::Trichoscope => SynthOptions::trichoscope(seed),
    };
    let nuisances = command.without.iter().fold(usual.nuisances, |all, nuisance| all.without(*nuisance));
    let pitch_um = shared.pixel_pitch_um.or(command.px_per_mm.map(|n| 1000.0 / n));
    SynthOptions {
        width_px: command.width.unwrap_or(usual.width_px),
        height_px: command.height.unwrap_or(usual.height_px),
        pixel_pitch_um: pitch_um.unwrap_or(usual.pixel_pitch_um),
        ita_deg: command.ita.unwrap_or(usual.ita_deg),
        hair: command.hair.map_or(usual.hair, hair),
        hair_length_mm: command.hair_length_mm.unwrap_or(usual.hair_length_mm),
        unit_density_per_cm2: command.density.unwrap_or(usual.unit_density_per_cm2),
        scar: match (command.scar, command.scar_size_mm) {
            (None, None) => usual.scar,
            (name, size_mm) => scar(name.unwrap_or(ScarName::Strip), size_mm, command.card),
        },
        scar_tint: command.scar_tint.map_or(usual.scar_tint, tint),
        card: command.card,
        nuisances,
        ..usual
    }
}

fn hair(name: HairName) -> HairColor {
    match name {
        HairName::Black => HairColor::Black,
        HairName::DarkBrown => HairColor::DarkBrown,
        HairName::Brown => HairColor::Brown,
        HairName::Blond => HairColor::Blond,
        HairName::Red => HairColor::Red,
        HairName::Gray => HairColor::Gray,
        HairName::White => HairColor::White,
    }
}

/// Burns spread to half as much again as their diameter; beside the card less of it fits.
fn scar(name: ScarName, size_mm: Option<f64>, beside_card: bool) -> ScarShape {
    match name {
        ScarName::None => ScarShape::None,
        ScarName::Strip => ScarShape::Strip { width_mm: size_mm.unwrap_or(2.5) },
        ScarName::Punches => ScarShape::Punches { count: PUNCHES },
        ScarName::Patch => ScarShape::Patch { diameter_mm: size_mm.unwrap_or(15.0) },
        ScarName::Burn => {
            ScarShape::Burn { diameter_mm: size_mm.unwrap_or(if beside_card { 19.0 } else { 24.0 }) }
        }
    }
}

fn tint(name: TintName) -> ScarTint {
    match name {
        TintName::Paler => ScarTint::Paler,
        TintName::Redder => ScarTint::Redder,
        TintName::Darker => ScarTint::Darker,
        TintName::Same => ScarTint::Same,
    }
}
