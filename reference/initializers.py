"""Keras's initialisers: what they are defined to give, and what they give.

`limit` is that of a uniform distribution, `stddev` that of the values, `bound`
the largest value a truncated normal distribution can give; the sample's
figures are of a million or more values.
"""

import files
import keras
import numpy as np

# What each layer's kernel looks like, as Keras lays it out.
SHAPES = {
    "dense": [150, 80],
    "conv2d": [4, 4, 16, 32],
    "conv2dTranspose": [5, 5, 16, 32],
    "conv2dTranspose to one channel": [4, 4, 1, 64],
    "conv1d": [3, 32, 64],
    "conv3d": [3, 3, 3, 8, 16],
}
NAMES = (
    "glorot_uniform glorot_normal he_uniform he_normal lecun_uniform lecun_normal "
    "random_uniform random_normal truncated_normal zeros ones"
).split()


def describe(name: str, kind: str, shape) -> dict:
    """The distribution of many draws of one initialiser."""
    initializer = keras.initializers.get(name)
    repeats = -(-1_000_000 // int(np.prod(shape)))
    draws = []
    for seed in range(repeats):
        if hasattr(initializer, "seed"):
            initializer = type(initializer)(seed=seed)
        draws.append(np.asarray(initializer(shape), np.float64).reshape(-1))
    values = np.concatenate(draws)
    return {
        "initializer": name,
        "kind": kind,
        "shape": shape,
        "mean": float(values.mean()),
        "variance": float(values.var()),
        "bound": float(np.abs(values).max()),
    }


def main() -> None:
    files.write_json(
        "initializers",
        [describe(name, kind, shape) for name in NAMES for kind, shape in SHAPES.items()],
    )


if __name__ == "__main__":
    main()
