//! Why there is no surface to stand on.

/// What is wrong with a mesh, or with the region asked for on it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Too large to be worked on.
    #[error(
        "the mesh has {found} {what}, at most {most} are worked on; reduce it in a mesh editor (edges of 1 to 2 mm are fine)"
    )]
    TooLarge {
        /// What was counted.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many may be.
        most: usize,
    },
    /// A vertex or a triangle that cannot be one.
    #[error("the mesh is damaged ({found}); export it anew from the program that made it")]
    Damaged {
        /// What was met.
        found: &'static str,
    },
    /// No triangle has an area.
    #[error(
        "the mesh has no surface; needed: triangles with an area; export the scan as a surface, not as points"
    )]
    Empty,
    /// The region closes on itself, or has a tunnel.
    #[error(
        "the region cannot be laid flat: {found}; choose a smaller radius or another center, or close the mesh's tunnels"
    )]
    NotADisk {
        /// Which of them.
        found: &'static str,
    },
    /// Laid flat, the region is too uneven.
    #[error(
        "laid flat, {found_percent:.0} % of the region is stretched or squeezed too much, at most {most_percent:.0} % \
         may be; choose a smaller radius or another center"
    )]
    Distorted {
        /// Share of the region, percent.
        found_percent: f64,
        /// What may be, percent.
        most_percent: f64,
    },
    /// The region is smaller than a few cells.
    #[error(
        "the region has an area of {found_mm2:.1} mm²; needed: at least {least_mm2} mm²; check the unit and the center"
    )]
    TooSmall {
        /// What was found.
        found_mm2: f64,
        /// What is needed.
        least_mm2: f64,
    },
}
