//! The first page: what was seen, the verdict and why.

use stipple_model::{Assessment, Caveat, Code, Reading, Verdict, Weight};
use stipple_quantity::PointInPhoto;

use super::super::dots::SCAR_PEN;
use super::super::flow::{Block, COLUMN, Flow, inside_box_mm};
use super::super::number::{day, with_unit};
use super::super::page::{Align, Canvas, Frame, Pen, Picture, for_whom};
use super::super::typeface::{Ink, Line, Style};
use super::{ReportInput, SECTION_MM, heading, item, paragraph};

/// The largest the photograph gets, mm.
const PHOTO_MM: [f64; 2] = [104.0, 75.0];
/// Room to write down whose report it is, mm.
const FOR_WHOM_MM: f64 = 60.0;
/// Room between photograph and verdict, mm.
const GAP_MM: f64 = 6.0;

/// Title, photograph, verdict, reasons and alternatives.
pub(super) fn write(flow: &mut Flow, input: &ReportInput<'_>) {
    flow.place(title(input));
    let photo = photograph(input.photo, input.reading);
    let verdict_left = photo.width_mm + GAP_MM;
    let width_mm = COLUMN.width_mm - verdict_left;
    let verdict = verdict_box(input, width_mm);
    let instead = alternatives(input.assessment, width_mm);
    // because few alternatives have room beside the photograph, and many have not.
    let both = Block::stack([verdict.clone(), Block::space(4.0), Block::stack(instead)]);
    let beside = both.height_mm <= photo.block.height_mm;
    let right = if beside { both } else { verdict };
    flow.place(Block::beside([(0.0, photo.block), (verdict_left, right)]));
    flow.space(SECTION_MM - 1.0);
    blocking(flow, input.caveats);
    reasons(flow, input.assessment);
    if !beside {
        flow.space(2.0);
        alternatives(input.assessment, COLUMN.width_mm).into_iter().for_each(|block| flow.place(block));
    }
}

fn title(input: &ReportInput<'_>) -> Block {
    let subtitle = match input.made_on {
        Some(date) => format!("Consultation report, {}", day(date)),
        None => "Consultation report".to_owned(),
    };
    let mut subtitle = Block::text(&subtitle, Style::BODY.sized(11.0).in_ink(Ink::QUIET), COLUMN.width_mm);
    subtitle.canvas.put([COLUMN.width_mm - FOR_WHOM_MM, 4.0], for_whom(FOR_WHOM_MM));
    Block::stack([
        Block::text("Scalp micropigmentation over a scar", Style::TITLE, COLUMN.width_mm),
        subtitle,
        Block::space(4.5),
    ])
}

struct Photograph {
    width_mm: f64,
    block: Block,
}

/// The photograph with the outlines that were read, a caption and a scale bar.
fn photograph(photo: &Picture, reading: &Reading) -> Photograph {
    let (columns, rows) = (reading.photo.width_px.max(1) as f64, reading.photo.height_px.max(1) as f64);
    let mm_per_px = (PHOTO_MM[0] / columns).min(PHOTO_MM[1] / rows);
    let frame = Frame::new(0.0, 0.0, columns * mm_per_px, rows * mm_per_px);
    let mut canvas = Canvas::new();
    canvas.picture(frame, photo);
    canvas.put_clipped(frame, [0.0, 0.0], outlines(reading, mm_per_px));
    let picture = Block { height_mm: frame.height_mm + 1.6, canvas };
    let scalp_mm_per_mm = reading.photo.pixel_pitch_um.value / 1000.0 / mm_per_px;
    let caption_width = frame.width_mm.max(60.0);
    let caption = Block::text(caption(reading), Style::SMALL, caption_width);
    let stacked = Block::stack([picture, scale_bar(frame.width_mm, scalp_mm_per_mm), caption]);
    Photograph { width_mm: caption_width, block: stacked }
}

fn caption(reading: &Reading) -> &'static str {
    match reading.scars.len() {
        0 => "No scar was found. Dashed: the skin that was read.",
        1 => "The edge of the scar; dashed: the skin that was read.",
        _ => "The edges of the scars; dashed: the skin that was read.",
    }
}

/// Edges of the scars (with a light halo, so that they show on any hair) and of the skin that was read.
fn outlines(reading: &Reading, mm_per_px: f64) -> Canvas {
    let polygon = |outline: &Vec<PointInPhoto>| -> Vec<[f64; 2]> {
        let finite = outline.iter().filter(|p| p.x_px.abs() < 1e6 && p.y_px.abs() < 1e6);
        finite.map(|p| [p.x_px * mm_per_px, p.y_px * mm_per_px]).collect()
    };
    let zones: Vec<_> = reading.zone_outlines.iter().map(polygon).collect();
    let scars: Vec<_> = reading.scars.iter().map(|scar| polygon(&scar.outline)).collect();
    let mut canvas = Canvas::new();
    canvas.outlines(zones, Pen::new(0.2, Ink::PAPER).dashed(1.2));
    canvas.outlines(scars.clone(), Pen::new(0.75, Ink::PAPER));
    canvas.outlines(scars.clone(), Pen { width_mm: 0.35, ..SCAR_PEN });
    if scars.len() > 1 {
        for (outline, number) in scars.iter().zip(1..) {
            let leftmost = outline.iter().copied().min_by(|a, b| a[0].total_cmp(&b[0]));
            if let Some([x, y]) = leftmost {
                number_tag(&mut canvas, [x.max(2.0), y], number);
            }
        }
    }
    canvas
}

fn number_tag(canvas: &mut Canvas, [x, y]: [f64; 2], number: usize) {
    let style = Style::STRONG.sized(6.5).in_ink(Ink::PAPER);
    canvas.disks(vec![[x, y]], 1.7, Ink::ACCENT);
    let baseline = y + style.capital_mm() / 2.0;
    canvas.line([x, baseline], Align::Center, Line::new(&number.to_string(), style));
}

/// A bar of a round length, at most a third as long as the picture is wide.
fn scale_bar(width_mm: f64, scalp_mm_per_mm: f64) -> Block {
    const LENGTHS_MM: [f64; 8] = [100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5];
    let fits = |length: &&f64| **length / scalp_mm_per_mm <= width_mm / 3.0;
    let Some(length) = LENGTHS_MM.iter().find(fits) else { return Block::default() };
    let drawn_mm = length / scalp_mm_per_mm;
    let mut canvas = Canvas::new();
    canvas.rectangles(vec![Frame::new(0.0, 1.0, drawn_mm, 0.6)], Ink::TEXT);
    let text = with_unit(length.to_string(), "mm on the scalp");
    canvas.text([drawn_mm + 1.8, 2.3], &text, Style::SMALL.in_ink(Ink::TEXT));
    Block { height_mm: 4.2, canvas }
}

fn verdict_box(input: &ReportInput<'_>, width_mm: f64) -> Block {
    let (assessment, inside) = (input.assessment, inside_box_mm(width_mm));
    let (word, meaning) = headline(assessment, input.reading);
    let mut blocks = vec![
        Block::text("Verdict", Style::SMALL, inside),
        Block::text(word, Style::HEADING.sized(15.0).in_ink(Ink::ACCENT), inside),
        Block::space(1.4),
        Block::text(meaning, Style::BODY, inside),
    ];
    if let Some(date) = assessment.not_before {
        blocks.push(Block::space(2.4));
        blocks.push(Block::text("Not before", Style::SMALL, inside));
        blocks.push(Block::text(&day(date), Style::STRONG.sized(11.0), inside));
    }
    Block::stack(blocks).boxed(width_mm)
}

/// The verdict's words; without a scar there is nothing to wait for.
fn headline(assessment: &Assessment, reading: &Reading) -> (&'static str, &'static str) {
    let reasons = assessment.reasons.iter();
    let against = reasons.filter(|reason| reason.verdict == assessment.verdict).count();
    if reading.scars.is_empty() && assessment.verdict <= Verdict::NotYet && against <= 1 {
        return (
            "Nothing to plan yet",
            "No scar was found in this photograph. If there is one, mark it by hand or photograph it anew: sharp, \
             near, in even light, with the card beside it.",
        );
    }
    verdict_words(assessment.verdict)
}

/// Names what must not be relied on; a missing scar is told by the headline.
fn blocking(flow: &mut Flow, caveats: &[Caveat]) {
    let blocks = caveats.iter().filter(|c| c.weight == Weight::Blocks && c.code != Code::PlanNothing);
    let items: Vec<Block> = blocks
        .map(|caveat| {
            let label = Block::text("!", Style::STRONG.in_ink(Ink::ACCENT), 6.0);
            item(label, 6.0, vec![Block::text(&caveat.message, Style::BODY, COLUMN.width_mm - 6.0)])
        })
        .collect();
    if !items.is_empty() {
        flow.place_after(heading("What must not be relied on"), items);
        flow.space(2.0);
    }
}

fn verdict_words(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Suitable => (
            "Suitable",
            "Nothing that was measured or answered speaks against a treatment. The decision stays with the \
             client and the practitioner.",
        ),
        Verdict::SuitableWithCare => (
            "Suitable with care",
            "It can be treated if the points below are kept in mind and talked over first.",
        ),
        Verdict::NotYet => (
            "Not yet",
            "Waiting gives a better and safer result. The reasons are below, and what to do meanwhile.",
        ),
        Verdict::NotSmp => (
            "Not with micropigmentation",
            "For this scar another way is better or safer. The reasons are below, and where to turn instead.",
        ),
    }
}

fn reasons(flow: &mut Flow, assessment: &Assessment) {
    if assessment.reasons.is_empty() {
        flow.place(Block::stack([heading("Why"), paragraph("No rule spoke against it.")]));
        return;
    }
    let items = assessment.reasons.iter().zip(1..).map(|(reason, number)| {
        let label = Block::text(&number.to_string(), Style::STRONG.in_ink(Ink::ACCENT), 6.0);
        let word = format!("{}. ", verdict_words(reason.verdict).0);
        let width = COLUMN.width_mm - 6.0;
        let text = if reason.verdict == assessment.verdict { String::new() } else { word } + &reason.text;
        item(label, 6.0, vec![Block::text(&text, Style::BODY, width)])
    });
    flow.place_after(heading("Why"), items.collect());
}

/// The title and what else could be done, one block each; nothing if there is nothing.
fn alternatives(assessment: &Assessment, width_mm: f64) -> Vec<Block> {
    let items = assessment.alternatives.iter().map(|text| {
        let dash = Block::text("–", Style::BODY.in_ink(Ink::ACCENT), 4.0);
        item(dash, 4.0, vec![Block::text(text, Style::BODY, width_mm - 4.0)])
    });
    let title = Block::text("What else could be done", Style::STRONG, width_mm);
    let title = Block::stack([title, Block::space(0.8)]);
    if assessment.alternatives.is_empty() { Vec::new() } else { [title].into_iter().chain(items).collect() }
}

#[cfg(test)]
mod tests {
    use super::super::super::example;
    use super::*;

    #[test]
    fn no_scar_is_no_reason_to_wait() {
        let found = |scars, verdict| {
            let mut assessment = example::assessment(verdict);
            assessment.reasons.retain(|reason| reason.verdict == verdict);
            headline(&assessment, &example::reading(scars)).0
        };
        assert_eq!(found(0, Verdict::NotYet), "Nothing to plan yet");
        assert_eq!(found(1, Verdict::NotYet), "Not yet");
        assert_eq!(found(0, Verdict::NotSmp), "Not with micropigmentation");
    }

    #[test]
    fn what_blocks_takes_room_on_the_first_page() {
        let ends = |caveats: &[Caveat]| {
            let mut flow = Flow::new();
            blocking(&mut flow, caveats);
            flow.finish("", "").len()
        };
        let many: Vec<Caveat> = (0..200)
            .map(|k| Caveat::new(Code::HairUncertain, Weight::Blocks, format!("hair {k}"), ""))
            .collect();
        assert!(ends(&many) > 1 && ends(&[]) <= 1);
    }
}
