//! The reference card to print.

use stipple_color::{Lab, RgbSpace, Xyz};
use stipple_model::card;

use super::flow::Block;
use super::page::{Align, Canvas, Frame, Pen, Sheet, pdf};
use super::typeface::{Ink, Line, Style};

/// Where the card's top left stands on the sheet, mm.
const CARD_MM: [f64; 2] = [62.2, 78.0];

/// The reference card at its true size on A4, with a bar to check the printer and how to use it.
///
/// # Determinism
/// Always the same bytes.
pub fn card_pdf() -> Vec<u8> {
    let mut sheet = Sheet::upright();
    let title = Block::stack([
        Block::text("Stipple reference card", Style::TITLE, 170.0),
        Block::space(2.0),
        Block::text(
            "It gives a photograph its scale in millimetres and its true colors.",
            Style::BODY.sized(10.5),
            170.0,
        ),
    ]);
    sheet.canvas.put([20.0, 18.0], title.canvas);
    sheet.canvas.put([20.0, 44.0], check_bar());
    sheet.canvas.put(CARD_MM, cut_marks());
    sheet.canvas.put(CARD_MM, card_face());
    sheet.canvas.put([20.0, CARD_MM[1] + card::HEIGHT_MM + 20.0], instructions().canvas);
    pdf("Stipple reference card", None, &[sheet])
}

/// A bar of 100 mm, and what it is for.
pub(super) fn check_bar() -> Canvas {
    let mut canvas = Canvas::new();
    canvas.rectangles(vec![Frame::new(0.0, 0.0, 100.0, 1.2)], Ink::BLACK);
    // because people measure from edge to edge: the ends lie within the 100 mm.
    let ends = [0.0, 99.8].map(|left| Frame::new(left, -1.6, 0.2, 4.4));
    canvas.rectangles(ends.to_vec(), Ink::BLACK);
    canvas.text([0.0, 7.4], "This bar must measure 100 mm.", Style::STRONG.sized(9.0));
    let width = Line::new("This bar must measure 100 mm. ", Style::STRONG.sized(9.0)).width_mm;
    let rest = "Print at 100 %, not “fit to page”.";
    canvas.text([width, 7.4], rest, Style::BODY.sized(9.0));
    canvas
}

/// The card itself, from its top left.
fn card_face() -> Canvas {
    let mut canvas = Canvas::new();
    canvas.rectangles(fiducial_modules(), Ink::BLACK);
    for patch in card::GRAYS {
        let frame = Frame::new(patch.left_mm, patch.top_mm, patch.width_mm, patch.height_mm);
        canvas.rectangles(vec![frame], gray_of_lightness(patch.nominal_l));
    }
    canvas.put([card::RULER_LEFT_MM, card::RULER_TOP_MM], ruler());
    let middle = card::WIDTH_MM / 2.0;
    let name = Line::new("Stipple reference card", Style::STRONG.sized(8.0));
    canvas.line([middle, 8.2], Align::Center, name);
    let hint = Line::new("flat beside the scar, in the same light", Style::SMALL.sized(6.5));
    canvas.line([middle, 12.0], Align::Center, hint);
    canvas
}

/// The black modules of all fiducials; neighbors in a row are one rectangle.
fn fiducial_modules() -> Vec<Frame> {
    let module = card::FIDUCIAL_SIDE_MM / card::FIDUCIAL_MODULES as f64;
    let mut frames = Vec::new();
    for fiducial in card::FIDUCIALS {
        for row in 0..card::FIDUCIAL_MODULES {
            let top = fiducial.top_mm + row as f64 * module;
            let black = |column: usize| {
                let x = fiducial.left_mm + (column as f64 + 0.5) * module;
                card::fiducial_white_at(x, top + 0.5 * module) == Some(false)
            };
            let mut column = 0;
            while column < card::FIDUCIAL_MODULES {
                let run = (column..card::FIDUCIAL_MODULES).take_while(|k| black(*k)).count();
                if run > 0 {
                    let left = fiducial.left_mm + column as f64 * module;
                    frames.push(Frame::new(left, top, run as f64 * module, module));
                }
                column += run.max(1);
            }
        }
    }
    frames
}

/// Ticks every millimetre, numbers every ten; longest ticks begin at the canvas's top.
fn ruler() -> Canvas {
    let mut canvas = Canvas::new();
    let last = card::RULER_LENGTH_MM as usize;
    let ticks = (0..=last).map(|mm| {
        let length = if mm.is_multiple_of(10) {
            5.0
        } else if mm.is_multiple_of(5) {
            3.8
        } else {
            2.6
        };
        [[mm as f64, 0.0], [mm as f64, length]]
    });
    canvas.segments(ticks.collect(), Pen::new(0.15, Ink::BLACK));
    for mm in (0..=last).step_by(10) {
        let text = if mm == 0 { "0 mm".to_owned() } else { mm.to_string() };
        let number = Line::new(&text, Style::BODY.sized(6.0).in_ink(Ink::BLACK));
        let half = Line::new(&mm.to_string(), Style::BODY.sized(6.0)).width_mm / 2.0;
        canvas.line([mm as f64 - half, 7.4], Align::Left, number);
    }
    canvas
}

/// Short lines that point at the card's corners and do not touch it.
fn cut_marks() -> Canvas {
    let (near, far) = (1.5, 6.5);
    let mut lines = Vec::new();
    for (x, outward_x) in [(0.0, -1.0), (card::WIDTH_MM, 1.0)] {
        for (y, outward_y) in [(0.0, -1.0), (card::HEIGHT_MM, 1.0)] {
            lines.push([[x + near * outward_x, y], [x + far * outward_x, y]]);
            lines.push([[x, y + near * outward_y], [x, y + far * outward_y]]);
        }
    }
    let mut canvas = Canvas::new();
    canvas.segments(lines, Pen::new(0.12, Ink::BLACK));
    canvas
}

fn instructions() -> Block {
    let steps = [
        "Print on white matte paper, in color mode, at 100 %; check the bar above with a ruler.",
        "Cut along the marks (85.6 × 54 mm). Do not bend or laminate the card: shine hides the grays.",
        "Lay it flat on the skin right beside the scar, all four corners visible, nothing shading it.",
        "Photograph straight from above, scar and card in the same light, without flash if you can.",
        "A card that touched skin is used for one client only: print a new one when it is worn or dirty.",
    ];
    let rows = steps.into_iter().zip(1..).map(|(step, number)| {
        let number = Block::text(&number.to_string(), Style::STRONG.in_ink(Ink::ACCENT), 8.0);
        let text = Block::text(step, Style::BODY.sized(10.0), 160.0);
        Block::stack([Block::beside([(0.0, number), (7.0, text)]), Block::space(1.6)])
    });
    Block::stack(rows)
}

/// The sRGB gray of a lightness L*.
fn gray_of_lightness(lightness: f64) -> Ink {
    let luminance = Xyz::from(Lab::new(lightness, 0.0, 0.0)).y;
    let encoded = RgbSpace::Srgb.encoded_from_linear(luminance as f32);
    Ink::Gray((255.0 * encoded).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_modules_cover_what_is_not_white() {
        let white: u32 = card::FIDUCIALS.iter().flat_map(|f| f.rows).map(u8::count_ones).sum();
        let module = card::FIDUCIAL_SIDE_MM / card::FIDUCIAL_MODULES as f64;
        let black_mm2: f64 = fiducial_modules().iter().map(|f| f.width_mm * f.height_mm).sum();
        let modules = f64::from(4 * 64 - white);
        assert!((black_mm2 - modules * module * module).abs() < 1e-9);
    }

    #[test]
    fn grays_have_their_lightness() {
        assert_eq!(gray_of_lightness(100.0), Ink::Gray(255));
        assert_eq!(gray_of_lightness(50.0), Ink::Gray(119));
        assert!(card_pdf().starts_with(b"%PDF"));
    }
}
