//! A plan with each way of saying what a pigment absorbs.

use serde_json::Value;
use tempfile::TempDir;

use crate::stipple::{stipple, succeed, text};

/// The shipped carbon, as it stands in the protocol.
const PARTICLES: &str = "particles = [
    { material = \"carbon_black\", volume_fraction = 0.017, median_diameter_nm = 100.0, geometric_deviation = 1.5 },
]
";
const PLANNED: &str = "absorption_550_per_mm = 200.0\nabsorption_exponent = 1.0\n";
const SWATCH: &str = "swatch = { lab = [62.0, 0.5, 2.0], lab_paper = [93.0, 0.0, 1.0], lab_uncertainty = 1.0, \
                      wet_film_um = 24.0, wet_film_uncertainty = 0.1, dilution = 63.0, share_in_skin = 0.1 }\n";

#[test]
fn a_plan_follows_from_each_kind_of_pigment_and_bad_ones_are_refused() {
    let folder = TempDir::new().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    let sizes = ["--width", "800", "--height", "600", "--px-per-mm", "10"];
    succeed(&[&["synth", "--out", text(&at("scalp")), "--seed", "5", "--quiet"], sizes.as_slice()].concat());
    let (photo, reading) = (at("scalp").join("photo.png"), at("reading.json"));
    succeed(&["read", text(&photo), "--out", text(&reading), "--pixel-pitch-um", "100", "--quiet"]);
    succeed(&["template", "protocol", "--out", text(&at("shipped.toml"))]);
    let shipped = std::fs::read_to_string(at("shipped.toml")).expect("the template was written");
    assert!(shipped.contains(PARTICLES), "the shipped carbon is given by its particles");

    let plan = |absorption: &str| {
        let protocol = at("protocol.toml");
        std::fs::write(&protocol, shipped.replace(PARTICLES, absorption)).expect("the folder can be written");
        let out = at("plan.json");
        let run =
            stipple(&["plan", text(&reading), "--protocol", text(&protocol), "--out", text(&out), "--quiet"]);
        (run, out)
    };
    for (kind, absorption, uncertainty) in
        [("particles", PARTICLES, 0.64), ("planned", PLANNED, 0.71), ("swatch", SWATCH, 0.54)]
    {
        let (run, out) = plan(absorption);
        assert_eq!(run.code, 0, "{kind}: {}", run.message);
        let plan: Value = serde_json::from_slice(&std::fs::read(&out).expect("written")).expect("JSON");
        let pigment = &plan["pigments"][0];
        let number = |name: &str| pigment[name].as_f64().expect("a number");
        println!(
            "{kind}: {:.1} per mm, exponent {:.2}, uncertainty {:.2}, dilution {}",
            number("absorption_550_per_mm"),
            number("absorption_exponent"),
            number("absorption_uncertainty"),
            number("dilution")
        );
        assert!((number("absorption_uncertainty") - uncertainty).abs() < 0.06, "{kind}");
        assert!((50.0..300.0).contains(&number("absorption_550_per_mm")), "{kind}");
    }
    for (absorption, said) in [
        ("", "absorption is not given"),
        (&PARTICLES.replace("carbon_black", "soot"), "material is soot"),
        (&SWATCH.replace("[62.0", "[8.0"), "a film that leaves"),
    ] {
        let (run, _) = plan(absorption);
        assert_eq!(run.code, 3, "{}", run.message);
        assert!(run.message.contains(said) && run.message.contains("needed"), "{}", run.message);
    }
}
