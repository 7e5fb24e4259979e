//! The reference card: one drawing, shared by who prints it, who photographs it and who finds it.
//!
//! Bank-card size. Four fiducials at the corners give the homography, gray patches give white balance,
//! a ruler lets a person check that the printer kept the size.

/// Width of the card, mm (ISO/IEC 7810 ID-1).
pub const WIDTH_MM: f64 = 85.6;
/// Height of the card, mm.
pub const HEIGHT_MM: f64 = 54.0;
/// Side of a fiducial's black square, mm.
pub const FIDUCIAL_SIDE_MM: f64 = 10.0;
/// Modules along a fiducial's black square: a black frame of one around six by six.
pub const FIDUCIAL_MODULES: usize = 8;

/// A fiducial of family AprilTag 36h11.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fiducial {
    /// Its number in the family.
    pub id: u16,
    /// Left edge of its black square, mm from the card's left.
    pub left_mm: f64,
    /// Top edge of its black square, mm from the card's top.
    pub top_mm: f64,
    /// Rows of its 6 × 6 code, top first; bit 5 is the leftmost module, set is white.
    pub rows: [u8; 6],
}

/// The fiducials: top left, top right, bottom left, bottom right [@Wang2016].
pub const FIDUCIALS: [Fiducial; 4] = [
    Fiducial {
        id: 211,
        left_mm: 3.0,
        top_mm: 3.0,
        rows: [0b011000, 0b101011, 0b100000, 0b101101, 0b010111, 0b001111],
    },
    Fiducial {
        id: 223,
        left_mm: 72.6,
        top_mm: 3.0,
        rows: [0b000111, 0b001110, 0b011101, 0b000011, 0b000110, 0b101000],
    },
    Fiducial {
        id: 227,
        left_mm: 3.0,
        top_mm: 41.0,
        rows: [0b100011, 0b101010, 0b010110, 0b000101, 0b001110, 0b000000],
    },
    Fiducial {
        id: 229,
        left_mm: 72.6,
        top_mm: 41.0,
        rows: [0b100001, 0b110101, 0b101101, 0b110011, 0b101110, 0b101011],
    },
];

/// A rectangle of even gray.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GrayPatch {
    /// Left edge, mm.
    pub left_mm: f64,
    /// Top edge, mm.
    pub top_mm: f64,
    /// Width, mm.
    pub width_mm: f64,
    /// Height, mm.
    pub height_mm: f64,
    /// Nominal lightness L*; the printer decides the real one (± 5), but not its neutrality (± 2 in a*, b*).
    pub nominal_l: f64,
}

/// The gray patches, light to dark.
pub const GRAYS: [GrayPatch; 6] = {
    const fn patch(k: usize, nominal_l: f64) -> GrayPatch {
        GrayPatch { left_mm: 15.8 + 9.0 * k as f64, top_mm: 17.0, width_mm: 9.0, height_mm: 14.0, nominal_l }
    }
    [patch(0, 95.0), patch(1, 80.0), patch(2, 65.0), patch(3, 50.0), patch(4, 35.0), patch(5, 20.0)]
};

/// The ruler: where its zero stands and how long it is, mm.
pub const RULER_LEFT_MM: f64 = 17.8;
/// Top of the ruler's longest tick, mm.
pub const RULER_TOP_MM: f64 = 43.0;
/// Length of the ruler, mm.
pub const RULER_LENGTH_MM: f64 = 50.0;

/// Whether the card is white at a place on it, mm from its top left; only the fiducials are looked at.
///
/// `None` away from the fiducials' black squares.
pub fn fiducial_white_at(x_mm: f64, y_mm: f64) -> Option<bool> {
    FIDUCIALS.iter().find_map(|fiducial| {
        let module = |mm: f64| (mm / FIDUCIAL_SIDE_MM * FIDUCIAL_MODULES as f64).floor();
        let (column, row) = (module(x_mm - fiducial.left_mm), module(y_mm - fiducial.top_mm));
        let last = (FIDUCIAL_MODULES - 1) as f64;
        if !(0.0..=last).contains(&column) || !(0.0..=last).contains(&row) {
            return None;
        }
        let border = column == 0.0 || row == 0.0 || column == last || row == last;
        Some(!border && fiducial.rows[row as usize - 1] >> (6 - column as usize) & 1 == 1)
    })
}
