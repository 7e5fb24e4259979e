//! What was measured, with how well it is known.

use stipple_color::Lab;
use stipple_model::{PitchSource, Reading, Scar, ScarKind, WhiteSource};
use stipple_quantity::Estimate;

use super::super::flow::{Block, COLUMN, Column, Flow, Table};
use super::super::number::{measured, measured_or_not};
use super::super::page::Align;
use super::super::typeface::Style;
use super::{SECTION_MM, heading};

/// Scars that get a row; the rest is summed up in one.
const SCARS_IN_ROWS_MAX: usize = 12;
/// Scars that are told in full; more are told one a row.
const SCARS_IN_FULL_MAX: usize = 2;

/// The table of measures, and how to read it.
pub(super) fn write(flow: &mut Flow, reading: &Reading) {
    flow.space(SECTION_MM - 2.0);
    let mut rows = surroundings(reading);
    let few = reading.scars.len() <= SCARS_IN_FULL_MAX;
    if few {
        rows.extend(reading.scars.iter().enumerate().flat_map(|(k, scar)| scar_rows(reading, k, scar)));
    }
    let columns = vec![
        Column { title: "What", width_mm: 54.0, align: Align::Left },
        Column { title: "Value ± standard uncertainty", width_mm: 55.0, align: Align::Left },
        Column { title: "How well known", width_mm: 29.0, align: Align::Left },
        Column { title: "", width_mm: 35.5, align: Align::Left },
    ];
    let table = Table { columns, style: Style::BODY.sized(8.8), rows };
    let title = heading("What was measured");
    if few {
        flow.table(title, &table, how_to_read());
    } else {
        flow.table(title, &table, Block::default());
        flow.space(3.0);
        flow.table(Block::default(), &many_scars(&reading.scars), how_to_read());
    }
}

/// What the table's words mean.
fn how_to_read() -> Block {
    let text = Block::text(
        "± is the standard uncertainty (k = 1): about two times in three the true value lies within it, and \
         19 times in 20 within twice it. ΔE00 is the CIEDE2000 color difference: 0 is the same color, more \
         is easier to see.",
        Style::SMALL,
        COLUMN.width_mm,
    );
    Block::stack([Block::space(1.5), text])
}

/// A row, if the value was measured it says how well; `yardstick` replaces the value where zero is ordinary.
fn row(
    what: &str,
    estimate: Option<&Estimate>,
    unit: &str,
    yardstick: Option<f64>,
    note: &str,
) -> Vec<String> {
    let known = estimate.map_or("", |e| how_well(e, yardstick.unwrap_or(e.value)));
    vec![what.to_owned(), measured_or_not(estimate, unit), known.to_owned(), note.to_owned()]
}

/// How well a value is known, in words: its standard uncertainty against the value or a yardstick.
fn how_well(estimate: &Estimate, yardstick: f64) -> &'static str {
    match estimate.standard_uncertainty / yardstick.abs() {
        share if share <= 0.03 => "very well",
        share if share <= 0.08 => "well",
        share if share <= 0.2 => "fairly",
        share if share <= 0.5 => "roughly",
        _ => "barely",
    }
}

fn surroundings(reading: &Reading) -> Vec<Vec<String>> {
    let (photo, skin, hair) = (&reading.photo, &reading.skin, &reading.hair);
    let percent = |fraction: Option<Estimate>| fraction.map(|f| f.times(100.0));
    let tone = format!("{} skin", skin.ita_class.name().replace('_', " "));
    let area = reading.zone_area_mm2.times(0.01);
    let mut rows = vec![
        row("Size of a pixel on the scalp", Some(&photo.pixel_pitch_um), "µm", None, pitch_words(reading)),
        row("Skin that was read", Some(&area), "cm²", None, ""),
        lab_row(skin.lab, skin.lab_uncertainty, white_words(reading.white)),
        row("Skin tone (ITA)", Some(&skin.ita_deg), "°", Some(30.0), &tone),
        row("Redness (erythema index)", skin.erythema_index.as_ref(), "", Some(10.0), ""),
    ];
    let melanin = percent(skin.melanin_volume_fraction);
    rows.push(row("Melanin in the epidermis", melanin.as_ref(), "%", None, "by volume"));
    let blood = percent(skin.blood_volume_fraction);
    rows.push(row("Blood in the dermis", blood.as_ref(), "%", None, "by volume"));
    let density = hair.unit_density_per_cm2.as_ref();
    let follicles = if reading.scars.is_empty() { "Follicles" } else { "Follicles around the scar" };
    rows.push(row(follicles, density, "per cm²", None, "follicular units"));
    // Where no density is given hair could not be told from skin: what was measured is not hair.
    let diameter = hair.median_diameter_um.as_ref().filter(|_| density.is_some());
    rows.push(row("Thickness of a hair", diameter, "µm", None, "median"));
    rows
}

fn lab_row(lab: Lab, u: Lab, note: &str) -> Vec<String> {
    let parts = [(lab.l, u.l), (lab.a, u.a), (lab.b, u.b)];
    let known = parts.iter().all(|(value, u)| value.is_finite() && u.is_finite() && *u >= 0.0);
    let text =
        parts.map(|(value, u)| if known { measured(&Estimate::new(value, u), "") } else { String::new() });
    let value = if known { text.join(", ") } else { "not measured".to_owned() };
    let worst = Estimate::new(50.0, if known { u.l.max(u.a).max(u.b) } else { 0.0 });
    let words = if known { how_well(&worst, 20.0) } else { "" };
    vec!["Skin color L*, a*, b*".to_owned(), value, words.to_owned(), note.to_owned()]
}

fn pitch_words(reading: &Reading) -> &'static str {
    match reading.photo.pixel_pitch_source {
        PitchSource::Card => "from the card",
        PitchSource::Ruler => "from a ruler",
        PitchSource::Entered => "entered by hand",
        PitchSource::Estimated => "estimated from the hair",
    }
}

fn white_words(white: WhiteSource) -> &'static str {
    match white {
        WhiteSource::Checker => "colors from the color checker",
        WhiteSource::Card => "white from the card",
        WhiteSource::Declared => "white from a chosen place",
        WhiteSource::Camera => "the camera’s own white",
    }
}

fn kind_words(kind: ScarKind) -> &'static str {
    match kind {
        ScarKind::Linear => "line",
        ScarKind::Punctate => "point",
        ScarKind::Patch => "patch",
    }
}

fn scar_rows(reading: &Reading, k: usize, scar: &Scar) -> Vec<Vec<String>> {
    let name = if reading.scars.len() == 1 { "Scar".to_owned() } else { format!("Scar {}", k + 1) };
    let named = |what: &str| format!("{name}: {what}");
    vec![
        row(&named("area"), Some(&scar.area_mm2), "mm²", None, kind_words(scar.kind)),
        row(&named("length"), scar.length_mm.as_ref(), "mm", None, "along its middle"),
        row(&named("width"), scar.width_mm.as_ref(), "mm", None, "mean"),
        row(&named("color against skin"), scar.color_difference.as_ref(), "ΔE00", None, ""),
        row(&named("redness"), scar.redness.as_ref(), "", Some(5.0), "above 0: redder"),
        row(&named("texture"), scar.texture.as_ref(), "", None, "1: as the skin around"),
        row(&named("hair inside"), scar.hair_density_inside_per_cm2.as_ref(), "per cm²", Some(40.0), ""),
        row(&named("hair around"), scar.hair_density_around_per_cm2.as_ref(), "per cm²", None, ""),
    ]
}

/// One row a scar.
fn many_scars(scars: &[Scar]) -> Table {
    const COLUMNS: [(&str, f64); 8] = [
        ("Scar", 22.0),
        ("Area, mm²", 21.0),
        ("Length, mm", 23.0),
        ("Width, mm", 22.0),
        ("Color, ΔE00", 21.5),
        ("Redness", 20.0),
        ("Hair inside, per cm²", 22.0),
        ("Hair around, per cm²", 22.0),
    ];
    let columns = COLUMNS.map(|(title, width_mm)| Column { title, width_mm, align: Align::Left });
    let shown = if scars.len() > SCARS_IN_ROWS_MAX + 1 { SCARS_IN_ROWS_MAX } else { scars.len() };
    let rest = scars.get(shown..).filter(|rest| !rest.is_empty()).map(the_rest);
    let rows = scars.iter().take(shown).zip(1..).map(|(scar, number)| {
        let of = |estimate: &Option<Estimate>| measured_or_not(estimate.as_ref(), "");
        vec![
            format!("{number}, {}", kind_words(scar.kind)),
            measured(&scar.area_mm2, ""),
            of(&scar.length_mm),
            of(&scar.width_mm),
            of(&scar.color_difference),
            of(&scar.redness),
            of(&scar.hair_density_inside_per_cm2),
            of(&scar.hair_density_around_per_cm2),
        ]
    });
    let style = Style::BODY.sized(8.5);
    Table { columns: columns.into(), style, rows: rows.chain(rest).collect() }
}

/// The row of those that get none of their own: how many, and their area in all.
fn the_rest(scars: &[Scar]) -> Vec<String> {
    let sum = |of: fn(&Scar) -> f64| scars.iter().map(of).sum::<f64>();
    // Because one wrong pixel pitch makes all of them too large, their uncertainties add up.
    let area = Estimate::new(sum(|s| s.area_mm2.value), sum(|s| s.area_mm2.standard_uncertainty));
    let mut row = vec![String::new(); 8];
    row[0] = format!("{} smaller", scars.len());
    row[1] = measured(&area, "");
    row
}
