"""One small auto-encoder, written once for Keras and once for PyTorch, with the same weights."""

import files  # noqa: F401  sets the environment before TensorFlow starts
import keras
import numpy as np

from philox import fold_in, uniform

tfl = keras.layers

# path -> shape, in Keras's layout; what stands behind each path is the same on all sides.
SHAPES = {
    "enc1/kernel": [4, 4, 1, 4],
    "enc1/bias": [4],
    "norm/gamma": [4],
    "norm/beta": [4],
    "norm/moving_mean": [4],
    "norm/moving_variance": [4],
    "mix/depthwise_kernel": [3, 3, 4, 2],
    "mix/bias": [8],
    "code/kernel": [200, 6],
    "code/bias": [6],
    "dec1/kernel": [5, 5, 8, 6],
    "dec1/bias": [8],
    "dec2/kernel": [4, 4, 1, 8],
    "dec2/bias": [1],
}


def small_weights(seed=0, shapes=SHAPES) -> "dict[str, np.ndarray]":
    """The weights by path; the variance is positive, the rest lies in -0.5..0.5."""
    return {
        path: uniform(
            fold_in(seed, path), shape, *((0.5, 1.5) if "variance" in path else (-0.5, 0.5))
        )
        for path, shape in shapes.items()
    }


def small_image() -> np.ndarray:
    """The image that both encode, `[2, 12, 12, 1]`."""
    return uniform(fold_in(0, "image"), [2, 12, 12, 1], 0, 1)


LAYERS = ("enc1", "norm", "mix", "code", "dec1", "dec2")


class SmallAutoEncoder(keras.Model):
    """`[n, 12, 12, 1]` to a code of 6 numbers and back."""

    def __init__(self):
        super().__init__()
        self.enc1 = tfl.Conv2D(4, 4, 2, activation="elu")
        self.norm = tfl.BatchNormalization()
        self.mix = tfl.DepthwiseConv2D(3, padding="same", depth_multiplier=2)
        self.flat = tfl.Flatten()
        self.code = tfl.Dense(6)
        self.dec1 = tfl.Conv2DTranspose(8, 5, 2, activation="elu")
        self.dec2 = tfl.Conv2DTranspose(1, 4, 2)

    def encode(self, image):
        hidden = self.mix(self.norm(self.enc1(image)))
        return self.code(self.flat(hidden))

    def decode(self, code):
        return self.dec2(self.dec1(code[:, None, None, :]))

    def call(self, image):
        return self.decode(self.encode(image))


def small_sequential() -> keras.Sequential:
    """The same layers in the same order, as `.keras` files mostly have them."""
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            tfl.Conv2D(4, 4, 2, activation="elu", name="enc1"),
            tfl.BatchNormalization(name="norm"),
            tfl.DepthwiseConv2D(3, padding="same", depth_multiplier=2, name="mix"),
            tfl.Flatten(),
            tfl.Dense(6, name="code"),
            tfl.Reshape([1, 1, 6]),
            tfl.Conv2DTranspose(8, 5, 2, activation="elu", name="dec1"),
            tfl.Conv2DTranspose(1, 4, 2, name="dec2"),
        ]
    )


def set_weights(layers, weights) -> None:
    """Gives built Keras layers, by their paths, the weights in Keras's own order."""
    for name, layer in layers.items():
        layer.set_weights([w for path, w in weights.items() if path.startswith(f"{name}/")])
