use super::*;

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

fn obj() -> String {
    let places = PLACES.map(|[x, y, z]| format!("v {x} {y} {z}\n")).concat();
    let faces = CORNERS.map(|[a, b, c]| format!("f {} {} {}\n", a + 1, b + 1, c + 1)).concat();
    format!("mtllib none.mtl\n{places}g skin\nusemtl skin\n{faces}")
}

fn ply_header(format: &str) -> String {
    format!(
        "ply\nformat {format} 1.0\nelement vertex 5\nproperty float x\nproperty float y\nproperty float z\n\
         property uchar red\nelement face 4\nproperty list uchar int vertex_indices\nelement other 1\n\
         property short strange\nend_header\n"
    )
}

fn ply_text() -> String {
    let places = PLACES.map(|[x, y, z]| format!("{x} {y} {z} 9\n")).concat();
    let faces = CORNERS.map(|[a, b, c]| format!("3 {a} {b} {c}\n")).concat();
    format!("{}{places}{faces}7\n", ply_header("ascii"))
}

fn ply_binary(is_big: bool) -> Vec<u8> {
    let bytes = |v: [u8; 4]| if is_big { v.into_iter().rev().collect::<Vec<_>>() } else { v.to_vec() };
    let name = if is_big { "binary_big_endian" } else { "binary_little_endian" };
    let mut file = ply_header(name).into_bytes();
    for place in PLACES {
        file.extend(place.iter().flat_map(|v| bytes(v.to_le_bytes())));
        file.push(9);
    }
    for corners in CORNERS {
        file.push(3);
        file.extend(corners.iter().flat_map(|k| bytes(k.to_le_bytes())));
    }
    file.extend([0, 7]);
    file
}

/// The pyramid in metres, small, under a node that makes it ten times as large.
fn glb(nodes: &str, count: usize) -> Vec<u8> {
    let mut data: Vec<u8> = PLACES.iter().flatten().flat_map(|v| (v / 10_000.0).to_le_bytes()).collect();
    data.extend(CORNERS.iter().flatten().flat_map(|k| k.to_le_bytes()));
    let json = format!(
        r#"{{"asset":{{"version":"2.0"}},"scene":0,"scenes":[{{"nodes":[0]}}],"nodes":[{nodes}],
        "meshes":[{{"primitives":[{{"attributes":{{"POSITION":0}},"indices":1}}]}}],
        "buffers":[{{"byteLength":{0}}}],
        "bufferViews":[{{"buffer":0,"byteLength":60}},{{"buffer":0,"byteOffset":60,"byteLength":48}}],
        "accessors":[{{"bufferView":0,"componentType":5126,"count":{count},"type":"VEC3","min":[0,0,0],"max":[1,1,1]}},
        {{"bufferView":1,"componentType":5125,"count":12,"type":"SCALAR"}}]}}"#,
        data.len()
    );
    let json = (json.clone() + &" ".repeat(json.len().next_multiple_of(4) - json.len())).into_bytes();
    let mut file = b"glTF".to_vec();
    let words = |numbers: [usize; 2]| numbers.map(|n| (n as u32).to_le_bytes()).concat();
    file.extend(words([2, 12 + 8 + json.len() + 8 + data.len()]));
    file.extend(words([json.len(), 0x4E4F_534A]));
    file.extend(json);
    file.extend(words([data.len(), 0x004E_4942]));
    file.extend(data);
    file
}

const TENFOLD: &str = r#"{"children":[1]},{"mesh":0,"scale":[10,10,10]}"#;

#[test]
fn every_kind_of_file_gives_the_same_surface() {
    assert_eq!(triangles(obj().as_bytes()), 4);
    assert_eq!(triangles(ply_text().as_bytes()), 4);
    assert_eq!(triangles(&ply_binary(false)), 4);
    assert_eq!(triangles(&ply_binary(true)), 4);
    assert_eq!(triangles(&glb(TENFOLD, 5)), 4);
    // A square face becomes two triangles.
    assert_eq!(triangles(obj().replace("f 1 2 5\nf 2 3 5\n", "f 1 2 3 5\n").as_bytes()), 4);
}

#[test]
fn damaged_and_hostile_files_are_refused_with_a_reason() {
    let refused = |bytes: &[u8]| mesh_from_bytes(bytes, None).expect_err("refused").to_string();
    for kind in [obj().into_bytes(), ply_text().into_bytes(), ply_binary(false), glb(TENFOLD, 5)] {
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
