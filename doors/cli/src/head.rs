//! `stipple head`: a 3-D scan and flags into dots on its surface.

use stipple_pipeline::{HeadRequest, LengthUnit, Settings};
use stipple_quantity::Seed;
use stipple_record::{mesh, store};

use crate::arguments::{AxisName, Head, Shared, UnitName};
use crate::command::{optional, patiently, require_places_of_files, today, write};
use crate::show;
use crate::trouble::Trouble;

/// Places the dots and writes those of the table, the points and the drawing that were asked for.
pub(crate) fn head(command: &Head, shared: &Shared) -> Result<(), Trouble> {
    show::unused(shared, "a scan");
    let places = [Some(&command.out), command.ply_out.as_ref(), command.picture_out.as_ref()];
    require_places_of_files(&places, &[Some(&command.mesh), command.protocol.as_ref()])?;
    let protocol = optional("protocol", command.protocol.as_deref())?;
    let settings = Settings::new(protocol.as_deref(), None, None, today(), Seed(shared.seed))?;
    let request = request(command)?;
    let (ply, picture) = (command.ply_out.is_some(), command.picture_out.is_some());
    let (made, ply, picture) = patiently(shared, move |show| {
        let made = stipple_pipeline::head(&request, &settings, show)?;
        let ply = if ply { made.dots_ply() } else { String::new() };
        let picture = if picture { made.picture_png() } else { Vec::new() };
        Ok((made, ply, picture))
    })?;
    write(&places, &[made.dots_csv.as_bytes(), ply.as_bytes(), &picture])?;
    show::done(&made.summary, shared);
    Ok(())
}

fn request(command: &Head) -> Result<HeadRequest, Trouble> {
    let unit = command.unit.map(|unit| match unit {
        UnitName::Mm => LengthUnit::Mm,
        UnitName::Cm => LengthUnit::Cm,
        UnitName::Dm => LengthUnit::Dm,
        UnitName::M => LengthUnit::M,
    });
    let up = match command.up {
        AxisName::X => [1.0, 0.0, 0.0],
        AxisName::Y => [0.0, 1.0, 0.0],
        AxisName::Z => [0.0, 0.0, 1.0],
    };
    Ok(HeadRequest {
        mesh: store::read_input("mesh", &command.mesh, mesh::BYTES_MAX)?,
        unit,
        center: command.center,
        up,
        radius_mm: command.radius_mm,
        density_per_cm2: command.density_per_cm2,
    })
}
