"""Blob detectors from the shelf on the pictures of `cargo xtask bench read`: peers.py FOLDER.

Each gets the same favorable preparation (log luminance, background off, local spread to one) and the threshold
that is best for its resolution on every fifth picture; it is measured on the others.
"""
import csv, sys, time
from collections import defaultdict
import numpy as np
import cv2
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree
from skimage.feature import blob_dog, blob_log

ROOT_MM, UNIT_MM, MERGE_MM, BORDER_MM = 0.15, 0.30, 0.45, 0.5


def prepared(picture, px_per_mm):
    light = picture.astype(float).mean(2) / 255
    density = -np.log(np.clip(light ** 2.2, 1e-3, 1))
    density -= gaussian_filter(density, 0.8 * px_per_mm)
    return density / (np.sqrt(gaussian_filter(density ** 2, 4 * px_per_mm)) + 1e-3)


def sigmas(px_per_mm):
    return max(0.7, 0.05 * px_per_mm), max(1.2, 0.14 * px_per_mm)


def with_log(image, px_per_mm, threshold):
    low, high = sigmas(px_per_mm)
    return blob_log(image, low, high, 4, threshold=threshold, overlap=0.5)[:, [1, 0]] + 0.5


def with_dog(image, px_per_mm, threshold):
    low, high = sigmas(px_per_mm)
    return blob_dog(image, low, high, threshold=threshold, overlap=0.5)[:, [1, 0]] + 0.5


def with_opencv(image, px_per_mm, threshold):
    p = cv2.SimpleBlobDetector_Params()
    p.minThreshold, p.maxThreshold, p.thresholdStep, p.minRepeatability = 10, 245, 12, 2
    p.filterByColor, p.blobColor = True, 0
    p.filterByArea, p.minArea, p.maxArea = True, 1.0, (0.6 * px_per_mm) ** 2 + 4
    p.filterByCircularity = p.filterByConvexity = p.filterByInertia = False
    p.minDistBetweenBlobs = 0.1 * px_per_mm
    grays = np.clip(170 - image * threshold, 0, 255).astype(np.uint8)
    return np.array([k.pt for k in cv2.SimpleBlobDetector_create(p).detect(grays)]).reshape(-1, 2) + 0.5


PEERS = {"scikit-image blob_log": (with_log, (0.15, 0.25, 0.35, 0.5, 0.7)),
         "scikit-image blob_dog": (with_dog, (0.15, 0.25, 0.4, 0.6, 0.9)),
         "OpenCV SimpleBlobDetector": (with_opencv, (15, 25, 40, 60))}


def merged(places):
    if len(places) == 0:
        return places
    leader = np.arange(len(places))

    def lead(k):
        while leader[k] != k:
            k = leader[k]
        return k
    for a, b in cKDTree(places).query_pairs(MERGE_MM):
        leader[lead(a)] = lead(b)
    leaders = np.array([lead(k) for k in range(len(places))])
    return np.array([places[leaders == k].mean(0) for k in np.unique(leaders)])


def f1(found, there, within, side):
    if len(found) == 0 or len(there) == 0:
        return 0.0
    near = cKDTree(there).query_ball_point(found, within)
    pairs = sorted((np.hypot(*(found[k] - there[t])), k, t) for k, ts in enumerate(near) for t in ts)
    used_found, used_there = set(), set()
    kept = []
    for _, k, t in pairs:
        if k not in used_found and t not in used_there:
            used_found.add(k), used_there.add(t), kept.append(t)

    def counts(p):
        return np.all((p >= BORDER_MM) & (p < side - BORDER_MM), axis=-1)
    right = int(counts(there[kept]).sum()) if kept else 0
    lone = np.array([k not in used_found for k in range(len(found))])
    wrong = int((counts(found) & lone).sum())
    return 2 * right / max(1, 2 * right + wrong + int(counts(there).sum()) - right)


def main():
    folder = sys.argv[1]
    scenes = [s for s in csv.DictReader(open(folder + "/scenes.csv")) if s["hair"] in ("black", "brown")]
    groups = defaultdict(list)
    for scene in scenes:
        groups[(scene["kind"], float(scene["px_per_mm"]))].append(scene)
    print("| pictures | px/mm | detector | root F1 0.15 mm | unit F1 0.30 mm | CPU s/Mpx |\n|---|---|---|---|---|---|")
    for (kind, px_per_mm), members in groups.items():
        # A trichoscope's picture is shrunk first, as ours is.
        scale = min(1.0, 12.0 / px_per_mm)
        loaded = []
        for scene in members:
            picture = cv2.imread(f"{folder}/{scene['seed']}.png")
            picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            rows = np.loadtxt(f"{folder}/{scene['seed']}.csv", delimiter=",", skiprows=1).reshape(-1, 3)
            roots = rows[:, :2] / px_per_mm
            units = np.array([roots[rows[:, 2] == u].mean(0) for u in np.unique(rows[:, 2])])
            loaded.append((prepared(picture, px_per_mm * scale), roots, units))
        for name, (detect, thresholds) in PEERS.items():
            def score(k, threshold):
                image, roots, units = loaded[k]
                side = np.array(image.shape[::-1]) / (px_per_mm * scale)
                start = time.process_time()
                found = detect(image, px_per_mm * scale, threshold) / (px_per_mm * scale)
                spent = (time.process_time() - start) / image.size * 1e6
                return f1(found, roots, ROOT_MM, side), f1(merged(found), units, UNIT_MM, side), spent
            tuning = range(0, len(loaded), 5)
            best = max(thresholds, key=lambda t: np.mean([score(k, t)[0] for k in tuning]))
            rest = [k for k in range(len(loaded)) if k % 5] or list(tuning)
            root, unit, spent = np.mean([score(k, best) for k in rest], axis=0)
            print(f"| {kind} | {px_per_mm:.0f} | {name} | {root:.3f} | {unit:.3f} | {spent:.2f} |", flush=True)


if __name__ == "__main__":
    main()
