//! The plan: a map of the dots, sessions, pigments, totals.

use stipple_model::{Plan, Session};

use super::super::dots::{Overview, extent};
use super::super::flow::{Block, Column, Flow, Table};
use super::super::mixture::{dilution, needle_depth, place_of};
use super::super::number::{brief, dots_in_words, duration, measured, significant, whole, with_unit};
use super::super::page::{Align, Canvas, Frame};
use super::super::stencil::{legend, legend_rows};
use super::super::typeface::{Ink, Style};
use super::outlook::for_information;
use super::{ReportInput, SECTION_MM, heading, may_be_done, paragraph};

/// The largest the map gets, mm.
const MAP_MM: [f64; 2] = [170.0, 84.0];

/// Map, sessions, pigments and totals.
pub(super) fn write(flow: &mut Flow, input: &ReportInput<'_>) {
    let plan = input.plan;
    let allowed = may_be_done(input.assessment.verdict);
    let Some(extent) = extent(plan) else {
        let nothing = paragraph("There is nothing to treat: the plan has no dots.");
        flow.place(Block::stack([heading("The plan"), nothing]));
        return;
    };
    let title = if allowed { "The plan" } else { "The plan, for information only" };
    let mut opening = vec![heading(title)];
    if !allowed {
        opening.extend([for_information(input.assessment.verdict), Block::space(3.0)]);
    }
    opening.push(map(plan, extent));
    flow.place(Block::stack(opening));
    flow.space(SECTION_MM - 2.0);
    flow.table(heading("Sessions"), &sessions(plan), Block::default());
    flow.space(SECTION_MM - 2.0);
    flow.table(heading("Zones, in working order"), &zones(plan), Block::default());
    flow.space(SECTION_MM - 2.0);
    flow.table(heading("Pigments"), &pigments(plan), Block::default());
    flow.space(2.5);
    flow.place(paragraph(&totals(input)));
    flow.place(paragraph(&matching(plan)));
}

fn map(plan: &Plan, extent: Frame) -> Block {
    let overview = Overview::new(plan, extent, MAP_MM);
    let caption = Block::beside([(0.0, map_caption(overview.magnification)), (108.0, key(plan))]);
    Block::stack([overview.block, Block::space(2.0), caption])
}

fn key(plan: &Plan) -> Block {
    Block { height_mm: 1.0 + 4.6 * legend_rows(plan) as f64, canvas: legend(plan) }
}

fn map_caption(magnification: f64) -> Block {
    let mut canvas = Canvas::new();
    canvas.rectangles(vec![Frame::new(0.0, 1.0, 10.0 * magnification, 0.6)], Ink::TEXT);
    let label = with_unit("10".to_owned(), "mm on the scalp");
    canvas.text([10.0 * magnification + 1.8, 2.3], &label, Style::SMALL.in_ink(Ink::TEXT));
    let text = format!(
        "Every dot in its place, drawn at {} when this page is printed at 100 %. The stencil has \
         them at 1 : 1.",
        ratio(magnification)
    );
    let bar = Block { height_mm: 4.2, canvas };
    Block::stack([bar, Block::text(&text, Style::SMALL, 98.0)])
}

fn ratio(magnification: f64) -> String {
    if magnification >= 1.0 {
        format!("{} : 1", significant(magnification, 2).trim_end_matches(".0"))
    } else {
        format!("1 : {}", significant(1.0 / magnification, 2).trim_end_matches(".0"))
    }
}

fn sessions(plan: &Plan) -> Table {
    let columns = vec![
        Column { title: "Session", width_mm: 20.0, align: Align::Left },
        Column { title: "When", width_mm: 34.0, align: Align::Left },
        Column { title: "Dots added", width_mm: 24.0, align: Align::Right },
        Column { title: "Under the needle", width_mm: 31.0, align: Align::Right },
        Column { title: "Depth in skin, mm", width_mm: 32.0, align: Align::Right },
        Column { title: "Depth in scar, mm", width_mm: 32.5, align: Align::Right },
    ];
    let rows = plan.sessions.iter().enumerate().map(|(k, session)| {
        let when = match session.interval_days {
            0 => "first day".to_owned(),
            1 => "1 day later".to_owned(),
            days => format!("{days} days later"),
        };
        vec![
            session.number.to_string(),
            when,
            whole(session.dots.len()),
            if k < plan.sessions_done {
                "done".to_owned()
            } else {
                duration(plan.minutes(session.dots.len()))
            },
            needle_depth(session.dots.iter().filter(|dot| !dot.in_scar)),
            needle_depth(session.dots.iter().filter(|dot| dot.in_scar)),
        ]
    });
    Table { columns, style: Style::BODY.sized(9.0), rows: rows.collect() }
}

/// Dots and time of every session, zone by zone.
fn zones(plan: &Plan) -> Table {
    const TITLES: [&str; SESSION_COLUMNS] = ["Session 1", "Session 2", "Session 3", "Session 4"];
    let sessions: Vec<Vec<(u32, usize)>> = plan.sessions.iter().map(Session::dots_by_zone).collect();
    let shown = sessions.len().min(SESSION_COLUMNS);
    let mut columns = vec![Column { title: "Zone", width_mm: 20.0, align: Align::Left }];
    columns.extend(TITLES[..shown].iter().map(|title| Column { title, width_mm: 37.0, align: Align::Right }));
    let mut numbers: Vec<u32> = sessions[..shown].iter().flatten().map(|(zone, _)| *zone).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let cell = |zone: u32, (k, session): (usize, &Vec<(u32, usize)>)| {
        let dots: usize = session.iter().filter(|(of, _)| *of == zone).map(|(_, dots)| dots).sum();
        if dots == 0 {
            "–".to_owned()
        } else if k < plan.sessions_done {
            format!("{}, done", dots_in_words(dots))
        } else {
            format!("{}, {}", dots_in_words(dots), brief(plan.minutes(dots)))
        }
    };
    let row = |zone: &u32| {
        let cells = sessions[..shown].iter().enumerate().map(|session| cell(*zone, session));
        std::iter::once(zone.to_string()).chain(cells).collect()
    };
    let rows = numbers.iter().take(ZONE_ROWS_MAX).map(row).collect();
    Table { columns, style: Style::BODY.sized(9.0), rows }
}

/// Sessions that get a column.
const SESSION_COLUMNS: usize = 4;
/// Zones that get a row: those of two heads.
const ZONE_ROWS_MAX: usize = 100;

/// The shallowest and the deepest of some dots' needle depths.
fn pigments(plan: &Plan) -> Table {
    let columns = vec![
        Column { title: "Pigment", width_mm: 48.0, align: Align::Left },
        Column { title: "What is in it", width_mm: 61.0, align: Align::Left },
        Column { title: "Dilution, pigment : diluent", width_mm: 42.0, align: Align::Left },
        Column { title: "Dots", width_mm: 22.5, align: Align::Right },
    ];
    let rows = plan.pigments.iter().enumerate().map(|(k, planned)| {
        let dots = plan.dots().filter(|dot| dot.pigment == k).count();
        vec![
            format!("{}{}", planned.pigment.name, place_of(plan, k)),
            planned.pigment.recipe.clone(),
            dilution(planned),
            whole(dots),
        ]
    });
    Table { columns, style: Style::BODY.sized(9.0), rows: rows.collect() }
}

/// How a healed dot compares with the hair.
fn matching(plan: &Plan) -> String {
    let Some(healed) = &plan.healed_match else {
        return "How the dots match the hair could not be computed: the hair’s color was not measured."
            .to_owned();
    };
    let light = healed.worst_light.replace('_', " ");
    let worst = if light == "daylight" {
        ", which is the worst of five lights".to_owned()
    } else {
        format!(
            " and by {} in {light} light, the worst of five",
            significant(healed.worst_color_difference, 2)
        )
    };
    format!(
        "A healed dot in the scar, as the mean over its own disk, is expected to differ from the hair by ΔE00 {} in \
         daylight{worst}. Against the hair it is shifted by {} in b*; below zero is bluer.",
        measured(&healed.color_difference, ""),
        measured(&healed.b_shift, ""),
    )
}

fn totals(input: &ReportInput<'_>) -> String {
    let plan = input.plan;
    let totals = &plan.totals;
    let scar_cm2 = input.reading.scars.iter().map(|scar| scar.area_mm2.value).sum::<f64>() / 100.0;
    let in_scar = plan.dots().filter(|dot| dot.in_scar).count();
    let in_scar_per_cm2 = if scar_cm2 > 0.0 { in_scar as f64 / scar_cm2 } else { 0.0 };
    format!(
        "In all {} dots on {}, {} of them in the scar ({}), about {} of diluted pigment and {} under the needle. Healed, a \
         dot is expected to measure {}. Depths are from the surface; stay at the shallow end, and stop \
         where it bleeds.",
        whole(plan.dots().count()),
        with_unit(significant(totals.area_mm2 / 100.0, 3), "cm²"),
        whole(in_scar),
        with_unit(significant(in_scar_per_cm2, 2), "per cm²"),
        with_unit(significant(totals.pigment_ul / 1000.0, 2), "ml"),
        duration(totals.chair_minutes),
        measured(&plan.healed_diameter_um, "µm"),
    )
}
