//! A sheet as a picture.

use rustybuzz::ttf_parser::{GlyphId, OutlineBuilder};
use tiny_skia::{
    Color, FillRule, FilterQuality, LineCap, LineJoin, Mask, Paint, Path, PathBuilder, Pixmap, PixmapPaint,
    Stroke, StrokeDash, Transform,
};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Canvas, Frame, Ink, Line, Mark, Pen, Picture, Shape, Sheet, outline, pt};
use crate::document::typeface;
use crate::picture::png_of_rgb;

/// A sheet as PNG on white, so many pixels a millimetre.
///
/// # Panics
/// If the sheet would be empty or larger than memory: that is our own bug.
pub(crate) fn png(sheet: &Sheet, px_per_mm: f64) -> Vec<u8> {
    let (samples, width_px, height_px) = rgb(sheet, px_per_mm);
    png_of_rgb(&samples, width_px, height_px)
}

/// The same as R, G, B (8-bit sRGB), with columns and rows.
///
/// # Panics
/// See [`png`].
pub(crate) fn rgb(sheet: &Sheet, px_per_mm: f64) -> (Vec<u8>, usize, usize) {
    let [width, height] = sheet.size_mm.map(|mm| (mm * px_per_mm).round() as u32);
    let mut pixmap = Pixmap::new(width, height).expect("a sheet has a size");
    pixmap.fill(Color::WHITE);
    let mut paper = Paper { pixmap, clip: None };
    // Shapes are in points, as in the PDF.
    let scale = (px_per_mm * typeface::MM_PER_PT) as f32;
    paper.draw(&sheet.canvas, Transform::from_scale(scale, scale));
    let samples = paper.pixmap.data().chunks_exact(4).flat_map(|rgba| [rgba[0], rgba[1], rgba[2]]).collect();
    (samples, width as usize, height as usize)
}

struct Paper {
    pixmap: Pixmap,
    clip: Option<Mask>,
}

impl Paper {
    fn draw(&mut self, canvas: &Canvas, place: Transform) {
        for mark in &canvas.marks {
            match mark {
                Mark::Text { left_mm, baseline_mm, line } => {
                    self.line(line, place.pre_translate(pt(*left_mm), pt(*baseline_mm)));
                }
                Mark::Shape { shape, fill, pen } => self.shape(shape, *fill, *pen, place),
                Mark::Picture { frame, picture } => self.picture(frame, picture, place),
                Mark::Canvas { shift_mm: [dx, dy], clip, canvas } => {
                    let outer = self.clip.clone();
                    if let Some(frame) = clip {
                        self.narrow(frame, place);
                    }
                    self.draw(canvas, place.pre_translate(pt(*dx), pt(*dy)));
                    self.clip = outer;
                }
            }
        }
    }

    fn narrow(&mut self, frame: &Frame, place: Transform) {
        let Some(path) = outline(&Shape::Rectangles(vec![*frame])) else { return };
        let mut mask = match &self.clip {
            Some(mask) => mask.clone(),
            None => {
                let mut mask =
                    Mask::new(self.pixmap.width(), self.pixmap.height()).expect("a sheet has a size");
                mask.data_mut().fill(255);
                mask
            }
        };
        mask.intersect_path(&path, FillRule::Winding, true, place);
        self.clip = Some(mask);
    }

    fn shape(&mut self, shape: &Shape, fill: Option<Ink>, pen: Option<Pen>, place: Transform) {
        let Some(path) = outline(shape) else { return };
        if let Some(ink) = fill {
            self.pixmap.fill_path(&path, &paint(ink), FillRule::Winding, place, self.clip.as_ref());
        }
        if let Some(pen) = pen {
            let dash = pen.dash_mm.and_then(|mm| StrokeDash::new(vec![pt(mm), pt(mm)], 0.0));
            let (line_cap, line_join) = (LineCap::Butt, LineJoin::Round);
            let stroke = Stroke { width: pt(pen.width_mm), line_cap, line_join, dash, ..Stroke::default() };
            self.pixmap.stroke_path(&path, &paint(pen.ink), &stroke, place, self.clip.as_ref());
        }
    }

    fn line(&mut self, line: &Line, place: Transform) {
        let Some(path) = outlines(line) else { return };
        self.pixmap.fill_path(&path, &paint(line.style.ink), FillRule::Winding, place, self.clip.as_ref());
    }

    /// A picture that cannot be decoded leaves its place empty.
    fn picture(&mut self, frame: &Frame, picture: &Picture, place: Transform) {
        let Some(pixels) = decoded(picture) else { return };
        let across = pt(frame.width_mm) / picture.width_px as f32;
        let down = pt(frame.height_mm) / picture.height_px as f32;
        let place = place.pre_translate(pt(frame.left_mm), pt(frame.top_mm)).pre_scale(across, down);
        let quality = PixmapPaint { quality: FilterQuality::Bicubic, ..PixmapPaint::default() };
        self.pixmap.draw_pixmap(0, 0, pixels.as_ref(), &quality, place, self.clip.as_ref());
    }
}

fn paint(ink: Ink) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    match ink {
        Ink::Gray(level) => paint.set_color_rgba8(level, level, level, 255),
        Ink::Rgb(r, g, b) => paint.set_color_rgba8(r, g, b, 255),
    }
    paint
}

fn decoded(picture: &Picture) -> Option<Pixmap> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGBA);
    let pixels = JpegDecoder::new_with_options(ZCursor::new(&picture.bytes), options).decode().ok()?;
    let mut pixmap = Pixmap::new(picture.width_px, picture.height_px)?;
    let data = pixmap.data_mut();
    (data.len() == pixels.len()).then(|| data.copy_from_slice(&pixels))?;
    Some(pixmap)
}

/// The glyphs of a line as one shape, its start at the origin.
fn outlines(line: &Line) -> Option<Path> {
    let face = typeface::face(line.style);
    let em = line.style.size_pt as f32;
    let unit = em / f32::from(face.units_per_em() as u16);
    let (mut pen, mut x) = (GlyphPen { path: PathBuilder::new(), at: (0.0, 0.0), unit }, 0.0);
    for glyph in &line.glyphs {
        pen.at = (x + glyph.x_offset * em, -glyph.y_offset * em);
        face.outline_glyph(GlyphId(glyph.glyph_id.to_u32() as u16), &mut pen);
        x += glyph.x_advance * em;
    }
    pen.path.finish()
}

/// Draws glyphs: their y goes up, the sheet's down.
struct GlyphPen {
    path: PathBuilder,
    at: (f32, f32),
    unit: f32,
}

impl GlyphPen {
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        (self.at.0 + x * self.unit, self.at.1 - y * self.unit)
    }
}

impl OutlineBuilder for GlyphPen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.place(x1, y1), self.place(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.place(x1, y1), self.place(x2, y2), self.place(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
