"""How even the density of filled scars is, block by block: points_by_block.py FOLDER

FOLDER/dots.csv is written by the example bench_points. The scar with its rim is cut across its long way into blocks of equal
length; of every block the dots and hairs in it are compared with its area times the head's mean density. Nature's own row is
the null: what scars vary that were never taken out.
"""

import collections
import csv
import math
import sys

SIDE, HALF, RIM = 62.0, 4.0, 2.0  # as in bench_points
FROM, TO = 12.0, 50.0  # the scar without its round ends
PIECES = [2, 3, 6, 12, 24]
STEP = 0.05


def edge(x, y):
    middle = SIDE / 2 + 6 * math.cos(math.pi * (x - SIDE / 2) / 46)
    return math.hypot(max(abs(x - SIDE / 2) - (23 - HALF), 0), y - middle) - HALF


def block(x, pieces):
    return int((x - FROM) / (TO - FROM) * pieces)


def areas():
    found = {pieces: [0.0] * pieces for pieces in PIECES}
    middles = [(k + 0.5) * STEP for k in range(int(SIDE / STEP))]
    for x in middles:
        if FROM <= x < TO:
            height = STEP * sum(edge(x, y) < RIM for y in middles)
            for pieces in PIECES:
                found[pieces][block(x, pieces)] += STEP * height
    return found


def counts(folder):
    found, everywhere = collections.defaultdict(lambda: {p: [0] * p for p in PIECES}), collections.Counter()
    with open(f"{folder}/dots.csv", newline="") as file:
        for row in csv.DictReader(file):
            head = (row["filler"], row["nature"], row["head"])
            everywhere[head] += 1
            x = float(row["x"])
            if FROM <= x < TO and float(row["edge"]) < RIM:
                for pieces in PIECES:
                    found[head][pieces][block(x, pieces)] += 1
    return found, everywhere


def main():
    area, (found, everywhere) = areas(), counts(sys.argv[1])
    print("| units a block | filled by | blocks | off by, RMS | mean |\n|---|---|---|---|---|")
    for pieces in PIECES:
        for filler in ("nature", "stipple"):
            off = [
                count / (area[pieces][k] * everywhere[head] / SIDE**2) - 1
                for head in found if head[0] == filler
                for k, count in enumerate(found[head][pieces])
            ]
            rms = math.sqrt(sum(v * v for v in off) / len(off))
            size = sum(area[pieces]) / pieces
            print(f"| {size:.0f} | {filler} | {len(off)} | {100 * rms:.2f} % | {100 * sum(off) / len(off):+.2f} % |")


if __name__ == "__main__":
    main()
