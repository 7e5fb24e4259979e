//! Where the table has its nodes.

/// Reduced scattering of the skin, 1/mm.
pub const SCATTERINGS_PER_MM: [f64; 6] = [0.8, 1.2, 1.8, 2.7, 4.0, 6.0];
/// Absorption of the epidermis, 1/mm.
pub const EPIDERMIS_PER_MM: [f64; 4] = [0.2, 2.0, 7.0, 20.0];
/// Absorption of the dermis, 1/mm.
pub const DERMIS_PER_MM: [f64; 5] = [0.01, 0.04, 0.13, 0.4, 1.5];
/// How tall the pigment stands, mm.
pub const HEIGHTS_MM: [f64; 2] = [0.1, 0.3];
/// Depth of the upper end of the pigment, mm.
pub const TOPS_MM: [f64; 8] = [0.1, 0.18, 0.28, 0.4, 0.55, 0.8, 1.1, 1.5];
/// Radius of the dot, mm.
pub const RADII_MM: [f64; 4] = [0.05, 0.1, 0.18, 0.3];
/// Absorption of the ink, 1/mm.
pub const INKS_PER_MM: [f64; 7] = [1.0, 3.0, 8.0, 20.0, 60.0, 200.0, 600.0];
/// How many distances from the middle there are for each radius.
pub const POSITIONS: usize = 16;

/// How many of the positions lie within the dot: at its edge contrast jumps by the light that was not
/// scattered on its way down.
pub const POSITIONS_WITHIN: usize = 6;

/// Distances within and at the edge of a dot, in radii.
const NEAR: [f64; 8] = [0.0, 0.3, 0.55, 0.75, 0.9, 0.985, 1.05, 1.2];
/// Distances farther out, mm beyond 1.2 radii.
const FAR_MM: [f64; 8] = [0.03, 0.08, 0.17, 0.3, 0.55, 1.0, 1.7, 2.8];

/// Epidermis above the dermis, mm.
pub const EPIDERMIS_MM: f64 = 0.08;
/// Refractive index of the skin.
pub const REFRACTIVE_INDEX: f64 = 1.4;
/// Mean cosine of scattering: that of 550 nm.
pub const ANISOTROPY: f64 = 0.78;

/// Numbers for each reduced scattering.
pub const VALUES_PER_SCATTERING: usize = EPIDERMIS_PER_MM.len()
    * DERMIS_PER_MM.len()
    * HEIGHTS_MM.len()
    * TOPS_MM.len()
    * RADII_MM.len()
    * INKS_PER_MM.len()
    * POSITIONS;
/// Numbers in all.
pub const VALUES: usize = SCATTERINGS_PER_MM.len() * VALUES_PER_SCATTERING;

/// Distance of a position from the middle of a dot, mm.
///
/// # Panics
/// If there is no such position.
pub fn distance_mm(position: usize, radius_mm: f64) -> f64 {
    match position.checked_sub(NEAR.len()) {
        None => NEAR[position] * radius_mm,
        Some(far) => NEAR[NEAR.len() - 1] * radius_mm + FAR_MM[far],
    }
}

/// Place of a number among those of one scattering; positions lie side by side.
pub fn place(indices: Indices) -> usize {
    let Indices { epidermis, dermis, height, top, radius, ink, position } = indices;
    let at = epidermis * DERMIS_PER_MM.len() + dermis;
    let at = (at * HEIGHTS_MM.len() + height) * TOPS_MM.len() + top;
    let at = (at * RADII_MM.len() + radius) * INKS_PER_MM.len() + ink;
    at * POSITIONS + position
}

/// Which node on each axis but scattering.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each is an index into the axis of its name")]
pub struct Indices {
    pub epidermis: usize,
    pub dermis: usize,
    pub height: usize,
    pub top: usize,
    pub radius: usize,
    pub ink: usize,
    pub position: usize,
}

/// Lowest and highest logarithm of optical density that a number can hold.
const RANGE: [f64; 2] = [-13.0, 2.5];

/// A contrast as a 16-bit number: the logarithm of its optical density −ln(1 − C), in equal steps of
/// 0.024 %.
pub fn encode(contrast: f64) -> u16 {
    let density = -(1.0 - contrast.clamp(0.0, 0.999_99)).ln();
    let share = (density.max(1e-9).ln() - RANGE[0]) / (RANGE[1] - RANGE[0]);
    (share.clamp(0.0, 1.0) * f64::from(u16::MAX)).round() as u16
}

/// The logarithm of the optical density that a number stands for.
pub fn decode(number: u16) -> f64 {
    RANGE[0] + f64::from(number) * ((RANGE[1] - RANGE[0]) / f64::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrasts_survive_their_numbers() {
        for contrast in [1e-5, 1e-3, 0.02, 0.5, 0.9, 0.99] {
            let back = 1.0 - (-decode(encode(contrast)).exp()).exp();
            assert!((back / contrast - 1.0).abs() < 3e-4, "{contrast}: {back}");
        }
    }

    #[test]
    fn every_number_has_its_own_place() {
        let last = Indices { epidermis: 3, dermis: 4, height: 1, top: 7, radius: 3, ink: 6, position: 15 };
        assert_eq!(place(last) + 1, VALUES_PER_SCATTERING);
    }
}
