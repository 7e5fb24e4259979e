//! How a simulation, or a drawing over a photograph, says in its metadata that it is one.

use stipple_model::{Light, Moment, Simulation};

use crate::provenance::SOFTWARE;

/// IPTC digital source type: a composite of a photograph and computed elements, no trained model involved
/// [@IptcDigitalSourceType].
const SOURCE_TYPE: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/composite";

/// Words for the text chunks of a PNG: keyword and text.
pub(super) fn words(simulation: &Simulation) -> Vec<(&'static str, String)> {
    let view = &simulation.view;
    let mut words = vec![
        ("Software", SOFTWARE.into()),
        ("Simulation", "true".into()),
        ("Moment", if view.treated { view.moment.name() } else { "before" }.into()),
        ("Light", view.light.map_or("as photographed", Light::name).into()),
    ];
    // because the first days look the same on every course.
    if view.treated && !matches!(view.moment, Moment::Fresh | Moment::Day3) {
        words.push(("Course", view.course.name().into()));
    }
    words.extend(view.distance_m.map(|m| ("Distance", format!("{m} m"))));
    if view.hair_growth_mm > 0.0 {
        words.push(("Hair growth", format!("{} mm", view.hair_growth_mm)));
    }
    words
}

/// The same for a drawing of a plan.
pub(super) fn words_of_drawing() -> Vec<(&'static str, String)> {
    vec![("Software", SOFTWARE.into()), ("Plan drawing", "true".into())]
}

/// The XMP packet.
pub(super) fn xmp() -> String {
    format!(
        r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmp:CreatorTool="{SOFTWARE}"
    Iptc4xmpExt:DigitalSourceType="{SOURCE_TYPE}"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"#
    )
}
