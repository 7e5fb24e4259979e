"""Trains the root head on synthetic scenes: train.py SCENES WEIGHTS STEPS [JUDGES].

SCENES is a folder of N.bin (see tests/examples/root_head_scenes.rs); of every sixteen scenes one is held back, or
those in the folder JUDGES are what it is judged by.
WEIGHTS gets the layers in the order of `LAYERS`, each its weights (out, in, row, column) and then its biases, and
last slope and offset of the calibration (logit of a root to logit of its being right) of pictures looked at from one
side and from four, as little-endian float32. Prints the loss and what share of places is found within 0.15 mm as it goes,
and in the end what the reader makes of it. With 0 STEPS the weights that are there are only calibrated anew.
"""
import glob
import multiprocessing
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

PX_PER_MM = 12.0
CROP = 112
BATCH = 12
# Threads that learn; another process makes the batches.
THREADS = 2
# Scenes that are looked at on the way.
GLIMPSE = 60
# Name, inputs, outputs, kernel, dilation, stride.
LAYERS = [("stem", 12, 24, 3, 1, 1), ("fine", 24, 24, 3, 1, 1), ("down", 24, 48, 3, 1, 2),
          ("wide1", 48, 48, 3, 1, 1), ("wide2", 48, 48, 3, 2, 1), ("deeper", 48, 64, 3, 1, 2),
          ("far1", 64, 64, 3, 1, 1), ("far2", 64, 64, 3, 2, 1), ("back", 64, 48, 1, 1, 1),
          ("wide3", 48, 48, 3, 4, 1), ("wide4", 48, 48, 3, 2, 1), ("up", 48, 24, 1, 1, 1),
          ("join1", 24, 32, 3, 1, 1), ("join2", 32, 32, 3, 1, 1), ("head", 32, 11, 1, 1, 1)]
# Roots that together are no wider than this cannot be told apart: one place, a number and an axis, samples.
TOGETHER = 0.18 * PX_PER_MM
# One more hair is told of a place from this probability on, as in roots.rs of the reader.
SEVERAL_MIN = 0.45


class RootHead(nn.Module):
    """Roots at 12 samples a millimetre; direction, number of hairs and the axis they stand along at 6."""

    def __init__(self):
        super().__init__()
        for name, inputs, outputs, kernel, dilation, stride in LAYERS:
            padding = dilation * (kernel // 2)
            setattr(self, name, nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation))
        nn.init.constant_(self.head.bias, -3.5)

    def forward(self, x):
        a = F.relu(self.fine(F.relu(self.stem(F.pixel_unshuffle(x, 2)))))
        b = F.relu(self.down(a))
        for layer in (self.wide1, self.wide2):
            b = F.relu(b + layer(b))
        c = F.relu(self.deeper(b))
        for layer in (self.far1, self.far2):
            c = F.relu(c + layer(c))
        b = F.relu(b + F.interpolate(self.back(c), scale_factor=2, mode="nearest"))
        for layer in (self.wide3, self.wide4):
            b = F.relu(b + layer(b))
        u = F.relu(a + F.interpolate(self.up(b), scale_factor=2, mode="nearest"))
        out = self.head(F.relu(self.join2(F.relu(self.join1(u)))))
        return F.pixel_shuffle(out[:, :4], 2)[:, 0], out[:, 4:6], out[:, 6:9], out[:, 9:11]


def load(path):
    """A scene: three channels and its hairs."""
    raw = open(path, "rb").read()
    width, height, hairs = np.frombuffer(raw, "<u4", 3)
    n = int(width) * int(height)
    image = np.frombuffer(raw, "<i2", 3 * n, 12).reshape(3, height, width)
    hairs = np.frombuffer(raw, "<f4", 5 * hairs, 12 + 6 * n).reshape(hairs, 5).copy()
    return image, hairs


def places(hairs):
    """Roots that cannot be told apart, joined: x, y, unit vector to the tip (0, 0 for a dot), number of hairs, and
    half their distance along their axis as r cos 2t, r sin 2t."""
    roots = hairs[:, :2]
    groups = {k: [k] for k in range(len(roots))}
    owner = list(range(len(roots)))
    order = np.argsort(roots[:, 0])
    pairs = []
    for a, k in enumerate(order):
        for t in order[a + 1:]:
            if roots[t, 0] - roots[k, 0] > TOGETHER:
                break
            away = np.hypot(*(roots[t] - roots[k]))
            if away <= TOGETHER:
                pairs.append((away, int(k), int(t)))
    for _, k, t in sorted(pairs):
        one, two = owner[k], owner[t]
        if one != two:
            both = roots[groups[one] + groups[two]]
            if np.hypot(*(both[:, None] - both[None]).transpose(2, 0, 1)).max() <= TOGETHER:
                groups[one] += groups.pop(two)
                for member in groups[one]:
                    owner[member] = one
    rows = []
    for members in groups.values():
        own, tips = roots[members], hairs[members, 2:4]
        middle = own.mean(0)
        way = (tips - own).sum(0)
        length = np.hypot(*way)
        way = way / length if length > 0.5 * len(members) else np.zeros(2)
        axis = (0.0, 0.0)
        if len(members) > 1:
            spread = own - middle
            angle = 0.5 * np.arctan2(2 * (spread[:, 0] * spread[:, 1]).sum(), (spread[:, 0] ** 2 - spread[:, 1] ** 2).sum())
            along = spread @ np.array([np.cos(angle), np.sin(angle)])
            r = (along.max() - along.min()) / 2
            axis = (r * np.cos(2 * angle), r * np.sin(2 * angle))
        rows.append((*middle, *way, len(members), *axis))
    return np.array(rows, np.float32).reshape(-1, 7)


def targets(own, size):
    """Heat of roots (size, size); direction, axis, number of hairs and weight at half size; in the crop's frame."""
    heat = np.zeros((size, size), np.float32)
    half = size // 2
    way, axis = np.zeros((2, half, half), np.float32), np.zeros((2, half, half), np.float32)
    count, weight = np.zeros((half, half), np.int64), np.zeros((half, half), np.float32)
    for x, y, wx, wy, n, ax, ay in own:
        x0, x1, y0, y1 = int(max(0, x - 3)), int(min(size, x + 4)), int(max(0, y - 3)), int(min(size, y + 4))
        if x0 >= x1 or y0 >= y1:
            continue
        gx, gy = np.arange(x0, x1) + 0.5 - x, np.arange(y0, y1) + 0.5 - y
        bell = np.exp(-(gx[None, :] ** 2 + gy[:, None] ** 2) / (2 * 0.75 ** 2))
        heat[y0:y1, x0:x1] = np.maximum(heat[y0:y1, x0:x1], bell)
        # The sample that holds the root is one in full.
        if 0 <= x < size and 0 <= y < size:
            heat[int(y), int(x)] = 1.0
        rows = slice(int(max(0, (y - 1.8) / 2)), int(min(half, (y + 1.8) / 2 + 1)))
        columns = slice(int(max(0, (x - 1.8) / 2)), int(min(half, (x + 1.8) / 2 + 1)))
        way[0, rows, columns], way[1, rows, columns] = wx, wy
        axis[0, rows, columns], axis[1, rows, columns] = ax, ay
        count[rows, columns] = min(int(n), 3) - 1
        weight[rows, columns] = 1.0
    return heat, way, axis, count, weight


def crop(image, all_places, rng):
    _, height, width = image.shape
    x, y = rng.integers(0, max(1, width - CROP + 1)), rng.integers(0, max(1, height - CROP + 1))
    part = np.zeros((3, CROP, CROP), np.float32)
    cut = image[:, y:y + CROP, x:x + CROP]
    part[:, :cut.shape[1], :cut.shape[2]] = cut
    part *= 0.001 * np.exp(rng.normal(0, 0.25))
    # Cameras differ in their tone curves and colors more than ours do.
    part = np.sign(part) * np.abs(part) ** np.float32(np.exp(rng.normal(0, 0.08)))
    for c, (gain, leak) in ((1, (0.3, 0.06)), (2, (0.3, 0.10))):
        part[c] = part[c] * np.exp(rng.normal(0, gain)) + part[0] * rng.normal(0, leak)
    part += rng.normal(0, 1, part.shape) * (0.08 * rng.random() ** 2)
    own = all_places.copy()
    own[:, :2] -= (x, y)
    own = own[((own[:, :2] > -3) & (own[:, :2] < CROP + 3)).all(1)]
    # One of the eight ways to lay a square.
    if rng.random() < 0.5:
        part, own = part.transpose(0, 2, 1), own[:, [1, 0, 3, 2, 4, 5, 6]] * (1, 1, 1, 1, 1, -1, 1)
    if rng.random() < 0.5:
        part, own = part[:, :, ::-1], own * (-1, 1, -1, 1, 1, 1, -1) + (CROP, 0, 0, 0, 0, 0, 0)
    if rng.random() < 0.5:
        part, own = part[:, ::-1], own * (1, -1, 1, -1, 1, 1, -1) + (0, CROP, 0, 0, 0, 0, 0)
    return np.ascontiguousarray(part, np.float32), targets(own, CROP)


def make_batches(scenes, steps, queue):
    """The crops of every step, stacked: images and the five targets."""
    rng = np.random.default_rng(1)
    known = {}
    for _ in range(steps):
        batch = []
        for _ in range(BATCH):
            k = int(rng.integers(len(scenes)))
            if k not in known:
                known[k] = places(scenes[k][1])
            batch.append(crop(scenes[k][0], known[k], rng))
        queue.put([np.stack([b[0] for b in batch])] + [np.stack([b[1][k] for b in batch]) for k in range(5)])


def loss_of(net, batch):
    images, heat, way, axis, count, weight = (torch.from_numpy(part) for part in batch)
    logit, way_found, count_found, axis_found = net(images)
    p = torch.sigmoid(logit).clamp(1e-4, 1 - 1e-4)
    full = (heat >= 1.0).float()
    found = -((1 - p) ** 2) * torch.log(p) * full
    empty = -((1 - heat) ** 4) * (p ** 2) * torch.log(1 - p) * (1 - full)
    n = full.sum().clamp(min=1)
    w = weight.sum().clamp(min=1)
    along = ((way_found - way).abs().sum(1) * weight).sum() / w
    several = weight * (count > 0)
    side = ((axis_found - axis).abs().sum(1) * several).sum() / several.sum().clamp(min=1)
    many = (F.cross_entropy(count_found, count, reduction="none") * weight).sum() / w
    return (found.sum() + empty.sum()) / n, along, many, side


def from_sides(net, image, sides):
    """The mean of what the network says of a picture and, of four sides, of its three mirror images."""
    total = None
    with torch.no_grad():
        for across, down in ((0, 0), (1, 0), (0, 1), (1, 1))[:sides]:
            turns = [dim for dim, turned in ((3, across), (2, down)) if turned]
            heat, way, count, axis = net(torch.flip(image, turns))
            signs = torch.tensor([-1.0 if across else 1.0, -1.0 if down else 1.0])[None, :, None, None]
            twist = torch.tensor([1.0, -1.0 if across != down else 1.0])[None, :, None, None]
            parts = [torch.flip(heat[:, None], turns), torch.flip(way, turns) * signs, torch.flip(count, turns),
                     torch.flip(axis, turns) * twist]
            total = parts if total is None else [a + b for a, b in zip(total, parts)]
    return [part[0] / sides for part in total]


def as_read(net, scene, sides):
    """The roots that the reader tells of a scene, as rows of x, y, logit; and the hairs that are there."""
    image, hairs = scene
    height, width = image.shape[1] // 8 * 8, image.shape[2] // 8 * 8
    picture = torch.from_numpy(image[:, :height, :width].astype(np.float32) * 0.001)[None]
    heat, _, count, axis = from_sides(net, picture, sides)
    top = F.max_pool2d(heat[None], 3, 1, 1)[0]
    _, ys, xs = torch.nonzero((heat >= top) & (heat > -5), as_tuple=True)
    heat, share, axis = heat[0].numpy(), torch.softmax(count, 0).numpy(), axis.numpy()
    rows = []
    for y, x in zip(ys.tolist(), xs.tolist()):
        column, row = heat[max(y - 1, 0):y + 2, x], heat[y, max(x - 1, 0):x + 2]
        px, py = x + 0.5 + between(row), y + 0.5 + between(column)
        two, three = share[1, y // 2, x // 2] + share[2, y // 2, x // 2], share[2, y // 2, x // 2]
        n = 1 + (two >= SEVERAL_MIN) + (three >= SEVERAL_MIN)
        c, s = axis[:, y // 2, x // 2]
        r, angle = min(np.hypot(c, s), 0.5 * TOGETHER), 0.5 * np.arctan2(s, c)
        logit = heat[y, x] + np.log((1, (1 + two) / 2, (1 + two + three) / 3)[n - 1])
        for side in ((0,), (-1, 1), (-1, 0, 1))[n - 1]:
            rows.append((px + side * r * np.cos(angle), py + side * r * np.sin(angle), logit))
    there = hairs[(hairs[:, 0] < width) & (hairs[:, 1] < height), :2]
    return np.array(rows).reshape(-1, 3), there


def between(three):
    """Where between samples the top of a parabola through three of them lies."""
    bend = three[0] - 2 * three[1] + three[2] if len(three) == 3 else 0.0
    return np.clip(0.5 * (three[0] - three[2]) / bend, -0.5, 0.5) if bend < 0 else 0.0


def right_ones(found, there):
    """Which of the found places, the surest first, are within 0.15 mm of a true one that is left."""
    right, used = np.zeros(len(found), bool), np.zeros(len(there), bool)
    for k in range(len(found) if len(there) else 0):
        away = np.where(used, np.inf, np.hypot(there[:, 0] - found[k, 0], there[:, 1] - found[k, 1]))
        t = int(np.argmin(away))
        if away[t] < 0.15 * PX_PER_MM:
            right[k], used[t] = True, True
    return right


def peaks(net, scene):
    """Peaks of a scene: their logits, whether a place is within 0.15 mm; and how many places there are."""
    image, hairs = scene
    all_places = places(hairs)
    height, width = image.shape[1] // 8 * 8, image.shape[2] // 8 * 8
    with torch.no_grad():
        heat = net(torch.from_numpy(image[:, :height, :width].astype(np.float32) * 0.001)[None])[0][0]
        top = F.max_pool2d(heat[None, None], 3, 1, 1)[0, 0]
        ys, xs = torch.nonzero((heat >= top) & (heat > -4), as_tuple=True)
    logits = heat[ys, xs].numpy()
    order = np.argsort(-logits)
    found = np.stack([xs.numpy() + 0.5, ys.numpy() + 0.5], 1)[order]
    truth = all_places[(all_places[:, 0] < width) & (all_places[:, 1] < height), :2]
    return logits[order], right_ones(found, truth), len(truth)


def best_f1(parts):
    """Prints the best F1 within 0.15 mm over all thresholds of (logits, right, there) of many scenes."""
    logits, right = (np.concatenate([p[k] for p in parts]) for k in range(2))
    there = sum(p[2] for p in parts)
    order = np.argsort(-logits)
    hits, told = np.cumsum(right[order]), np.arange(1, len(order) + 1)
    scores = 2 * hits / (told + there)
    best = int(np.argmax(scores))
    print(f"  held back: F1 {scores[best]:.3f} at logit {logits[order[best]]:.2f}; precision {hits[best] / told[best]:.3f}, "
          f"recall {hits[best] / there:.3f}", flush=True)
    return logits, right


def calibrated(net, scenes, sides):
    """Slope and offset from the logit of a root, as the reader tells it, to the logit of its being right; fitted where
    roots are told, or nearly."""
    parts = []
    for scene in scenes:
        found, there = as_read(net, scene, sides)
        found = found[np.argsort(-found[:, 2])]
        parts.append((found[:, 2], right_ones(found, there), len(there)))
    logits, right = best_f1(parts)
    slope, offset = fitted(logits, right)
    near = slope * logits + offset > -1.1
    slope, offset = fitted(logits[near], right[near])
    print(f"  {sides} sides: calibration {slope:.3f} {offset:.3f}", flush=True)
    return slope, offset


def fitted(logits, right):
    """Logistic regression by Newton's steps."""
    slope, offset = 1.0, 0.0
    for _ in range(60):
        p = 1 / (1 + np.exp(-(slope * logits + offset)))
        w = p * (1 - p) + 1e-9
        a = np.stack([logits, np.ones_like(logits)])
        slope, offset = np.array([slope, offset]) + np.linalg.solve((a * w) @ a.T, a @ (right - p))
    return slope, offset


def save(net, calibration, path):
    with open(path, "wb") as out:
        for name, *_ in LAYERS:
            layer = getattr(net, name)
            for values in (layer.weight, layer.bias):
                out.write(values.detach().numpy().astype("<f4").tobytes())
        out.write(np.array(calibration, "<f4").tobytes())


def saved(path):
    """A network with the weights of a file."""
    net, numbers, at = RootHead(), np.fromfile(path, "<f4"), 0
    for name, *_ in LAYERS:
        for values in (getattr(net, name).weight, getattr(net, name).bias):
            values.data.copy_(torch.from_numpy(numbers[at:at + values.numel()].copy()).reshape(values.shape))
            at += values.numel()
    return net


def scene_files(folder):
    """In the order of their numbers."""
    return sorted(glob.glob(folder + "/*.bin"), key=lambda f: int(f.rsplit("/", 1)[1][:-4]))


def main():
    folder, path, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
    torch.manual_seed(1)
    torch.set_num_threads(THREADS)
    files = scene_files(folder)
    held = [load(f) for f in (scene_files(sys.argv[4]) if len(sys.argv) > 4 else files[::16])]
    scenes = [load(f) for k, f in enumerate(files) if k % 16]
    print(len(scenes), "scenes to learn from,", len(held), "held back;", sum(len(s[1]) for s in scenes), "hairs", flush=True)
    queue = multiprocessing.Queue(4)
    multiprocessing.Process(target=make_batches, args=(scenes, steps, queue), daemon=True).start()
    net = RootHead() if steps else saved(path)
    print(sum(p.numel() for p in net.parameters()), "parameters", flush=True)
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=max(steps, 1), pct_start=0.15)
    start, sums = time.time(), np.zeros(4)
    for step in range(1, steps + 1):
        parts = loss_of(net, queue.get())
        optimizer.zero_grad()
        (parts[0] + 0.3 * parts[1] + 0.3 * parts[2] + 0.2 * parts[3]).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        sums += [float(p) for p in parts]
        if step % 100 == 0:
            print(step, f"{time.time() - start:.0f} s", (sums / 100).round(3), flush=True)
            sums[:] = 0
        if step % 1000 == 0:
            best_f1([peaks(net, scene) for scene in held[:GLIMPSE]])
            save(net, (1.0, 0.0, 1.0, 0.0), path)
    save(net, calibrated(net, held, 1) + calibrated(net, held, 4), path)


if __name__ == "__main__":
    main()
