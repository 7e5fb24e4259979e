//! What to say about densities and areas.

use stipple_model::{Caveat, Code, Dot, Protocol, Reading, Weight};
use stipple_points::CellIndex;
use stipple_quantity::Estimate;

use crate::areas::Kind;
use crate::density::Density;
use crate::ground::Ground;

/// A soft edge that loses more than this share of its area is said.
const CUT_WORTH_SAYING: f64 = 0.10;
/// A drawing of which scars hold more than this share is said.
const ON_SCARS_WORTH_SAYING: f64 = 0.25;
/// A share of dots farther from one for every follicle that is missing than this is said: density may move by a tenth without
/// being seen as an edge, size and darkness carry the rest of the tone.
const SHARE_OFF: f64 = 0.105;
/// Hair outside a drawn area that is thinner than this may be thinning too, units per cm²: 74 less two standard deviations
/// of people [@Guo2017].
const THIN_PER_CM2: f64 = 48.0;
/// Bare skin beside more of a drawing's edge than this is said, mm.
const BARE_EDGE_WORTH_SAYING_MM: f64 = 5.0;
/// Scars redder than this get a warning, erythema index inside minus around; about 3 in a* on light skin.
const RED: f64 = 5.0;

/// Everything doubtful about where dots go and how many.
pub(crate) fn all(density: &Density, ground: &Ground, protocol: &Protocol) -> Vec<Caveat> {
    let mut caveats = Vec::new();
    caveats.extend(density.assumed_per_cm2.map(|per_cm2| assumed(per_cm2, density.is_hair_read)));
    caveats.extend(drawn(density, ground, protocol));
    caveats.extend(share(protocol.density_share));
    caveats.extend(density.capped_from_per_cm2.map(|per_cm2| capped(per_cm2, protocol)));
    caveats.extend(cuts(ground, protocol));
    caveats
}

fn share(share: f64) -> Option<Caveat> {
    let (looks, remedy) = if share > 1.0 {
        (
            "denser than the hair around: an edge shows, and dots run together as they age",
            "Stay at 90 to 110 %. More can be added after healing, none can be taken out.",
        )
    } else {
        (
            "sparser than the hair around: the scar stays lighter",
            "Stay at 90 to 110 %, or see it as a first session to be completed after healing.",
        )
    };
    ((share - 1.0).abs() > SHARE_OFF).then(|| {
        let message = format!(
            "The density is set to {:.0} % of the follicles that are missing. That looks {looks}.",
            100.0 * share
        );
        Caveat::new(Code::PlanDensityOff, Weight::Doubt, message, remedy)
    })
}

fn capped(per_cm2: f64, protocol: &Protocol) -> Caveat {
    Caveat::new(
        Code::PlanDensityCapped,
        Weight::Note,
        format!(
            "Up to {per_cm2:.0} dots per cm² were wanted in places; the protocol allows {:.0} over a life{}.",
            protocol.lifetime_dots_per_cm2_max,
            if protocol.in_skin_per_cm2 > 0.0 { ", and some lie there already" } else { "" }
        ),
        "Expect a lighter result there. Too many dots merge into a gray sheet.",
    )
}

/// Says what lies outside the skin that was read.
fn cuts(ground: &Ground, protocol: &Protocol) -> Vec<Caveat> {
    let cut = |weight, message, remedy| Caveat::new(Code::PlanFeatherCut, weight, message, remedy);
    let no_dots = |what: &str, share: f64| {
        format!(
            "{:.0} % of {what} area lies outside the skin that was read and got no dots.",
            (100.0 * share).max(1.0)
        )
    };
    let mut caveats = Vec::new();
    if ground.cuts.scars > 0.0 {
        caveats.push(cut(
            Weight::Doubt,
            no_dots("the scars'", ground.cuts.scars),
            "Take a photograph that shows every scar whole, with skin all around it.",
        ));
    }
    if ground.cuts.drawn > 0.0 {
        caveats.push(cut(
            Weight::Doubt,
            no_dots("the drawn", ground.cuts.drawn),
            "Draw inside the skin that was read, or take a photograph that shows the whole area in even light.",
        ));
    }
    if ground.cuts.feather > CUT_WORTH_SAYING {
        caveats.push(cut(
            Weight::Note,
            format!(
                "The soft edge of {:.0} mm around the scars was cut short: {:.0} % of it lies outside the \
                 skin that was read.",
                protocol.feather_mm,
                100.0 * ground.cuts.feather
            ),
            "Take a photograph with more skin around the scar, or continue the soft edge by eye.",
        ));
    }
    caveats
}

/// Says that the density was assumed, and where hair could not be read that the skin around gets no dots.
fn assumed(per_cm2: f64, is_hair_read: bool) -> Caveat {
    let (message, remedy) = if is_hair_read {
        (
            format!(
                "Too little hair could be counted around a scar; {per_cm2:.0} dots per cm² were assumed, an \
                 average of other scalps."
            ),
            "Compare with the hair beside the scar and set the density by hand if it differs.",
        )
    } else {
        (
            format!(
                "The hair around a scar could not be read, so no dots are planned in the skin around: they \
                 might fall on hair that stands there. Inside the scar {per_cm2:.0} dots per cm² were assumed, \
                 an average of other scalps, thinning out toward its edge."
            ),
            "Count the hair beside the scar by eye, set the density by hand, and blend the edge by eye.",
        )
    };
    Caveat::new(Code::PlanDensityAssumed, Weight::Doubt, message, remedy)
}

/// What dots in a drawn area rest on.
fn drawn(density: &Density, ground: &Ground, protocol: &Protocol) -> Vec<Caveat> {
    let has = |kind: Kind| ground.area_of.kinds.contains(&kind);
    let mut caveats = Vec::new();
    if has(Kind::Thinning) {
        caveats.push(loss());
        caveats.push(if density.is_hair_seen { thinning(density, protocol) } else { unseen() });
    }
    if has(Kind::Hairline) {
        caveats.push(hairline(protocol));
    }
    let on_scars = Some(ground.area_of.drawn_on_scars).filter(|share| *share > ON_SCARS_WORTH_SAYING);
    caveats.extend(on_scars.map(drawn_on_scars));
    if density.natural.is_some() && density.drawn_dots(ground) < 0.5 && density.is_hair_seen {
        caveats.push(Caveat::new(
            Code::PlanNothing,
            Weight::Note,
            "Where something was drawn no dot is missing: hair stands there as densely as outside of it.",
            "Draw where hair is thin or absent, inside the skin that was read.",
        ));
    }
    let bare_edge_mm =
        Some(density.bare_edge_mm).filter(|mm| density.is_hair_seen && *mm > BARE_EDGE_WORTH_SAYING_MM);
    caveats.extend(bare_edge_mm.map(drawn_short));
    let unmeasured = density.natural.filter(|natural| !natural.is_measured);
    caveats.extend(unmeasured.map(|natural| natural_assumed(100.0 * natural.per_mm2, density.is_hair_seen)));
    caveats
}

fn natural_assumed(per_cm2: f64, is_hair_seen: bool) -> Caveat {
    let on_hair =
        if is_hair_seen { "" } else { " Hair that stands there was not seen, so dots may fall on it." };
    Caveat::new(
        Code::PlanDensityAssumed,
        Weight::Doubt,
        format!(
            "Too little hair outside the thinning area and behind the hairline could be counted to know how dense it grows on this head; \
             {per_cm2:.0} units per cm² were assumed, an average of other scalps.{on_hair}"
        ),
        "Take a sharp photograph that also shows hair that is not thinning, or set the density by hand.",
    )
}

/// A drawing that ends where hair is still missing leaves pale skin between its dots and the hair.
fn drawn_short(bare_edge_mm: f64) -> Caveat {
    Caveat::new(
        Code::PlanDrawnShort,
        Weight::Doubt,
        format!(
            "What was drawn ends beside skin on which hair is missing too, along {bare_edge_mm:.0} mm of its edge. Dots fade \
             out toward it, and the skin beyond stays as pale as it is."
        ),
        "Draw on to where hair stands: a hairline to both its ends and as deep as the bare skin reaches. Or show the preview \
         and agree that a pale area stays.",
    )
}

/// Bald skin looks much like a scar to a program; a scar's dots keep to no hairline.
fn drawn_on_scars(share: f64) -> Caveat {
    Caveat::new(
        Code::PlanDrawnOnScar,
        Weight::Doubt,
        format!(
            "{:.0} % of what was drawn is marked as scar and is planned as one: to full density, up to the scar's edge, also \
             in front of a hairline.",
            100.0 * share
        ),
        "If this is bald skin and no scar, take the scar away (in the studio erase it; on the command line read with \
         --no-scar, or mark only the true scar) and plan again.",
    )
}

/// Dots hide thinning, also from the person whose hair it is.
fn loss() -> Caveat {
    Caveat::new(
        Code::PlanThinning,
        Weight::Note,
        "Dots between thinning hair change how the skin looks, not the hair. Why the hair is thin was not looked at, \
         and under dots it is harder to notice if more is lost.",
        "If hair became thinner within the last months or comes out more than before, see a doctor before the first \
         session: some causes can be treated. Keep today's photographs to compare with.",
    )
}

fn thinning(density: &Density, protocol: &Protocol) -> Caveat {
    let per_cm2 = density.natural.map_or(0.0, |natural| 100.0 * natural.per_mm2);
    let is_measured = density.natural.is_some_and(|natural| natural.is_measured);
    let whose = if is_measured { "of the hair outside the drawn area" } else { "of an average scalp" };
    let share = protocol.thinning_density_share;
    let (weight, thin) = match per_cm2 < THIN_PER_CM2 {
        true => (Weight::Doubt, "; most scalps have 60 to 100, so it may be thinning too"),
        false => (Weight::Note, ""),
    };
    Caveat::new(
        Code::PlanThinning,
        weight,
        format!(
            "Between the hairs that stand, dots fill up to the density {whose} ({per_cm2:.0} units per cm²{thin}), to begin \
             with no more than {:.0} dots per cm². That {:.0} % is enough is experience with transplanted hair; no \
             study of dots was found.",
            per_cm2 * share,
            100.0 * share
        ),
        "Judge the healed dots in daylight after four weeks, with the hair as it is worn. More can be added, none can \
         be taken out.",
    )
}

fn unseen() -> Caveat {
    Caveat::new(
        Code::PlanThinning,
        Weight::Blocks,
        "The hair in the drawn area could not be read one by one, so no dots are planned between it: they might fall \
         on hair that stands there.",
        "Take a sharper photograph from nearer, with the hair cut to about 1 mm.",
    )
}

fn hairline(protocol: &Protocol) -> Caveat {
    let setting = &protocol.hairline;
    let strays_mm = 2.0 * setting.small.deviation_mm.hypot(setting.large.deviation_mm);
    Caveat::new(
        Code::PlanHairline,
        Weight::Note,
        format!(
            "The hairline runs where it was drawn, irregular by chance within about {strays_mm:.1} mm to either side, and \
             grows to its density over {:.0} mm: its first dots are few and small, so the eye sees it about {:.0} mm \
             behind the line. In front of it dots go into scars alone, without their soft edge. These numbers are hair \
             surgeons' practice; no study of dots was found. Nothing here says whether the line suits the face, now or in \
             twenty years.",
            setting.soft_mm,
            setting.soft_mm / 2.0
        ),
        "Draw it on the skin and look at it together in a mirror, from the front and from the sides, before the first \
         dot. If in doubt, higher: a line can be lowered later, not raised.",
    )
}

/// Dots that were left out because none may stand nearer to another.
pub(crate) fn unplaced(unplaced: usize, placed: usize, protocol: &Protocol) -> Caveat {
    let share = unplaced as f64 / (placed + unplaced) as f64;
    let (weight, remedy) = if share > CUT_WORTH_SAYING {
        (
            Weight::Doubt,
            "The result will be clearly lighter than its surroundings. A smaller `dot_spacing_min_mm` makes room, if the needle \
             can hold it; do not squeeze dots in by hand: they would merge.",
        )
    } else {
        (
            Weight::Note,
            "The result will be a little lighter than its surroundings. Do not squeeze dots in: they would merge.",
        )
    };
    Caveat::new(
        Code::PlanDensityCapped,
        weight,
        format!(
            "{unplaced} of {} dots found no place at least {:.2} mm from hairs and other dots; they were left out.",
            placed + unplaced,
            protocol.dot_spacing_min_mm
        ),
        remedy,
    )
}

/// Says that there is no dot, where nothing else does.
pub(crate) fn no_dots(protocol: &Protocol) -> Caveat {
    Caveat::new(
        Code::PlanNothing,
        Weight::Doubt,
        format!(
            "No dot was planned: where treatment was asked for no hair is missing, or none is to be replaced (the protocol makes \
             {:.0} dots for 100 follicles that are missing).",
            100.0 * protocol.density_share
        ),
        "Look whether the scar is marked where it lies, and whether `density_share` is what was meant.",
    )
}

/// Dots that overlap one another.
pub(crate) fn touching(dots: &[Dot], protocol: &Protocol) -> Option<Caveat> {
    let places: Vec<(f64, f64)> = dots.iter().map(|dot| (dot.at_scalp.x_mm, dot.at_scalp.y_mm)).collect();
    let all = CellIndex::new(&places);
    let touches = |k: &usize| {
        let widest_mm = dots[*k].diameter_um / 1000.0;
        all.nearest(places[*k], Some(*k)).is_some_and(|(_, apart_mm)| apart_mm < widest_mm)
    };
    let count = (0..dots.len()).filter(touches).count();
    let share = count as f64 / dots.len().max(1) as f64;
    let healed = protocol.healed_diameter_um.value / 1000.0;
    let weight = if share > CUT_WORTH_SAYING { Weight::Doubt } else { Weight::Note };
    (count > 0).then(|| {
        Caveat::new(
            Code::PlanDotsTouch,
            weight,
            format!(
                "{count} of {} dots stand nearer to another than they are wide when fresh: they run together while they are \
                 made. The protocol lets dots stand {:.2} mm apart; fresh they measure {:.2} mm, healed {healed:.2} mm.",
                dots.len(),
                protocol.dot_spacing_min_mm,
                protocol.fresh_diameter_um.value / 1000.0,
            ),
            "Take a finer needle, or raise `dot_spacing_min_mm` to at least the width of a fresh dot.",
        )
    })
}

/// Scars so red that dots do not hide it.
pub(crate) fn redness(reading: &Reading) -> Option<Caveat> {
    let sure = |r: &&Estimate| r.value > RED && r.value > 2.0 * r.standard_uncertainty;
    let red = reading.scars.iter().filter_map(|scar| scar.redness.as_ref()).filter(sure);
    let worst = red.max_by(|one, two| one.value.total_cmp(&two.value))?;
    Some(Caveat::new(
        Code::ScarRed,
        Weight::Doubt,
        format!(
            "A scar is redder than the skin around it (erythema index {:+.0} ± {:.0}; from {RED:+.0} on this is said). Dots \
             of pigment do not hide redness: in simulations red scars showed more under pigment in 3 of 3 cases, \
             pale ones less in 6 of 6.",
            worst.value, worst.standard_uncertainty
        ),
        "Wait until the redness has faded, or set a few test dots and judge them after four weeks.",
    ))
}
