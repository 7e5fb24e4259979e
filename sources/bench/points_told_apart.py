"""Can planned dots be told from grown units? points_told_apart.py FOLDER, after `bench_points FOLDER`.

A random forest learns on half of the heads and is asked about the other half; half is chance (AUC 0.50).
Per dot: distances and angles of the ten nearest neighbors, and how near those have theirs. Per window of 2.7 x 2.1
spacings: how many there are and the sorted distances between them; the same of hairs, which stand in groups around their
units, in a window of 2.7 x 2.1 hair spacings. Global envelope: per scar the pair correlation, the
distances to the nearest neighbor and those from any place to the nearest unit, as one curve; p by extreme rank length.
"""
import sys

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree
from scipy.stats import ks_2samp
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score

NEIGHBORS = 10
WINDOW = (2.7, 2.1)
IN_WINDOW = 9
# Spread of a unit's hairs, such that the median pair is 0.155 hair spacings apart [Bsrl], in spacings of units.
HAIR_SPREAD = 0.067
# Hair spacings in one of units, with 1.942 hairs a unit.
HAIR_SPACING = 1.942 ** -0.5
BANDS = np.arange(-3.0, 3.01, 0.5)
RINGS = np.arange(0.24, 2.01, 0.08)
NEAREST = np.linspace(0.4, 1.1, 15)
EMPTY = np.linspace(0.1, 0.9, 15)


def dot_features(all_places, asked):
    """One row a dot: distances, gaps between directions, the neighbors' own nearest distances."""
    tree = cKDTree(all_places)
    near, who = tree.query(all_places[asked], NEIGHBORS + 1)
    near, who = near[:, 1:], who[:, 1:]
    way = all_places[who] - all_places[asked][:, None]
    angles = np.sort(np.arctan2(way[..., 1], way[..., 0])[:, :6], axis=1)
    gaps = np.sort(np.diff(np.concatenate([angles, angles[:, :1] + 2 * np.pi], axis=1), axis=1), axis=1)
    theirs = tree.query(all_places, 2)[0][:, 1][who]
    return np.concatenate([near, gaps, theirs[:, :6], np.sort(theirs, axis=1)[:, :3]], axis=1)


def window_features(all_places, edge, rng, side=1.0, windows=60):
    """One row a window that lies in the scar."""
    rows, inside = [], all_places[edge < -0.5]
    for x, y in inside[rng.integers(len(inside), size=windows)] + rng.uniform(-1, 1, (windows, 2)):
        near = (abs(all_places[:, 0] - x) < side * WINDOW[0] / 2) & (abs(all_places[:, 1] - y) < side * WINDOW[1] / 2)
        own = all_places[near]
        far = np.full(IN_WINDOW * (IN_WINDOW - 1) // 2, 9.0)
        number, own = len(own), own[:IN_WINDOW]
        pairs = np.sort(np.hypot(*(own[:, None] - own[None]).transpose(2, 0, 1))[np.triu_indices(len(own), 1)])
        far[:len(pairs)] = pairs
        rows.append(np.concatenate([[number], far]))
    return np.array(rows)


def hair_windows(places, edge, hairs, rng):
    """Windows of hairs, in random order: of those that are too many, any are left out."""
    unit = rng.permutation(np.repeat(np.arange(len(places)), hairs))
    alone = hairs[unit] == 1
    spread = np.where(alone, 0.0, HAIR_SPREAD)[:, None] * rng.normal(size=(len(unit), 2))
    return window_features(places[unit] + spread, edge[unit], rng, HAIR_SPACING)


def curve(all_places, edge, rng, looks=1500):
    """g, G and F of a scar, one after the other."""
    tree, inside = cKDTree(all_places), all_places[edge < 0]
    pairs = cKDTree(inside).count_neighbors(tree, RINGS) / len(inside)
    g = np.diff(pairs) / (np.pi * np.diff(RINGS ** 2))
    nearest = tree.query(inside, 2)[0][:, 1]
    empty = tree.query(inside[rng.integers(len(inside), size=looks)] + rng.uniform(-2, 2, (looks, 2)))[0]
    share = lambda found, at: (found[:, None] < at).mean(axis=0)
    return np.concatenate([g, share(nearest, NEAREST), share(empty, EMPTY)])


def envelope(nature, filled):
    """p of every filled scar among those left as they grew, each against the mean of its kind [Myllymaki 2017]."""
    own, others = [], []
    for kind in range(3):
        null = np.array([head[5] for head in nature[kind::3]])
        # Each null curve against the mean of the others.
        others.extend((null - null.mean(axis=0)) * len(null) / (len(null) - 1))
        own.extend(np.array([head[5] for head in filled[kind::3]]) - null.mean(axis=0))
    p = []
    for one in own:
        pool = np.array(others + [one])
        order = pool.argsort(axis=0).argsort(axis=0) + 1
        depth = np.sort(np.minimum(order, len(pool) + 1 - order), axis=1)
        less = [tuple(row) <= tuple(depth[-1]) for row in depth]
        p.append(np.mean(less))
    return np.array(p)


def auc(nature, other):
    """Learned on half of the heads of each, asked about the rest, both ways round, two seeds."""
    scores = []
    for seed in range(2):
        for turn in (0, 1):
            learn = [np.concatenate(side[turn::2]) for side in (nature, other)]
            asked = [np.concatenate(side[1 - turn::2]) for side in (nature, other)]
            forest = RandomForestClassifier(100, min_samples_leaf=5, n_jobs=2, random_state=seed)
            forest.fit(np.concatenate(learn), np.repeat([0, 1], [len(x) for x in learn]))
            told = forest.predict_proba(np.concatenate(asked))[:, 1]
            scores.append(roc_auc_score(np.repeat([0, 1], [len(x) for x in asked]), told))
    return np.mean(scores), np.std(scores) / np.sqrt(len(scores))


def of_head(rows, seed):
    places, edge, added = rows[["x", "y"]].to_numpy(), rows.edge.to_numpy(), rows.added.to_numpy() > 0
    asked = np.flatnonzero(added)
    nearest = cKDTree(places).query(places[edge < 0], 2)[0][:, 1]
    bands = np.histogram(edge, BANDS)[0]
    rng = np.random.default_rng(seed)
    return (dot_features(places, asked), window_features(places, edge, rng), nearest, bands, len(asked), curve(places, edge, rng),
            hair_windows(places, edge, rows.hairs.to_numpy(), np.random.default_rng(seed)))


def main():
    dots = pd.read_csv(sys.argv[1] + "/dots.csv")
    heads = {}
    for (filler, head), rows in dots.groupby(["filler", "head"], sort=False):
        heads.setdefault(filler, []).append(of_head(rows, head))
    nature = heads.pop("nature")
    half = len(nature) // 2
    # Three kinds of nature follow each other.
    one, two = [n for k, n in enumerate(nature) if k // 3 % 2 == 0], [n for k, n in enumerate(nature) if k // 3 % 2]
    column = lambda side, k: [head[k] for head in side]
    mean_bands = np.mean(column(nature, 3), axis=0)
    rng = np.random.default_rng(1)
    draws = [np.mean([nature[k][3] for k in rng.integers(len(nature), size=len(nature))], axis=0) for _ in range(999)]
    # The difference of two means of as many heads.
    null_band = np.quantile(np.abs(np.array(draws) / mean_bands - 1).max(axis=1), 0.95) * np.sqrt(2)
    print("| filled by | AUC a dot | AUC a window of units | AUC a window of hairs | nearest: mean, CV, KS | worst band across the seam (95 % of nature) | envelope: p >= 0.05 |")
    print("|---|---|---|---|---|---|---|")
    print(f"| nature against nature | {auc(column(one, 0), column(two, 0))[0]:.3f} | {auc(column(one, 1), column(two, 1))[0]:.3f} | {auc(column(one, 6), column(two, 6))[0]:.3f} | "
          f"{describe(nature, nature)} | ({100 * null_band:.1f} %) | |")
    for filler, filled in heads.items():
        like = nature[:len(filled)]
        a, b, c = [auc(column(like, k), column(filled, k)) for k in (0, 1, 6)]
        worst = np.abs(np.mean(column(filled, 3), axis=0) / mean_bands - 1).max()
        fits = np.mean(envelope(nature, filled) >= 0.05)
        print(f"| {filler} | {a[0]:.3f} ± {a[1]:.3f} | {b[0]:.3f} ± {b[1]:.3f} | {c[0]:.3f} ± {c[1]:.3f} | {describe(filled, nature)} | {100 * worst:.1f} % | "
              f"{100 * fits:.0f} % of {len(filled)} |", flush=True)
    by_kind(nature, heads["stipple"])


def by_kind(nature, filled):
    """Ours, one kind of nature at a time: learned on that kind alone."""
    print("\n| kind of nature | nature against itself, AUC a dot | ours | envelope |\n|---|---|---|---|")
    p = envelope(nature, filled)
    first = 0
    for kind in range(3):
        own, ours = nature[kind::3], filled[kind::3]
        null = auc([h[0] for h in own[::2]], [h[0] for h in own[1::2]])
        told = auc([h[0] for h in own], [h[0] for h in ours])
        fits = np.mean(p[first:first + len(ours)] >= 0.05)
        first += len(ours)
        print(f"| {kind + 1} | {null[0]:.3f} | {told[0]:.3f} ± {told[1]:.3f} | {100 * fits:.0f} % of {len(ours)} |", flush=True)


def describe(filled, nature):
    near, true = np.concatenate([h[2] for h in filled]), np.concatenate([h[2] for h in nature])
    ks = 0.0 if filled is nature else ks_2samp(near, true).statistic
    return f"{near.mean():.3f}, {near.std() / near.mean():.3f}, {ks:.3f}"


if __name__ == "__main__":
    main()
