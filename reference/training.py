"""Trains the essay's auto-encoder for 200 steps on MNIST, with each optimizer.

Step `i` sees the training images `32 i .. 32 i + 31` in file order. The loss
before each update is stored, and at the end each variable's norm, the norm of
what it moved, and 64 of its elements.
"""

import files
import keras
import numpy as np
import tensorflow as tf

from essay import AutoEncoder, initial_value, start, value_and_gradients

BATCH = 32
OPTIMIZERS = {
    "adam": (200, keras.optimizers.Adam, {"learning_rate": 1e-3}),
    "sgd": (200, keras.optimizers.SGD, {"learning_rate": 0.5}),
    "momentum": (20, keras.optimizers.SGD, {"learning_rate": 0.05, "momentum": 0.9}),
    "nesterov": (
        20,
        keras.optimizers.SGD,
        {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True},
    ),
    "adamw": (20, keras.optimizers.AdamW, {"learning_rate": 1e-3, "weight_decay": 0.01}),
}


def train(images: np.ndarray, steps: int, optimizer, dtype: str):
    """The loss at each step, and the variables by path at the end."""
    keras.config.set_dtype_policy(dtype)
    model = AutoEncoder()
    variables = start(model, tf.constant(images[:BATCH], dtype))
    losses = []
    update = tf.function(lambda image: step(model, variables, optimizer, image))
    optimizer.build(list(variables.values()))
    for i in range(steps):
        image = tf.constant(images[i * BATCH : (i + 1) * BATCH], dtype)
        losses.append(float(update(image)))
    keras.config.set_dtype_policy("float32")
    return losses, {path: np.asarray(variable.value) for path, variable in variables.items()}


def step(model, variables, optimizer, image):
    loss, gradients = value_and_gradients(model, variables, image)
    optimizer.apply_gradients(zip(gradients, variables.values(), strict=True))
    return loss


def describe(value: np.ndarray, path: str) -> dict:
    """A short description of a variable's final value."""
    value = np.float64(value)
    flat = value.reshape(-1)
    moved = value - initial_value(path, value.shape)
    return {
        "norm": float(np.linalg.norm(value)),
        "moved": float(np.linalg.norm(moved)),
        "sample": [float(np.float32(x)) for x in flat[:: max(1, flat.size // 64)][:64]],
    }


def largest(ratios) -> float:
    return float(max(ratios))


def main() -> None:
    images = files.mnist_images(200 * BATCH)
    report = {}
    for name, (steps, optimizer, settings) in OPTIMIZERS.items():
        losses, end = train(images, steps, optimizer(**settings), "float32")
        report[name] = {
            "settings": settings,
            "losses": [float(np.float32(loss)) for loss in losses],
            "end": {path: describe(value, path) for path, value in end.items()},
        }
        if steps < 200:
            continue
        # How far TensorFlow itself strays when it rounds to float32.
        exact, exact_end = train(images, steps, optimizer(**settings), "float64")
        report[name]["tensorflowRounding"] = {
            "loss": largest(abs(a - b) / b for a, b in zip(losses, exact, strict=True)),
            "end": largest(
                np.linalg.norm(end[path] - exact_end[path]) / np.linalg.norm(exact_end[path])
                for path in end
            ),
        }
        print(name, report[name]["tensorflowRounding"], losses[0], losses[-1])
    files.write_json("training", report)


if __name__ == "__main__":
    main()
