"""SIFT + RANSAC + thin plates (OpenCV) and affine + B-spline (ITK/elastix) on the pairs that `bench_align` left: align_peers.py FOLDER.

Each gets the pictures at full size, evened out (log, background off, local spread to one). An alignment has failed when
more than a twentieth of the places are farther off than 0.5 mm; these peers do not say what they do not know.
"""
import glob, os, sys, tempfile, time
import numpy as np
import cv2
from scipy.interpolate import RBFInterpolator
from scipy.ndimage import gaussian_filter

try:
    import itk
except ImportError:
    itk = None

PX_PER_MM, FAILED_MM = 12.0, 0.5


def prepared(path):
    light = cv2.imread(path).astype(np.float32).mean(2) / 255
    density = -np.log(np.clip(light ** 2.2, 1e-3, 1))
    density -= gaussian_filter(density, 2.0 * PX_PER_MM)
    return (density / (np.sqrt(gaussian_filter(density ** 2, 4 * PX_PER_MM)) + 1e-3)).astype(np.float32)


def bytes_of(image):
    return np.clip(110 + 40 * image, 0, 255).astype(np.uint8)


def with_sift(a, b, places):
    sift = cv2.SIFT_create(8000, contrastThreshold=0.02)
    (ka, da), (kb, db) = sift.detectAndCompute(bytes_of(a), None), sift.detectAndCompute(bytes_of(b), None)
    good = [m for m, n in cv2.BFMatcher().knnMatch(da, db, k=2) if m.distance < 0.8 * n.distance]
    if len(good) < 12:
        return None
    p = np.float64([ka[m.queryIdx].pt for m in good]) + 0.5
    q = np.float64([kb[m.trainIdx].pt for m in good]) + 0.5
    # A homography leaves what bends: ties within 1.5 mm of it stay.
    matrix, inside = cv2.findHomography(p, q, cv2.RANSAC, 1.5 * PX_PER_MM, maxIters=5000)
    if matrix is None or inside.sum() < 12:
        return None

    def straight(x):
        y = np.c_[x, np.ones(len(x))] @ matrix.T
        return y[:, :2] / y[:, 2:]
    inside = inside.ravel().astype(bool)
    p, rest = p[inside], (q - straight(p))[inside]
    # Ties that disagree with their neighbors go.
    near = np.argsort(((p[:, None] - p[None]) ** 2).sum(2), axis=1)[:, 1:11] if len(p) < 4000 else None
    if near is not None and len(p) > 12:
        keep = np.hypot(*(rest - np.median(rest[near], axis=1)).T) < 0.25 * PX_PER_MM
        p, rest = p[keep], rest[keep]
    _, first = np.unique(p.round(1), axis=0, return_index=True)
    if len(first) < 12:
        return None
    spline = RBFInterpolator(p[first], rest[first], kernel="thin_plate_spline", smoothing=10.0, neighbors=200)
    return straight(places) + spline(places)


def with_elastix(a, b, places):
    parameters = itk.ParameterObject.New()
    for kind in ("affine", "bspline"):
        own = parameters.GetDefaultParameterMap(kind, 5)
        if kind == "bspline":
            own["FinalGridSpacingInPhysicalUnits"] = [str(4 * PX_PER_MM)]
        own["MaximumNumberOfIterations"] = ["600"]
        own["AutomaticTransformInitialization"] = ["true"]
        parameters.AddParameterMap(own)
    fixed, moving = itk.image_view_from_array(np.ascontiguousarray(a)), itk.image_view_from_array(np.ascontiguousarray(b))
    _, found = itk.elastix_registration_method(fixed, moving, parameter_object=parameters, log_to_console=False)
    # The field tells where every pixel of the first picture lies in the second.
    field = np.asarray(itk.transformix_deformation_field(fixed, found))
    x, y = (places - 0.5).T
    shift = [cv2.remap(np.ascontiguousarray(field[..., k]), x.astype(np.float32)[None], y.astype(np.float32)[None], cv2.INTER_LINEAR)[0] for k in (0, 1)]
    return places + np.stack(shift, 1)


PEERS = {"OpenCV SIFT + RANSAC + thin plates": with_sift}
if itk is not None:
    PEERS["ITK/elastix affine + B-spline"] = with_elastix


def main():
    folder = os.path.abspath(sys.argv[1])
    # Because elastix leaves its field where it stands.
    os.chdir(tempfile.mkdtemp())
    print("| pairs | peer | n | median of medians mm | middle p95 mm | success | failed silently | gave up | CPU s |\n|---|---|---|---|---|---|---|---|---|")
    for name in ("easy", "harsh"):
        stems = sorted(path[:-4] for path in glob.glob(os.path.join(folder, f"*-{name}.csv")))
        for peer, align in PEERS.items():
            medians, p95s, spent, gave_up = [], [], [], 0
            for stem in stems:
                rows = np.loadtxt(stem + ".csv", delimiter=",", skiprows=1)
                a, b = prepared(stem + "-a.png"), prepared(stem + "-b.png")
                start = time.process_time()
                try:
                    at = align(a, b, rows[:, :2])
                except RuntimeError:
                    at = None
                spent.append(time.process_time() - start)
                if at is None:
                    gave_up += 1
                    continue
                off = np.hypot(*(at - rows[:, 2:]).T) / PX_PER_MM
                medians.append(np.median(off)), p95s.append(np.percentile(off, 95))
            good = sum(p <= FAILED_MM for p in p95s)
            middle = lambda v: f"{np.median(v):.3f}" if len(v) else "–"
            print(f"| {name} | {peer} | {len(stems)} | {middle(medians)} | {middle(p95s)} | {good} | {len(p95s) - good} | {gave_up} | {np.median(spent):.1f} |", flush=True)


if __name__ == "__main__":
    main()
