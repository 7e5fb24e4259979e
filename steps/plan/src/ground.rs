//! The piece of scalp to plan on, as a grid in millimetres.

use stipple_model::{HairlineSetting, Reading};
use stipple_points::{Metric, Window};
use stipple_quantity::PointInScalp;
use stipple_raster::distance::distance_to;
use stipple_raster::{Grid, Mask};

use crate::areas::{Areas, Kind};
use crate::error::Error;
use crate::lattice::Lattice;
use crate::standing::natural_per_mm2;

/// Hair tells how units stand as far from the scars as this, mm: the width of the soft edge that is usual.
const AROUND_MM: f64 = 20.0;

/// All that is to be treated, on a grid.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    /// Cells that may take dots: skin that was read, in an area or in a scar's soft edge, behind the hairline.
    pub(crate) window: Window,
    /// Skin that was read.
    pub(crate) zone: Mask,
    /// The area of each cell.
    pub(crate) area_of: AreaOf,
    /// Distance to the nearest scar, mm; 0 inside.
    pub(crate) outside_mm: Grid,
    /// Distance to the scar's edge from inside, mm; 0 outside.
    pub(crate) inside_mm: Grid,
    /// Distance behind the hairline's front, mm, below zero in front of it; infinite without a hairline.
    pub(crate) behind_mm: Grid,
    /// How dense hair grows on this head, units per mm² as found; where something was drawn and enough hair tells it.
    pub(crate) natural_per_mm2: Option<f64>,
    /// What lies outside the zone.
    pub(crate) cuts: Cuts,
}

/// Skin around the scars, on a grid of its own.
pub(crate) struct Around {
    pub(crate) window: Window,
    /// The ground's cell of each cell.
    cells: Vec<usize>,
}

impl Around {
    /// Of a value for every cell of the ground, those of this grid; `nothing` where the skin is none of it, because what
    /// lies there does not count and sliders change it.
    pub(crate) fn of<T: Copy>(&self, values: &[T], nothing: T) -> Vec<T> {
        let cells = self.cells.iter().zip(&self.window.inside);
        cells.map(|(k, inside)| if *inside { values[*k] } else { nothing }).collect()
    }
}

/// Shares of areas that lie outside the skin that was read and get no dots, 0–1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cuts {
    /// Of the scars' soft edge.
    pub(crate) feather: f64,
    /// Of the scars.
    pub(crate) scars: f64,
    /// Of what was drawn.
    pub(crate) drawn: f64,
}

/// The area that each cell lies in.
#[derive(Clone, Debug)]
pub(crate) struct AreaOf {
    /// Number of the area plus one, or 0 outside; scars come first.
    pub(crate) number: Vec<u32>,
    /// What each area is.
    pub(crate) kinds: Vec<Kind>,
    /// Share of what was drawn that is a scar's, 0–1.
    pub(crate) drawn_on_scars: f64,
}

impl AreaOf {
    /// What a cell is treated as.
    pub(crate) fn kind(&self, cell: usize) -> Option<Kind> {
        Some(self.kinds[self.number[cell].checked_sub(1)? as usize])
    }

    /// Whether a cell lies in what was drawn.
    pub(crate) fn is_drawn(&self, cell: usize) -> bool {
        self.kind(cell).is_some_and(|kind| kind != Kind::Scar)
    }

    /// Whether anything was drawn.
    pub(crate) fn has_drawn(&self) -> bool {
        self.kinds.iter().any(|kind| *kind != Kind::Scar)
    }

    /// The scar that a cell lies in.
    pub(crate) fn scar(&self, cell: usize) -> Option<usize> {
        let area = self.number[cell].checked_sub(1)? as usize;
        (self.kinds[area] == Kind::Scar).then_some(area)
    }
}

impl Ground {
    /// Where hair could not be read, the ground ends at the scars' edges: what stands around is not known.
    ///
    /// `units` are those that stand, mm.
    pub(crate) fn new(
        reading: &Reading,
        areas: &Areas,
        units: &[(f64, f64)],
        feather_mm: f64,
    ) -> Result<Self, Error> {
        let feather_mm = if is_hair_read(reading) { feather_mm } else { 0.0 };
        let lattice = Lattice::around(areas, feather_mm.max(AROUND_MM))?;
        let zone = lattice.mask(lattice.zone(reading));
        let (area_of, behind_mm) = lattice.area_of(areas);
        let skin = area_of.has_drawn().then(|| telling_skin(reading, areas)).flatten();
        let natural_per_mm2 = skin.and_then(|skin| natural_per_mm2(units, &skin));
        Ok(Painted { area_of, behind_mm, zone, natural_per_mm2 }.measured(&lattice, feather_mm))
    }

    /// Most hairs that a dot stands for: one in the first rows of a hairline, two where it is still soft.
    pub(crate) fn hairs_most(&self, (x, y): (f64, f64), hairline: &HairlineSetting) -> u8 {
        let cell = self.window.nearest_cell((x, y));
        let behind_mm = f64::from(self.behind_mm.samples[cell]);
        match self.area_of.scar(cell) {
            Some(_) => u8::MAX,
            None if behind_mm < hairline.singles_mm => 1,
            None if behind_mm < hairline.soft_mm => 2,
            None => u8::MAX,
        }
    }

    /// Whether a place lies in a scar.
    pub(crate) fn is_scar(&self, place: PointInScalp) -> bool {
        self.window.cell_at((place.x_mm, place.y_mm)).is_some_and(|k| self.area_of.scar(k).is_some())
    }

    /// Skin that was read outside of all areas.
    pub(crate) fn outside(&self) -> Window {
        let is_outside = |k: usize| self.zone.samples[k] && self.area_of.kind(k).is_none();
        Window { inside: (0..self.zone.samples.len()).map(is_outside).collect(), ..self.window.clone() }
    }

    /// The part of it near the scars, the same whatever the ground extends to; `None` without any.
    pub(crate) fn around(&self) -> Option<Around> {
        let Window { origin, cell, columns, inside, .. } = self.outside();
        let near = |k: &usize| inside[*k] && f64::from(self.outside_mm.samples[*k]) <= AROUND_MM;
        let cells: Vec<usize> = (0..inside.len()).filter(near).collect();
        let (top, bottom) = (cells.first()? / columns, cells.last()? / columns);
        let (left, right) =
            cells.iter().fold((columns, 0), |(l, r), k| (l.min(k % columns), r.max(k % columns)));
        let cells: Vec<usize> =
            (top..=bottom).flat_map(|row| (left..=right).map(move |column| row * columns + column)).collect();
        let origin = (origin.0 + left as f64 * cell, origin.1 + top as f64 * cell);
        let inside = cells.iter().map(near).collect();
        Some(Around { window: Window::from_cells(origin, cell, right - left + 1, inside), cells })
    }

    /// Area that may take dots, mm².
    pub(crate) fn treated_area_mm2(&self) -> f64 {
        self.window.area()
    }

    /// Area of a cell, mm².
    pub(crate) fn cell_area_mm2(&self) -> f64 {
        self.window.cell * self.window.cell
    }

    /// Spacing of dots around a place by their density in every cell.
    pub(crate) fn metric(&self, per_mm2: &[f64], place: (f64, f64)) -> Metric {
        let per_mm2 = self.window.cell_at(place).map_or(0.0, |k| per_mm2[k]);
        // Because one dot in 20 mm is as good as none, neighborhoods end there.
        Metric::even(per_mm2.max(1.0 / 400.0))
    }

    /// A grid of the ground's size.
    pub(crate) fn grid(&self, sample: impl FnMut(usize) -> f32) -> Grid {
        let Window { columns, rows, .. } = self.window;
        Grid::from_samples(columns, rows, (0..columns * rows).map(sample).collect())
    }
}

/// Skin on which hair tells how dense it grows on this head: all of the photograph's but scars,
/// thinning areas and what lies in front of a hairline. Behind it hair may stand in what was drawn: there it counts too,
/// because a line just in front of hair is followed by nothing else.
fn telling_skin(reading: &Reading, areas: &Areas) -> Option<Window> {
    let lattice = Lattice::over(reading)?;
    let (area_of, behind_mm) = lattice.area_of(areas);
    let zone = lattice.zone(reading);
    let tells = |k: usize| {
        zone[k] && behind_mm[k] > 0.0 && !matches!(area_of.kind(k), Some(Kind::Scar | Kind::Thinning))
    };
    let inside = (0..lattice.cells()).map(tells).collect();
    Some(Window::from_cells(lattice.origin, lattice.cell_mm, lattice.columns, inside))
}

/// Whether a density of hair, be it small, was measured around every scar or over the whole zone.
pub(crate) fn is_hair_read(reading: &Reading) -> bool {
    let whole = reading.hair.unit_density_per_cm2;
    reading.scars.iter().all(|scar| scar.hair_density_around_per_cm2.or(whole).is_some())
}

/// What every cell is, before anything is measured.
struct Painted {
    area_of: AreaOf,
    behind_mm: Vec<f32>,
    zone: Mask,
    natural_per_mm2: Option<f64>,
}

impl Painted {
    fn measured(self, lattice: &Lattice, feather_mm: f64) -> Ground {
        let cells = 0..lattice.cells();
        let of = |is: &dyn Fn(usize) -> bool| lattice.mask(cells.clone().map(is).collect());
        let is_scar = |k: usize| self.area_of.scar(k).is_some();
        let is_drawn = |k: usize| self.area_of.is_drawn(k);
        let is_beside = |k: usize| !is_scar(k) && self.behind_mm[k] > 0.0;
        let outside_mm = lattice.in_mm(distance_to(&of(&is_scar)));
        let inside_mm = lattice.in_mm(distance_to(&of(&|k| !is_scar(k))));
        let near = |k: usize| is_scar(k) || f64::from(outside_mm.samples[k]) < feather_mm;
        let cut = |of: &dyn Fn(usize) -> bool| {
            let (all, cut) = cells
                .clone()
                .filter(|k| of(*k))
                .fold((0usize, 0usize), |(all, cut), k| (all + 1, cut + usize::from(!self.zone.samples[k])));
            cut as f64 / all.max(1) as f64
        };
        let cuts =
            Cuts { feather: cut(&|k| near(k) && is_beside(k)), scars: cut(&is_scar), drawn: cut(&is_drawn) };
        let is_treated = |k: usize| is_scar(k) || (self.behind_mm[k] > 0.0 && (near(k) || is_drawn(k)));
        let inside = cells.clone().map(|k| self.zone.samples[k] && is_treated(k)).collect();
        let window = Window::from_cells(lattice.origin, lattice.cell_mm, lattice.columns, inside);
        let behind_mm = Grid::from_samples(lattice.columns, lattice.rows, self.behind_mm);
        let Self { area_of, zone, natural_per_mm2, .. } = self;
        Ground { window, zone, area_of, outside_mm, inside_mm, behind_mm, natural_per_mm2, cuts }
    }
}
