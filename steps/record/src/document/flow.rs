//! A column of text and figures that runs over as many pages as it needs.

use super::page::{Align, Canvas, Frame, Pen, Sheet};
use super::typeface::{Ink, Line, Style, wrapped};

/// A canvas that knows how much room it takes: it is placed whole, never split.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    pub(crate) height_mm: f64,
    pub(crate) canvas: Canvas,
}

impl Block {
    /// Wrapped text.
    pub(crate) fn text(text: &str, style: Style, width_mm: f64) -> Self {
        Self::lines(wrapped(text, style, width_mm), Align::Left, width_mm)
    }

    /// Lines of text below one another.
    pub(crate) fn lines(lines: Vec<Line>, align: Align, width_mm: f64) -> Self {
        let mut block = Self::default();
        let x_mm = match align {
            Align::Left => 0.0,
            Align::Center => width_mm / 2.0,
            Align::Right => width_mm,
        };
        for line in lines {
            let (leading, capital) = (line.style.leading_mm(), line.style.capital_mm());
            // because capitals then stand in the middle of their line, and boxes look evenly padded.
            let baseline = block.height_mm + (leading + capital) / 2.0;
            block.canvas.line([x_mm, baseline], align, line);
            block.height_mm += leading;
        }
        block
    }

    /// Room without marks.
    pub(crate) fn space(height_mm: f64) -> Self {
        Self { height_mm, canvas: Canvas::new() }
    }

    /// Blocks below one another.
    pub(crate) fn stack(blocks: impl IntoIterator<Item = Self>) -> Self {
        let mut stacked = Self::default();
        for block in blocks {
            stacked.canvas.put([0.0, stacked.height_mm], block.canvas);
            stacked.height_mm += block.height_mm;
        }
        stacked
    }

    /// Blocks beside one another, each with its left edge, tops aligned.
    pub(crate) fn beside(blocks: impl IntoIterator<Item = (f64, Self)>) -> Self {
        let mut row = Self::default();
        for (left_mm, block) in blocks {
            row.canvas.put([left_mm, 0.0], block.canvas);
            row.height_mm = row.height_mm.max(block.height_mm);
        }
        row
    }

    /// The block in a tinted box with a bar of the accent color at its left; `width_mm` is the box's.
    pub(crate) fn boxed(self, width_mm: f64) -> Self {
        let height_mm = self.height_mm + 2.0 * BOX_PADDING_MM;
        let mut canvas = Canvas::new();
        canvas.rectangles(vec![Frame::new(0.0, 0.0, width_mm, height_mm)], Ink::TINT);
        canvas.rectangles(vec![Frame::new(0.0, 0.0, 1.2, height_mm)], Ink::ACCENT);
        canvas.put([BOX_PADDING_MM + 1.2, BOX_PADDING_MM], self.canvas);
        Self { height_mm, canvas }
    }
}

/// Room between a box's edge and what is in it, mm.
const BOX_PADDING_MM: f64 = 3.6;

/// Room that is left for text in a box, mm.
pub(crate) fn inside_box_mm(width_mm: f64) -> f64 {
    width_mm - 2.0 * BOX_PADDING_MM - 1.2
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// What stands at its top.
    pub(crate) title: &'static str,
    /// Its width, gap to the next included, mm.
    pub(crate) width_mm: f64,
    /// Where its cells stand.
    pub(crate) align: Align,
}

/// A table up to so tall is not split, mm.
const WHOLE_TABLE_MM: f64 = 60.0;
/// The last rows of a longer table that stay together.
const ROWS_TOGETHER: usize = 4;

/// Room between columns, mm.
const GUTTER_MM: f64 = 3.5;

/// A table: a head, and rows of one text a column.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    pub(crate) style: Style,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// The whole table, never split.
    pub(crate) fn block(&self) -> Block {
        let (head, rows) = self.blocks();
        Block::stack(std::iter::once(head).chain(rows))
    }

    /// The head, and the rows, each closed by a thin rule.
    fn blocks(&self) -> (Block, Vec<Block>) {
        let titles: Vec<String> = self.columns.iter().map(|column| column.title.to_owned()).collect();
        let head = self.row(&titles, Style::SMALL, Pen::new(0.25, Ink::QUIET));
        let rule = Pen::new(0.15, Ink::RULE);
        (head, self.rows.iter().map(|row| self.row(row, self.style, rule)).collect())
    }

    fn row(&self, cells: &[String], style: Style, rule: Pen) -> Block {
        let mut left_mm = 0.0;
        let mut placed = Vec::new();
        for (column, cell) in self.columns.iter().zip(cells) {
            let width_mm = column.width_mm - GUTTER_MM;
            let lines = wrapped(cell, style, width_mm);
            placed.push((left_mm, Block::lines(lines, column.align, width_mm)));
            left_mm += column.width_mm;
        }
        let padding = 0.4;
        let cells = Block::beside(placed);
        let mut row = Block::stack([Block::space(padding), cells, Block::space(padding)]);
        let right_mm = left_mm - GUTTER_MM;
        row.canvas.segments(vec![[[0.0, row.height_mm], [right_mm, row.height_mm]]], rule);
        row
    }
}

/// The part of a sheet that a flow fills.
pub(crate) const COLUMN: Frame = Frame { left_mm: 20.0, top_mm: 22.0, width_mm: 170.0, height_mm: 252.0 };

/// Blocks poured down a column, page after page.
#[derive(Debug)]
pub(crate) struct Flow {
    finished: Vec<Sheet>,
    open: Sheet,
    /// How far down the column is filled, mm.
    filled_mm: f64,
}

impl Flow {
    /// An empty first page.
    pub(crate) fn new() -> Self {
        Self { finished: Vec::new(), open: Sheet::upright(), filled_mm: 0.0 }
    }

    /// A block, on the next page if this one has no room for it.
    pub(crate) fn place(&mut self, block: Block) {
        if self.filled_mm > 0.0 && block.height_mm > self.room_mm() {
            self.next_page();
        }
        self.open.canvas.put([COLUMN.left_mm, COLUMN.top_mm + self.filled_mm], block.canvas);
        self.filled_mm += block.height_mm;
    }

    /// Blocks in order; the first two are kept on one page, so that a heading is never left alone.
    pub(crate) fn place_after(&mut self, heading: Block, blocks: Vec<Block>) {
        let mut blocks = blocks.into_iter();
        let first = blocks.next().unwrap_or_default();
        self.place(Block::stack([heading, first]));
        blocks.for_each(|block| self.place(block));
    }

    /// A table between a heading and a note: a short one is kept on one page, a long one repeats its head on
    /// every page; the note stays with the last row.
    pub(crate) fn table(&mut self, heading: Block, table: &Table, note: Block) {
        let (head, mut rows) = table.blocks();
        // Because a few rows alone on a page look lost, the last ones move together.
        let last = rows.split_off(rows.len().saturating_sub(ROWS_TOGETHER));
        rows.push(Block::stack(last.into_iter().chain([note])));
        let mut above = Block::stack([heading, head.clone()]);
        let whole_mm = above.height_mm + rows.iter().map(|row| row.height_mm).sum::<f64>();
        if whole_mm <= WHOLE_TABLE_MM && whole_mm > self.room_mm() {
            self.next_page();
        }
        for row in rows {
            if self.filled_mm > 0.0 && above.height_mm + row.height_mm > self.room_mm() {
                self.next_page();
                if above.height_mm == 0.0 {
                    above = head.clone();
                }
            }
            self.place(Block::stack([std::mem::take(&mut above), row]));
        }
        self.place(above);
    }

    /// Room between sections; none at the top of a page.
    pub(crate) fn space(&mut self, mm: f64) {
        if self.filled_mm > 0.0 {
            self.filled_mm += mm;
        }
    }

    /// Starts a new page, unless this one is empty.
    pub(crate) fn next_page(&mut self) {
        if self.filled_mm > 0.0 {
            self.finished.push(std::mem::replace(&mut self.open, Sheet::upright()));
            self.filled_mm = 0.0;
        }
    }

    /// Room left on this page, mm.
    pub(crate) fn room_mm(&self) -> f64 {
        COLUMN.height_mm - self.filled_mm
    }

    /// The pages, with a line at the foot of each, at the head of all but the first, and their numbers.
    pub(crate) fn finish(self, head: &str, foot: &str) -> Vec<Sheet> {
        self.finish_in("of", head, foot)
    }

    /// The same with a word of another language between a page's number and how many there are.
    pub(crate) fn finish_in(mut self, of: &str, head: &str, foot: &str) -> Vec<Sheet> {
        self.next_page();
        let count = self.finished.len();
        for (k, sheet) in self.finished.iter_mut().enumerate() {
            let number = Line::new(&format!("{} {of} {count}", k + 1), Style::SMALL);
            let (top, bottom) = (COLUMN.top_mm - 8.0, COLUMN.bottom_mm() + 10.5);
            if k > 0 {
                sheet.canvas.text([COLUMN.left_mm, top], head, Style::SMALL);
            }
            sheet.canvas.text([COLUMN.left_mm, bottom], foot, Style::SMALL);
            sheet.canvas.line([COLUMN.right_mm(), bottom], Align::Right, number);
            let rule = bottom - 5.0;
            let line = [[COLUMN.left_mm, rule], [COLUMN.right_mm(), rule]];
            sheet.canvas.segments(vec![line], Pen::new(0.15, Ink::RULE));
        }
        self.finished
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_table_runs_over_pages_and_an_empty_one_shows_its_head() {
        let column = Column { title: "n", width_mm: 40.0, align: Align::Right };
        let rows = (0..120).map(|k| vec![k.to_string()]).collect();
        let table = Table { columns: vec![column], style: Style::BODY, rows };
        let mut flow = Flow::new();
        flow.table(Block::text("Numbers", Style::HEADING, 100.0), &table, Block::default());
        assert_eq!(flow.finish("head", "foot").len(), 3);
        let mut flow = Flow::new();
        flow.table(Block::default(), &Table { rows: Vec::new(), ..table }, Block::default());
        assert_eq!(flow.finish("head", "foot").len(), 1);
    }

    #[test]
    fn what_does_not_fit_moves_on_whole() {
        let mut flow = Flow::new();
        flow.place(Block::space(200.0));
        flow.place(Block::space(60.0));
        assert_eq!(flow.room_mm(), COLUMN.height_mm - 60.0);
    }
}
