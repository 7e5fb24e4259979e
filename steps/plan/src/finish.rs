//! Places become dots, and dots a plan.

use stipple_model::{
    Caveat, Code, Dot, Hair, Plan, PlannedPigment, Protocol, Qualified, Reading, Root, Session, SkinOptics,
    Totals, Weight,
};
use stipple_quantity::PointInScalp;

use crate::after::Earlier;
use crate::pigment;
use crate::site::Site;
use crate::tone::Toned;

/// What turns places into dots and dots into a plan.
pub(crate) struct Finisher<'a> {
    pub(crate) site: &'a Site<'a>,
    pub(crate) earlier: &'a Earlier,
    pub(crate) toned: &'a Toned,
}

impl Finisher<'_> {
    /// The dots that healed and then the new ones, all but for their zones, which `sessions` decides.
    pub(crate) fn dots(&self, places: &[(f64, f64)]) -> Vec<Dot> {
        let Site { reading, protocol, ground, choice, .. } = self.site;
        let new = |(&(x_mm, y_mm), size): (&(f64, f64), &f64)| {
            let at_scalp = PointInScalp::new(x_mm, y_mm);
            let in_scar = ground.is_scar(at_scalp);
            Dot {
                at_scalp,
                at_photo: reading.photo.scalp_from_photo.photo_from_scalp(at_scalp),
                diameter_um: protocol.fresh_diameter_um.value * size,
                needle_depth_mm: pigment::depth_mm(protocol, in_scar),
                pigment: if in_scar { choice.in_scar } else { choice.around },
                in_scar,
                zone: 0,
            }
        };
        let (_, pigment_of) = self.pigments();
        let healed = self.earlier.healed.iter().map(|dot| Dot { pigment: pigment_of[dot.pigment], ..*dot });
        healed.chain(places.iter().zip(&self.toned.sizes).map(new)).collect()
    }

    /// The pigments chosen and those of healed dots, and where in that list each of the earlier plan stands.
    fn pigments(&self) -> (Vec<PlannedPigment>, Vec<usize>) {
        let mut all = self.site.choice.pigments.clone();
        let place = |earlier: &PlannedPigment| {
            all.iter().position(|known| is_same(known, earlier)).unwrap_or_else(|| {
                let mut other = earlier.clone();
                // Because a dot names its mixture by this word.
                while all.iter().any(|known| known.pigment.id == other.pigment.id) {
                    other.pigment.id.push_str("-before");
                }
                all.push(other);
                all.len() - 1
            })
        };
        let places = self.earlier.pigments.iter().map(place).collect();
        (all, places)
    }

    pub(crate) fn plan(&self, sessions: Vec<Session>) -> Plan {
        let Site { reading, protocol, palette, choice, .. } = self.site;
        let skins = &palette.skins;
        let dots = sessions.iter().map(|s| s.dots.len()).sum::<usize>();
        let sum_um: f64 = sessions.iter().flat_map(|s| &s.dots).map(|dot| dot.diameter_um).sum();
        let mean_um = if dots == 0 { protocol.fresh_diameter_um.value } else { sum_um / dots as f64 };
        Plan {
            pigments: self.pigments().0,
            sessions,
            lost: self.earlier.lost.clone(),
            sessions_done: self.earlier.sessions_done,
            scar_outlines: reading.scars.iter().map(|scar| scar.outline.clone()).collect(),
            drawn_lines: self.site.drawn.lines(),
            healed_diameter_um: protocol.healed_diameter_um.times(mean_um / protocol.fresh_diameter_um.value),
            skin_optics: SkinOptics { around: skins.around.around, in_scar: skins.in_scar.around },
            healed_match: choice.healed_match.clone(),
            scar_tone: self.toned.scars,
            totals: totals(dots, self.earlier.healed.len(), self.site.ground.treated_area_mm2(), protocol),
            ..empty(reading, protocol)
        }
    }
}

/// Whether two mixtures are the same in the bottle: files round, and a word may say where one goes.
fn is_same(one: &PlannedPigment, two: &PlannedPigment) -> bool {
    const ROUNDED: f64 = 1e-4;
    let near = |a: f64, b: f64| (a - b).abs() <= ROUNDED * a.abs().max(b.abs()).max(1.0);
    let (a, b) = (one.ink(), two.ink());
    one.pigment.name == two.pigment.name
        && near(one.dilution, two.dilution)
        && near(a.absorption_550_per_mm, b.absorption_550_per_mm)
        && near(a.absorption_exponent, b.absorption_exponent)
        && near(a.absorption_curvature, b.absorption_curvature)
}

/// Of all dots; pigment and time of those to come.
fn totals(dots: usize, healed: usize, area_mm2: f64, protocol: &Protocol) -> Totals {
    let to_come = dots.saturating_sub(healed) as f64;
    let per_mm2 = if area_mm2 > 0.0 { dots as f64 / area_mm2 } else { 0.0 };
    Totals {
        dots,
        area_mm2,
        dot_density_per_cm2: 100.0 * per_mm2,
        pigment_ul: to_come * protocol.pigment_ul_per_dot,
        chair_minutes: to_come / protocol.dots_per_minute,
    }
}

/// The hairs that are likely enough there to keep dots off them; none where hair could not be told from skin.
fn roots(hair: &Hair) -> Vec<Root> {
    if hair.unit_density_per_cm2.is_none() {
        return Vec::new();
    }
    let sure =
        hair.detections.iter().filter(|found| found.confidence >= 0.4 && found.diameter_um.is_finite());
    sure.map(|found| Root { at_photo: found.at, diameter_um: found.diameter_um.clamp(20.0, 300.0) }).collect()
}

/// The plan of a reading on which there is nothing to treat.
pub(crate) fn nothing(reading: &Reading, protocol: &Protocol) -> Qualified<Plan> {
    let caveat = Caveat::new(
        Code::PlanNothing,
        Weight::Blocks,
        "The reading has no scar and nothing was drawn, so no dot was planned.",
        "Mark the scar by hand, or take a sharper photograph from nearer with the card beside the scar. For hair that is \
         to begin or is becoming thin, draw a hairline or a thinning area (on the command line: --hairline, --thinning).",
    );
    Qualified::new(empty(reading, protocol), vec![caveat])
}

/// What is known of a plan before its first dot.
fn empty(reading: &Reading, protocol: &Protocol) -> Plan {
    let Reading { photo, skin, hair, .. } = reading;
    Plan {
        photo_width_px: photo.width_px,
        photo_height_px: photo.height_px,
        pixel_pitch_um: photo.pixel_pitch_um,
        scalp_from_photo: photo.scalp_from_photo,
        photo_white_gain: reading.white_gain,
        hairs: roots(hair),
        protocol: format!("{} {}", protocol.name, protocol.version),
        pigments: Vec::new(),
        sessions: Vec::new(),
        lost: Vec::new(),
        sessions_done: 0,
        scar_outlines: Vec::new(),
        drawn_lines: Vec::new(),
        healed_diameter_um: protocol.healed_diameter_um,
        skin_lab: skin.lab,
        hair_lab: hair.lab,
        skin_optics: SkinOptics::ORDINARY,
        healed_match: None,
        scar_tone: None,
        totals: totals(0, 0, 0.0, protocol),
    }
}
