"""Compares the committed reference files with ones just made: `make.py --check`."""

import json
import pathlib
import sys

import ml_dtypes  # noqa: F401  has the bfloat16 that safetensors asks NumPy for
import numpy as np
from safetensors.numpy import load_file

import files

# Other processors round sums in another order; 200 steps of training add that up.
TOLERANCE = 1e-4


def flatten(value, path=""):
    """`(path, leaf)` for everything in a JSON value."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from flatten(entry, f"{path}/{key}")
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from flatten(entry, f"{path}/{index}")
    else:
        yield path, value


def differences(old: pathlib.Path, new: pathlib.Path):
    """The largest relative error of a file; texts and shapes must be equal."""
    if old.suffix == ".safetensors":
        a, b = load_file(old), load_file(new)
    elif old.suffix == ".json":
        a, b = (dict(flatten(json.loads(path.read_text()))) for path in (old, new))
        # TensorFlow's own rounding errors are no results.
        a, b = ({k: v for k, v in c.items() if "Rounding" not in k} for c in (a, b))
    else:
        return
    assert a.keys() == b.keys(), f"{old.name}: other names"
    for name, value in a.items():
        if isinstance(value, (str, bool, type(None))):
            assert value == b[name], f"{old.name}: {name}"
            continue
        x, y = np.float64(value), np.float64(b[name])
        assert x.shape == y.shape, f"{old.name}: {name}"
        same = np.array_equal(x, y, equal_nan=True)
        yield name, 0.0 if same else np.linalg.norm(x - y) / max(np.linalg.norm(x), 1e-4)


def main() -> None:
    committed, failed = pathlib.Path(sys.argv[1]), False
    names = {path.name for folder in (committed, files.DATA) for path in folder.iterdir()}
    for name in sorted(names):
        worst = max(differences(committed / name, files.DATA / name), key=lambda d: d[1], default=None)
        if worst is not None:
            failed |= bool(worst[1] > TOLERANCE)
            print(f"{name}: largest relative difference {worst[1]:.1e}, in {worst[0]}")
    sys.exit("The committed files are not what the scripts make." if failed else 0)


if __name__ == "__main__":
    main()
