//! Meshes written as OBJ, PLY and GLB: what tests read and fuzzing begins with.

/// Vertices, and triangles of their numbers.
pub(crate) struct Surface {
    pub(crate) places: Vec<[f32; 3]>,
    pub(crate) corners: Vec<[u32; 3]>,
}

impl Surface {
    pub(crate) fn obj(&self) -> String {
        let places: String = self.places.iter().map(|[x, y, z]| format!("v {x} {y} {z}\n")).collect();
        let faces = self.corners.iter().map(|[a, b, c]| format!("f {} {} {}\n", a + 1, b + 1, c + 1));
        format!("mtllib none.mtl\n{places}g skin\nusemtl skin\n{}", faces.collect::<String>())
    }

    fn ply_header(&self, format: &str) -> String {
        format!(
            "ply\nformat {format} 1.0\nelement vertex {}\nproperty float x\nproperty float y\nproperty float z\n\
             property uchar red\nelement face {}\nproperty list uchar int vertex_indices\nelement other 1\n\
             property short strange\nend_header\n",
            self.places.len(),
            self.corners.len()
        )
    }

    pub(crate) fn ply_text(&self) -> String {
        let places: String = self.places.iter().map(|[x, y, z]| format!("{x} {y} {z} 9\n")).collect();
        let faces: String = self.corners.iter().map(|[a, b, c]| format!("3 {a} {b} {c}\n")).collect();
        format!("{}{places}{faces}7\n", self.ply_header("ascii"))
    }

    pub(crate) fn ply_binary(&self, is_big: bool) -> Vec<u8> {
        let bytes = |v: [u8; 4]| if is_big { v.into_iter().rev().collect::<Vec<_>>() } else { v.to_vec() };
        let name = if is_big { "binary_big_endian" } else { "binary_little_endian" };
        let mut file = self.ply_header(name).into_bytes();
        for place in &self.places {
            file.extend(place.iter().flat_map(|v| bytes(v.to_le_bytes())));
            file.push(9);
        }
        for corners in &self.corners {
            file.push(3);
            file.extend(corners.iter().flat_map(|k| bytes(k.to_le_bytes())));
        }
        file.extend([0, 7]);
        file
    }

    /// In metres for places in mm, small, under nodes that may make it larger; claims `count` vertices.
    pub(crate) fn glb(&self, nodes: &str, count: usize) -> Vec<u8> {
        let places = self.places.iter().flatten().flat_map(|v| (v / 10_000.0).to_le_bytes());
        let mut data: Vec<u8> = places.collect();
        let begin = data.len();
        data.extend(self.corners.iter().flatten().flat_map(|k| k.to_le_bytes()));
        let json = format!(
            r#"{{"asset":{{"version":"2.0"}},"scene":0,"scenes":[{{"nodes":[0]}}],"nodes":[{nodes}],
            "meshes":[{{"primitives":[{{"attributes":{{"POSITION":0}},"indices":1}}]}}],
            "buffers":[{{"byteLength":{0}}}],
            "bufferViews":[{{"buffer":0,"byteLength":{begin}}},{{"buffer":0,"byteOffset":{begin},"byteLength":{1}}}],
            "accessors":[{{"bufferView":0,"componentType":5126,"count":{count},"type":"VEC3","min":[0,0,0],"max":[1,1,1]}},
            {{"bufferView":1,"componentType":5125,"count":{2},"type":"SCALAR"}}]}}"#,
            data.len(),
            data.len() - begin,
            3 * self.corners.len()
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
}
