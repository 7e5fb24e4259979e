//! A drawing to work by. It is not a photograph, and its type says so.

/// The dots drawn as signs over the photograph made pale and gray, with its mark burned in below. There is no way from here
/// to a `Photo`.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlay {
    /// Columns, as the photograph's.
    pub width_px: usize,
    /// Rows: the photograph's and those of the mark.
    pub height_px: usize,
    /// R, G, B in sRGB, row by row, as 8-bit codes times 257.
    pub codes: Vec<u16>,
}
