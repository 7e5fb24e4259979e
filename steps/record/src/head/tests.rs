use super::*;

/// A flat square of 100 mm, seen from above, with one dot in its middle.
fn drawn<T>(draw: impl FnOnce(&HeadDots) -> T) -> T {
    let corners = [[0.0, 0.0, 0.0], [100.0, 0.0, 0.0], [100.0, 0.0, -100.0], [0.0, 0.0, -100.0]];
    let mesh = Mesh::new(&corners, &[[0, 1, 2], [0, 2, 3]]).expect("a square");
    let middle = mesh.nearest([50.0, 5.0, -50.0]);
    draw(&HeadDots {
        mesh: &mesh,
        places: &[middle],
        hairs: &[2],
        sessions: &[0],
        diameter_mm: 2.0,
        center: middle,
        radius_mm: 50.0,
    })
}

#[test]
fn a_dot_is_a_line_of_a_table_and_a_point_on_the_scan() {
    let csv = drawn(dots_csv);
    assert_eq!(
        csv,
        "x_mm,y_mm,z_mm,nx,ny,nz,hairs,session\n50.0000,0.0000,-50.0000,0.0000,1.0000,0.0000,2,1\n"
    );
    let ply = drawn(|dots| dots_ply(dots, LengthUnit::Cm));
    assert!(ply.contains("element vertex 1\n") && ply.contains("\n5.000000 0.000000 -5.000000 "), "{ply}");
}

#[test]
fn a_dot_is_drawn_at_its_true_size() {
    let png = drawn(head_png);
    let picture = image::load_from_memory(&png).expect("a picture").into_rgb8();
    assert_eq!(picture.dimensions(), (3600, 1200));
    // The first view is from above, 1200 pixels for 125 mm; the bar stands below.
    let dark = |x: u32, y: u32| u32::from(255 - picture.get_pixel(x, y).0[1]);
    let paper_and_skin = dark(600, 500);
    let ink: f64 = (0..1100)
        .flat_map(|y| (0..1200).map(move |x| (x, y)))
        .map(|(x, y)| f64::from(dark(x, y).saturating_sub(paper_and_skin)))
        .sum();
    let area_mm2 = ink / f64::from(207 - paper_and_skin.min(206)) * (125.0f64 / 1200.0).powi(2);
    assert!((area_mm2 / std::f64::consts::PI - 1.0).abs() < 0.05, "{area_mm2} mm²");
}

#[test]
fn a_view_from_straight_above_shows_skin_however_its_normal_rounds() {
    // Of unit normals about every third has a square above one in its last bit.
    let long = |turn: &f64| turn.sin() * turn.sin() + turn.cos() * turn.cos() > 1.0;
    let turn = (1..1000).map(|k| f64::from(k) * 0.001).find(long).expect("one that rounds up");
    let normal = [turn.sin(), turn.cos(), 0.0];
    drawn(|dots| {
        let center = Place { normal, ..dots.center };
        let canvas = Canvas::seen(&HeadDots { center, ..*dots }, &view::directions(&center)[0]);
        assert_ne!(canvas.pixel(600, 400), [255; 3], "a normal of {normal:?}");
    });
}
