use super::*;

#[path = "../../../../tests/src/meshes.rs"]
mod meshes;

use meshes::Surface;

/// A square pyramid without its floor, 100 mm wide: 5 vertices, 4 triangles.
const PLACES: [[f32; 3]; 5] =
    [[0.0, 0.0, 0.0], [100.0, 0.0, 0.0], [100.0, 100.0, 0.0], [0.0, 100.0, 0.0], [50.0, 50.0, 40.0]];
const CORNERS: [[u32; 3]; 4] = [[0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]];

fn triangles(bytes: &[u8]) -> usize {
    let (mesh, _) = mesh_from_bytes(bytes, None).expect("a mesh");
    let top = mesh.topmost([0.0, 0.0, 1.0]).place_mm;
    assert!((0..3).all(|k| (top[k] - [50.0, 50.0, 40.0][k]).abs() < 1e-3), "{top:?}");
    mesh.triangles()
}

fn pyramid() -> Surface {
    Surface { places: PLACES.to_vec(), corners: CORNERS.to_vec() }
}

fn obj() -> String {
    pyramid().obj()
}

fn ply_text() -> String {
    pyramid().ply_text()
}

fn glb(nodes: &str, count: usize) -> Vec<u8> {
    pyramid().glb(nodes, count)
}

const TENFOLD: &str = r#"{"children":[1]},{"mesh":0,"scale":[10,10,10]}"#;

#[test]
fn every_kind_of_file_gives_the_same_surface() {
    assert_eq!(triangles(obj().as_bytes()), 4);
    assert_eq!(triangles(ply_text().as_bytes()), 4);
    assert_eq!(triangles(&pyramid().ply_binary(false)), 4);
    assert_eq!(triangles(&pyramid().ply_binary(true)), 4);
    assert_eq!(triangles(&glb(TENFOLD, 5)), 4);
    // A square face becomes two triangles.
    assert_eq!(triangles(obj().replace("f 1 2 5\nf 2 3 5\n", "f 1 2 3 5\n").as_bytes()), 4);
}

#[test]
fn damaged_and_hostile_files_are_refused_with_a_reason() {
    let refused = |bytes: &[u8]| mesh_from_bytes(bytes, None).expect_err("refused").to_string();
    for kind in [obj().into_bytes(), ply_text().into_bytes(), pyramid().ply_binary(false), glb(TENFOLD, 5)] {
        for end in (0..kind.len()).step_by(7) {
            // Whatever is left of a file either is a smaller surface or none; it never stops the program.
            let _ = mesh_from_bytes(&kind[..end], None);
        }
    }
    assert!(refused(b"").contains("OBJ, PLY or GLB"));
    assert!(refused(&[0xFF; 999]).contains("OBJ, PLY or GLB"));
    assert!(refused(obj().replace("f 1 2 5", "f 1 2 999").as_bytes()).contains("as an OBJ it is wrong"));
    let claims = ply_text().replace("vertex 5", "vertex 4000000000");
    assert!(refused(claims.as_bytes()).contains("claims more than it holds"));
    let endless = ply_text().replace("element other 1\nproperty short strange\n", "element other 99\n");
    assert!(refused(endless.as_bytes()).contains("claims more than it holds"));
    assert!(refused(&glb(TENFOLD, 4_000_000)).contains("beyond its end"));
    assert!(refused(&glb(r#"{"mesh":0,"children":[0,0]}"#, 5)).contains("circles"));
    let same_again = format!(r#"{{"mesh":0,"children":[{}1]}},{{}}"#, "1,".repeat(100_000));
    assert!(refused(&glb(&same_again, 5)).contains("circles"));
    let nowhere = obj().replace("v 50 50 40", "v nan 50 40");
    assert!(mesh_from_bytes(nowhere.as_bytes(), None).is_err());
}

#[test]
fn a_size_that_no_head_has_asks_for_the_unit() {
    let told = |unit| mesh_from_bytes(obj().as_bytes(), Some(unit));
    assert!(told(LengthUnit::Cm).is_ok());
    let message = told(LengthUnit::M).expect_err("100 m are too much").to_string();
    assert!(message.contains("100000.000 mm") && message.contains("state the unit"), "{message}");
}
