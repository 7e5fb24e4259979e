//! What to say about a plan after some of its sessions.

use stipple_model::{After, Caveat, Code, Protocol, Weight};

use super::seen::Seen;

/// With less than this share of its dots left, why they went has to be known before more are made. Half to all of them are
/// expected [docs/science/fading.md].
const KEPT_LEAST: f64 = 0.5;

pub(super) fn all(after: &After, seen: &Seen, capped: f64, protocol: &Protocol) -> Vec<Caveat> {
    let mut caveats = vec![retained(after, seen)];
    if capped >= 0.5 {
        caveats.push(Caveat::new(
            Code::PlanDensityCapped,
            Weight::Note,
            format!(
                "{capped:.0} lost dots are not made again: with them more than {:.0} dots per cm² would have been made there, \
                 the most that the protocol allows over a life.",
                protocol.lifetime_dots_per_cm2_max
            ),
            "Expect a lighter result there. What faded may still lie in the skin, deeper.",
        ));
    }
    caveats
}

/// How many dots were seen again.
fn retained(after: &After, seen: &Seen) -> Caveat {
    let (healed, lost) = (seen.healed.len() - seen.strange, seen.lost.len());
    let made = healed + lost;
    let mut message = format!(
        "Of {made} dots made in {} of {} sessions {healed} were seen healed. They stay where they were seen; the other \
         {lost} are made again where there is room.",
        after.sessions_done,
        after.plan.sessions.len()
    );
    let sessions = after.plan.sessions.len();
    message.push_str(&match sessions - after.sessions_done as usize {
        0 => format!(" All sessions are done, so that makes a session {} of its own.", sessions + 1),
        left => format!(
            " They are spread over the {left} sessions to come as the earlier plan shares these, whatever the protocol says \
             of sessions; so less stands after each of them than was planned."
        ),
    });
    if seen.strange > 0 {
        message.push_str(&format!(" {} more dots were seen where none was made.", seen.strange));
    }
    if seen.twice > 0 {
        message.push_str(&format!(" {} places were given twice and counted once.", seen.twice));
    }
    let is_short = (healed as f64) < KEPT_LEAST * made as f64;
    let (weight, remedy) = match is_short {
        true => (
            Weight::Doubt,
            "More than half of the dots did not last. Find out why (depth, pigment, care, too early a look) before more are \
             made; dots that are only faint yet would be made twice.",
        ),
        false => (
            Weight::Note,
            "Count healed dots after four weeks, in even light. A dot that was missed in the table may be made twice.",
        ),
    };
    Caveat::new(Code::PlanAfter, weight, message, remedy)
}
