"""CIEDE2000 of a pair of pictures by scikit-image: FOLDER.

Reads one.f32 and two.f32 (L*, a*, b* of each pixel), writes scikit.f32, prints CPU seconds.
"""

import sys
import time
from pathlib import Path

import numpy as np
from skimage.color import deltaE_ciede2000

folder = Path(sys.argv[1])
one, two = (np.fromfile(folder / name, np.float32).reshape(-1, 3) for name in ("one.f32", "two.f32"))
start = time.process_time()
differences = deltaE_ciede2000(one, two)
print(time.process_time() - start)
differences.astype(np.float32).tofile(folder / "scikit.f32")
