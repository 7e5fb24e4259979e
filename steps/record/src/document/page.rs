//! Paper: what is drawn in millimetres from a sheet's top left, and the PDF made of it.
//!
//! A [`Canvas`] is a list of marks; canvases nest, so a table is a canvas in a page is a canvas.
//! Nothing here knows the time or draws lots: the same sheets give the same bytes.

use krilla::color::{luma, rgb};
use krilla::configure::{Archival, Configuration, ConfigurationBuilder};
use krilla::error::KrillaResult;
use krilla::geom::{Path, PathBuilder, Point, Size, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Paint, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::{Document, SerializeSettings};
use stipple_model::{Date, Language};
use tiny_skia::PathSegment;

use super::typeface::{self, Ink, Line, MM_PER_PT, Style};

mod raster;

pub(crate) use raster::{png, rgb};

/// Width and height of A4, mm, upright.
pub(crate) const A4_MM: [f64; 2] = [210.0, 297.0];

/// A picture to place: a baseline or progressive JPEG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The JPEG file.
    pub bytes: Vec<u8>,
    /// Columns.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
}

impl Picture {
    /// A JPEG file with its size; none if it is not one.
    pub fn from_jpeg(bytes: Vec<u8>) -> Option<Self> {
        let (width_px, height_px) = krilla::image::Image::from_jpeg(bytes.clone().into(), false).ok()?.size();
        Some(Self { bytes, width_px, height_px })
    }
}

/// A rectangle, mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) left_mm: f64,
    pub(crate) top_mm: f64,
    pub(crate) width_mm: f64,
    pub(crate) height_mm: f64,
}

impl Frame {
    pub(crate) fn new(left_mm: f64, top_mm: f64, width_mm: f64, height_mm: f64) -> Self {
        Self { left_mm, top_mm, width_mm, height_mm }
    }

    /// The right edge, mm.
    pub(crate) fn right_mm(&self) -> f64 {
        self.left_mm + self.width_mm
    }

    /// The bottom edge, mm.
    pub(crate) fn bottom_mm(&self) -> f64 {
        self.top_mm + self.height_mm
    }

    /// Whether a place lies in it, edges included.
    pub(crate) fn holds(&self, [x_mm, y_mm]: [f64; 2]) -> bool {
        (self.left_mm..=self.right_mm()).contains(&x_mm) && (self.top_mm..=self.bottom_mm()).contains(&y_mm)
    }

    /// The frame grown on all sides; negative shrinks it.
    pub(crate) fn grown(&self, mm: f64) -> Self {
        Self::new(self.left_mm - mm, self.top_mm - mm, self.width_mm + 2.0 * mm, self.height_mm + 2.0 * mm)
    }
}

/// What a line is drawn with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pen {
    pub(crate) width_mm: f64,
    pub(crate) ink: Ink,
    /// Length of dashes and gaps, mm; none draws through.
    pub(crate) dash_mm: Option<f64>,
}

impl Pen {
    pub(crate) const fn new(width_mm: f64, ink: Ink) -> Self {
        Self { width_mm, ink, dash_mm: None }
    }

    pub(crate) const fn dashed(self, dash_mm: f64) -> Self {
        Self { dash_mm: Some(dash_mm), ..self }
    }
}

/// Where a line of text stands to the place it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
}

/// Marks on paper, in the order they are drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Canvas {
    marks: Vec<Mark>,
}

#[derive(Clone, Debug)]
enum Mark {
    Text { left_mm: f64, baseline_mm: f64, line: Line },
    Shape { shape: Shape, fill: Option<Ink>, pen: Option<Pen> },
    Picture { frame: Frame, picture: Picture },
    Canvas { shift_mm: [f64; 2], clip: Option<Frame>, canvas: Canvas },
}

#[derive(Clone, Debug)]
enum Shape {
    Rectangles(Vec<Frame>),
    Segments(Vec<[[f64; 2]; 2]>),
    Polygons(Vec<Vec<[f64; 2]>>),
    Circles { centers: Vec<[f64; 2]>, radius_mm: f64 },
}

impl Canvas {
    /// An empty canvas.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A shaped line of text on a baseline.
    pub(crate) fn line(&mut self, [x_mm, baseline_mm]: [f64; 2], align: Align, line: Line) {
        let left_mm = match align {
            Align::Left => x_mm,
            Align::Center => x_mm - line.width_mm / 2.0,
            Align::Right => x_mm - line.width_mm,
        };
        self.marks.push(Mark::Text { left_mm, baseline_mm, line });
    }

    /// A text on one line, left-aligned on a baseline.
    pub(crate) fn text(&mut self, at: [f64; 2], text: &str, style: Style) {
        self.line(at, Align::Left, Line::new(text, style));
    }

    /// Filled rectangles, as one shape: no seam shows where they touch.
    pub(crate) fn rectangles(&mut self, frames: Vec<Frame>, fill: Ink) {
        self.marks.push(Mark::Shape { shape: Shape::Rectangles(frames), fill: Some(fill), pen: None });
    }

    /// The edge of a rectangle.
    pub(crate) fn border(&mut self, frame: Frame, pen: Pen) {
        self.marks.push(Mark::Shape { shape: Shape::Rectangles(vec![frame]), fill: None, pen: Some(pen) });
    }

    /// Straight lines.
    pub(crate) fn segments(&mut self, segments: Vec<[[f64; 2]; 2]>, pen: Pen) {
        self.marks.push(Mark::Shape { shape: Shape::Segments(segments), fill: None, pen: Some(pen) });
    }

    /// Closed outlines.
    pub(crate) fn outlines(&mut self, polygons: Vec<Vec<[f64; 2]>>, pen: Pen) {
        self.marks.push(Mark::Shape { shape: Shape::Polygons(polygons), fill: None, pen: Some(pen) });
    }

    /// Filled disks of one size.
    pub(crate) fn disks(&mut self, centers: Vec<[f64; 2]>, radius_mm: f64, fill: Ink) {
        let shape = Shape::Circles { centers, radius_mm };
        self.marks.push(Mark::Shape { shape, fill: Some(fill), pen: None });
    }

    /// Circles of one size.
    pub(crate) fn rings(&mut self, centers: Vec<[f64; 2]>, radius_mm: f64, pen: Pen) {
        let shape = Shape::Circles { centers, radius_mm };
        self.marks.push(Mark::Shape { shape, fill: None, pen: Some(pen) });
    }

    /// A picture, stretched to a frame.
    pub(crate) fn picture(&mut self, frame: Frame, picture: &Picture) {
        self.marks.push(Mark::Picture { frame, picture: picture.clone() });
    }

    /// Another canvas, its top left at a place.
    pub(crate) fn put(&mut self, at: [f64; 2], canvas: Canvas) {
        self.marks.push(Mark::Canvas { shift_mm: at, clip: None, canvas });
    }

    /// Another canvas, of which only what lies in a frame of this one is seen.
    pub(crate) fn put_clipped(&mut self, clip: Frame, at: [f64; 2], canvas: Canvas) {
        self.marks.push(Mark::Canvas { shift_mm: at, clip: Some(clip), canvas });
    }
}

/// A sheet of paper.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    /// Width and height, mm.
    pub(crate) size_mm: [f64; 2],
    /// What is on it.
    pub(crate) canvas: Canvas,
}

impl Sheet {
    /// An empty A4 sheet, upright.
    pub(crate) fn upright() -> Self {
        Self { size_mm: A4_MM, canvas: Canvas::new() }
    }
}

/// A place to write down whose head it is: the file itself holds no name.
pub(crate) fn for_whom(room_mm: f64) -> Canvas {
    for_whom_in("for", room_mm)
}

/// The same after a word of another language.
pub(crate) fn for_whom_in(whom: &str, room_mm: f64) -> Canvas {
    let mut canvas = Canvas::new();
    canvas.text([0.0, 0.0], whom, Style::SMALL);
    let line = [[5.0, 0.6], [room_mm.clamp(20.0, 60.0), 0.6]];
    canvas.segments(vec![line], Pen::new(0.2, Ink::Gray(120)));
    canvas
}

/// The sheets as a PDF; with a day on it, one for archives (PDF/A-2u: fonts inside, colors defined).
///
/// # Determinism
/// The same sheets, title and day give the same bytes.
pub(crate) fn pdf(title: &str, made_on: Option<Date>, sheets: &[Sheet]) -> Vec<u8> {
    pdf_in(Language::English, title, made_on, sheets)
}

/// The same in a language.
pub(crate) fn pdf_in(language: Language, title: &str, made_on: Option<Date>, sheets: &[Sheet]) -> Vec<u8> {
    let metadata = metadata(title, made_on).language(language.name().to_owned());
    let archival = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_U)
        .finish()
        .expect("PDF/A-2u alone contradicts nothing");
    // because a stranger's text may hold characters that the archival norm forbids: then a plain PDF is made.
    written(archival, metadata.clone(), sheets)
        .or_else(|_| written(Configuration::default(), metadata, sheets))
        .expect("our own marks make a PDF")
}

fn written(configuration: Configuration, metadata: Metadata, sheets: &[Sheet]) -> KrillaResult<Vec<u8>> {
    let settings = SerializeSettings { configuration, no_device_cs: true, ..Default::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(metadata);
    for sheet in sheets {
        let [width, height] = sheet.size_mm.map(pt);
        let settings = PageSettings::from_wh(width, height).expect("a sheet has a size");
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        draw(&mut surface, &sheet.canvas);
        surface.finish();
        page.finish();
    }
    document.finish()
}

fn metadata(title: &str, made_on: Option<Date>) -> Metadata {
    let metadata = Metadata::new().title(title.to_owned()).creator("Stipple".to_owned());
    match made_on {
        Some(day) => metadata.creation_date(
            DateTime::new(day.year().unsigned_abs())
                .month(day.month().unsigned_abs())
                .day(day.day().unsigned_abs()),
        ),
        None => metadata,
    }
}

fn draw(surface: &mut Surface<'_>, canvas: &Canvas) {
    for mark in &canvas.marks {
        match mark {
            Mark::Text { left_mm, baseline_mm, line } => draw_line(surface, [*left_mm, *baseline_mm], line),
            Mark::Shape { shape, fill, pen } => draw_shape(surface, shape, *fill, *pen),
            Mark::Picture { frame, picture } => draw_picture(surface, frame, picture),
            Mark::Canvas { shift_mm, clip, canvas } => draw_canvas(surface, *shift_mm, *clip, canvas),
        }
    }
}

fn draw_canvas(surface: &mut Surface<'_>, shift_mm: [f64; 2], clip: Option<Frame>, canvas: &Canvas) {
    let clip = clip.and_then(|frame| path(&Shape::Rectangles(vec![frame])));
    if let Some(clip) = &clip {
        surface.push_clip_path(clip, &FillRule::NonZero);
    }
    let [dx, dy] = shift_mm.map(pt);
    surface.push_transform(&Transform::from_translate(dx, dy));
    draw(surface, canvas);
    surface.pop();
    if clip.is_some() {
        surface.pop();
    }
}

fn draw_line(surface: &mut Surface<'_>, [left_mm, baseline_mm]: [f64; 2], line: &Line) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: paint(line.style.ink), ..Default::default() }));
    let at = Point::from_xy(pt(left_mm), pt(baseline_mm));
    let font = typeface::font(line.style);
    surface.draw_glyphs(at, &line.glyphs, font, &line.text, line.style.size_pt as f32, false);
}

fn draw_shape(surface: &mut Surface<'_>, shape: &Shape, fill: Option<Ink>, pen: Option<Pen>) {
    let Some(path) = path(shape) else { return };
    surface.set_fill(fill.map(|ink| Fill { paint: paint(ink), ..Default::default() }));
    surface.set_stroke(pen.map(|pen| Stroke {
        paint: paint(pen.ink),
        width: pt(pen.width_mm),
        line_cap: LineCap::Butt,
        line_join: LineJoin::Round,
        dash: pen.dash_mm.map(|mm| StrokeDash { array: vec![pt(mm), pt(mm)], offset: 0.0 }),
        ..Default::default()
    }));
    surface.draw_path(&path);
}

/// A picture that is not a JPEG leaves an empty frame.
fn draw_picture(surface: &mut Surface<'_>, frame: &Frame, picture: &Picture) {
    let size = Size::from_wh(pt(frame.width_mm), pt(frame.height_mm));
    let image = krilla::image::Image::from_jpeg(picture.bytes.clone().into(), false);
    let (Some(size), Ok(image)) = (size, image) else {
        let pen = Pen::new(0.2, Ink::RULE);
        return draw_shape(surface, &Shape::Rectangles(vec![*frame]), Some(Ink::TINT), Some(pen));
    };
    surface.push_transform(&Transform::from_translate(pt(frame.left_mm), pt(frame.top_mm)));
    surface.draw_image(image, size);
    surface.pop();
}

/// An outline as the PDF takes it.
fn path(shape: &Shape) -> Option<Path> {
    let mut path = PathBuilder::new();
    for segment in outline(shape)?.segments() {
        match segment {
            PathSegment::MoveTo(p) => path.move_to(p.x, p.y),
            PathSegment::LineTo(p) => path.line_to(p.x, p.y),
            PathSegment::QuadTo(a, p) => path.quad_to(a.x, a.y, p.x, p.y),
            PathSegment::CubicTo(a, b, p) => path.cubic_to(a.x, a.y, b.x, b.y, p.x, p.y),
            PathSegment::Close => path.close(),
        }
    }
    path.finish()
}

/// The outline of a shape, in points; none if there is nothing of it.
fn outline(shape: &Shape) -> Option<tiny_skia::Path> {
    let mut path = tiny_skia::PathBuilder::new();
    match shape {
        Shape::Rectangles(frames) => {
            for frame in frames {
                let [right_mm, bottom_mm] = [frame.right_mm(), frame.bottom_mm()];
                let edges = [frame.left_mm, frame.top_mm, right_mm, bottom_mm].map(pt);
                let rect = tiny_skia::Rect::from_ltrb(edges[0], edges[1], edges[2], edges[3]);
                rect.into_iter().for_each(|rect| path.push_rect(rect));
            }
        }
        Shape::Segments(segments) => {
            for [from, to] in segments {
                path.move_to(pt(from[0]), pt(from[1]));
                path.line_to(pt(to[0]), pt(to[1]));
            }
        }
        Shape::Polygons(polygons) => {
            for polygon in polygons.iter().filter(|polygon| polygon.len() > 2) {
                path.move_to(pt(polygon[0][0]), pt(polygon[0][1]));
                polygon[1..].iter().for_each(|corner| path.line_to(pt(corner[0]), pt(corner[1])));
                path.close();
            }
        }
        Shape::Circles { centers, radius_mm } => {
            centers.iter().for_each(|center| push_circle(&mut path, *center, *radius_mm));
        }
    }
    path.finish()
}

/// A circle of four Bézier arcs; it strays from the true one by 0.03 % of its radius.
fn push_circle(path: &mut tiny_skia::PathBuilder, [x, y]: [f64; 2], radius_mm: f64) {
    let (r, k) = (radius_mm, 0.552_284_75 * radius_mm);
    path.move_to(pt(x + r), pt(y));
    path.cubic_to(pt(x + r), pt(y + k), pt(x + k), pt(y + r), pt(x), pt(y + r));
    path.cubic_to(pt(x - k), pt(y + r), pt(x - r), pt(y + k), pt(x - r), pt(y));
    path.cubic_to(pt(x - r), pt(y - k), pt(x - k), pt(y - r), pt(x), pt(y - r));
    path.cubic_to(pt(x + k), pt(y - r), pt(x + r), pt(y - k), pt(x + r), pt(y));
    path.close();
}

/// Points from millimetres, to a thousandth of a point (0.4 µm): short numbers make small files.
fn pt(mm: f64) -> f32 {
    ((mm / MM_PER_PT * 1000.0).round() / 1000.0) as f32
}

fn paint(ink: Ink) -> Paint {
    match ink {
        Ink::Gray(level) => luma::Color::new(level).into(),
        Ink::Rgb(r, g, b) => rgb::Color::new(r, g, b).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let mut sheet = Sheet::upright();
        sheet.canvas.text([20.0, 20.0], "Twice the same: 12.3 ± 0.4 mm", Style::BODY);
        sheet.canvas.disks(vec![[30.0, 40.0], [31.0, 40.0]], 0.2, Ink::ACCENT);
        let broken = Picture { bytes: vec![1, 2, 3], width_px: 2, height_px: 2 };
        sheet.canvas.picture(Frame::new(20.0, 60.0, 40.0, 30.0), &broken);
        sheet
    }

    #[test]
    fn the_same_sheets_give_the_same_bytes() {
        let day = Some(Date::constant(2026, 11, 22));
        let once = pdf("Test", day, &[sheet(), sheet()]);
        assert!(once.starts_with(b"%PDF-1.7"));
        assert_eq!(once, pdf("Test", day, &[sheet(), sheet()]));
    }
}
