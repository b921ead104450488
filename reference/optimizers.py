"""Takes 100 steps with each Keras optimizer along gradients that both sides can make.

Gradient `i` of step `t` is `((7919 t + 104729 i) mod 2003 - 1001) / 1001`, so no
rounding differs. Also the learning rates of Keras's and PyTorch's schedules.
"""

import files
import keras
import numpy as np
import tensorflow as tf

STEPS = 100
SIZES = {"a/kernel": 6, "b/bias": 4}
KEPT = (1, 10, 100)
OPTIMIZERS = {
    "sgd": (keras.optimizers.SGD, {"learning_rate": 0.01}),
    "sgd momentum": (keras.optimizers.SGD, {"learning_rate": 0.01, "momentum": 0.9}),
    "sgd nesterov": (
        keras.optimizers.SGD,
        {"learning_rate": 0.01, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
    ),
    "adam": (keras.optimizers.Adam, {"learning_rate": 0.01}),
    "adam options": (
        keras.optimizers.Adam,
        {"learning_rate": 0.003, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3},
    ),
    "adam clip value": (keras.optimizers.Adam, {"learning_rate": 0.01, "clipvalue": 0.3}),
    "adam clip norm": (keras.optimizers.Adam, {"learning_rate": 0.01, "clipnorm": 0.9}),
    "adam clip global norm": (
        keras.optimizers.Adam,
        {"learning_rate": 0.01, "global_clipnorm": 1.5},
    ),
    "adamW": (keras.optimizers.AdamW, {"learning_rate": 0.01, "weight_decay": 0.1}),
    "rmsProp": (keras.optimizers.RMSprop, {"learning_rate": 0.01}),
    "rmsProp centered momentum": (
        keras.optimizers.RMSprop,
        {"learning_rate": 0.01, "rho": 0.8, "momentum": 0.5, "epsilon": 1e-2, "centered": True},
    ),
    "lion": (keras.optimizers.Lion, {"learning_rate": 0.01, "weight_decay": 0.1}),
}
SCHEDULES = {
    "cosine": keras.optimizers.schedules.CosineDecay(0.1, 60, alpha=0.1),
    "exponential": keras.optimizers.schedules.ExponentialDecay(0.1, 30, 0.5),
    "exponential staircase": keras.optimizers.schedules.ExponentialDecay(
        0.1, 30, 0.5, staircase=True
    ),
    "piecewise": keras.optimizers.schedules.PiecewiseConstantDecay([20, 50], [0.1, 0.05, 0.01]),
}


def fraction(t: int, i: int) -> float:
    return ((7919 * t + 104729 * i) % 2003 - 1001) / 1001


def values(t: int, offset: int, size: int) -> np.ndarray:
    return np.array([fraction(t, offset + i) for i in range(size)], np.float32)


def train(optimizer) -> dict:
    offsets = {"a/kernel": 0, "b/bias": 100}
    variables = {
        path: keras.Variable(values(0, offsets[path], size)) for path, size in SIZES.items()
    }
    kept = {}
    for t in range(1, STEPS + 1):
        gradients = [tf.constant(values(t, offsets[path], SIZES[path])) for path in variables]
        optimizer.apply(gradients, list(variables.values()))
        if t in KEPT:
            kept[str(t)] = {path: np.asarray(v.value).tolist() for path, v in variables.items()}
    return kept


def main():
    files.write_json(
        "optimizers",
        {
            "optimizers": {
                name: train(kind(**options)) for name, (kind, options) in OPTIMIZERS.items()
            },
            "schedules": {
                name: [float(schedule(step)) for step in range(STEPS)]
                for name, schedule in SCHEDULES.items()
            },
        },
    )


if __name__ == "__main__":
    main()
