//! Backups: taken under load, restored exactly, checked by restoring; a full disk; a thousand clients.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use serde_json::json;
use tempfile::TempDir;

use super::opened;
use super::served::{Browser, Served, id, sha256};
use crate::stipple::{stipple, succeed, text};

#[test]
fn a_backup_taken_under_load_is_restored_exactly() {
    let folder = TempDir::new().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let (data, first, restored, second) = (at("data"), at("first"), at("restored"), at("second"));
    let served = Served::start(&data, None);
    let mut owner = opened(&served);
    let [client, _, visit] = owner.new_visit("Ada Example");
    owner.upload(&visit, &b"not a picture".repeat(10_000), 50_000);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let mut busy = owner.clone();
        let stop = &stop;
        scope.spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let [.., visit] = busy.new_visit("Load Example");
                busy.upload(&visit, &b"not a picture either".repeat(5_000), 30_000);
            }
        });
        std::thread::sleep(std::time::Duration::from_millis(500));
        succeed(&["backup", "--data", text(&data), "--out", text(&first)]);
        stop.store(true, Ordering::Relaxed);
    });
    succeed(&["verify", text(&first)]);
    succeed(&["verify", "--data", text(&data)]);
    succeed(&["restore", text(&first), "--data", text(&restored), "--erased", "none"]);
    succeed(&["backup", "--data", text(&restored), "--out", text(&second)]);
    assert!(files(&first) == files(&second), "what was restored is what was backed up, byte for byte");
    assert_eq!(
        stipple(&["restore", text(&first), "--data", text(&restored), "--erased", "none"]).code,
        3,
        "not over another studio"
    );

    let again = Served::start(&restored, None);
    let mut owner = again.browser();
    owner.sign_in("owner");
    assert_eq!(owner.must("GET", &format!("/api/clients/{client}"), None)["name"], "Ada Example");

    let blob = files(&first).into_keys().find(|name| name.starts_with("blobs/")).expect("a sealed file");
    let whole = std::fs::read(first.join(&blob)).expect("it is there");
    std::fs::write(first.join(&blob), &whole[1..]).expect("damaged");
    let spoilt = at("spoilt");
    let refused = stipple(&["restore", text(&first), "--data", text(&spoilt), "--erased", "none"]);
    assert_eq!(refused.code, 3);
    assert!(refused.message.contains(&blob.replace("blobs/", "").replace('/', "")), "{}", refused.message);
    assert!(!files(&spoilt).keys().any(|name| name.starts_with("blobs/")), "nothing is left behind");
    std::fs::write(first.join(&blob), whole).expect("mended");

    let rows = first.join("rows/client.jsonl");
    let mut lines = std::fs::read(&rows).expect("rows");
    lines[40] ^= 1;
    std::fs::write(&rows, lines).expect("damaged");
    assert_eq!(stipple(&["verify", text(&first)]).code, 3, "damage shows");
}

/// Every file of a backup but its manifest's own words, with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

#[test]
fn a_full_disk_refuses_and_recovers() {
    let folder = TempDir::new().expect("a folder");
    let place = folder.path().join("small");
    std::fs::create_dir(&place).expect("made");
    let mount = ["-t", "tmpfs", "-o", "size=24m", "tmpfs", text(&place)];
    if !std::process::Command::new("mount").args(mount).status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: only root can make a small disk");
        return;
    }
    let ballast = place.join("ballast");
    std::fs::write(&ballast, vec![0; 12 << 20]).expect("written");
    let served = Served::start(&place.join("data"), None);
    let mut owner = opened(&served);
    let [client, _, visit] = owner.new_visit("Ada Example");
    let bytes = b"not a picture ".repeat(1 << 20);
    let announced = json!({"bytes": bytes.len(), "sha256": sha256(&bytes)});
    let upload = id(&owner.must("POST", &format!("/api/visits/{visit}/uploads"), Some(&announced)));
    let path = format!("/api/uploads/{upload}");
    let refused = send_pieces(&mut owner, &path, &bytes).expect("the disk is full");
    assert_eq!(refused, 507, "said as what it is");
    assert_eq!(
        owner.must("GET", &format!("/api/clients/{client}"), None)["name"],
        "Ada Example",
        "reading goes on"
    );
    std::fs::remove_file(&ballast).expect("freed");
    assert_eq!(send_pieces(&mut owner, &path, &bytes), None, "goes on where it was");
    drop(served);
    let unmounted = std::process::Command::new("umount").arg(&place).status();
    assert!(unmounted.is_ok_and(|status| status.success()));
}

/// Sends what is missing; the status that stopped it.
fn send_pieces(owner: &mut Browser, path: &str, bytes: &[u8]) -> Option<u16> {
    loop {
        let received = owner.must("GET", path, None)["received"].as_u64().expect("a number") as usize;
        if received == bytes.len() {
            return None;
        }
        let piece = &bytes[received..bytes.len().min(received + (1 << 20))];
        let said = owner.send("PATCH", path, &[("upload-offset", &received.to_string())], Some(piece));
        if said.status != 200 {
            return Some(said.status);
        }
    }
}

#[test]
fn many_clients_are_listed_searched_and_opened_at_once() {
    let slow = std::env::var_os("SLOW").is_some();
    let (clients, photographs) = if slow { (1000, 20) } else { (200, 1) };
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), None);
    let mut owner = opened(&served);
    let mut ids = Vec::new();
    for k in 0..clients {
        let [client, _, visit] = owner.new_visit(&format!("Client {k} Example"));
        for picture in 0..photographs {
            let bytes = format!("not a picture {k} {picture}").into_bytes();
            let announced = json!({"bytes": bytes.len(), "sha256": sha256(&bytes)});
            let upload = id(&owner.must("POST", &format!("/api/visits/{visit}/uploads"), Some(&announced)));
            let path = format!("/api/uploads/{upload}");
            assert_eq!(owner.send("PATCH", &path, &[("upload-offset", "0")], Some(&bytes)).status, 200);
            owner.must("POST", &format!("{path}/finish"), None);
        }
        ids.push(client);
    }
    let p95_ms = |ask: &mut dyn FnMut(usize)| {
        let mut times: Vec<f64> = (0..100)
            .map(|k| {
                let started = Instant::now();
                ask(k);
                started.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        times[94]
    };
    let list = p95_ms(&mut |_| drop(owner.must("GET", "/api/clients?limit=50", None)));
    let search = p95_ms(&mut |k| drop(owner.must("GET", &format!("/api/clients?query=client+{k}"), None)));
    let open =
        p95_ms(&mut |k| drop(owner.must("GET", &format!("/api/clients/{}", ids[k % ids.len()]), None)));
    println!(
        "{clients} clients, {} photographs: list {list:.0} ms, search {search:.0} ms, open {open:.0} ms (p95)",
        clients * photographs
    );
    assert!([list, search, open].iter().all(|ms| *ms < 400.0), "far from the 100 ms of an idle machine");
}
