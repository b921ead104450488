"""The two auto-encoders of "Structuring Deep Learning Models", on TensorFlow 2 and Keras 3.

The classes are the essay's. One thing had to be added: Keras 3 layers are no
longer `tf.Module`s, so that `tf.Module.trainable_variables` does not see them;
`variables_by_path` gathers them instead.
"""

import files  # noqa: F401  sets the environment before TensorFlow starts
import keras
import numpy as np
import tensorflow as tf

from philox import fold_in, uniform

tfl = keras.layers

SEED = 2019


class AutoEncoder(tf.Module):
    """First style: every layer is made in the constructor."""

    def __init__(self, code_size=64):
        super().__init__()
        self.enc1 = tfl.Conv2D(32, 4, 2)
        self.enc2 = tfl.Conv2D(64, 4, 2)
        self.enc3 = tfl.Conv2D(128, 4, 2)
        self.code = tfl.Dense(code_size)
        self.dec1 = tfl.Conv2DTranspose(128, 5, 2)
        self.dec2 = tfl.Conv2DTranspose(64, 5, 2)
        self.dec3 = tfl.Conv2DTranspose(1, 4, 2)

    def encode(self, image):
        hidden = tf.nn.elu(self.enc1(image))
        hidden = tf.nn.elu(self.enc2(hidden))
        hidden = tf.nn.elu(self.enc3(hidden))
        return self.code(tf.reshape(hidden, [hidden.shape[0], -1]))

    def decode(self, code):
        hidden = code[:, None, None, :]
        hidden = tf.nn.elu(self.dec1(hidden))
        hidden = tf.nn.elu(self.dec2(hidden))
        return self.dec3(hidden)


class LayerDict:
    """Layers made where they are first used, and shared by name."""

    def __init__(self):
        self.layers = {}

    def get(self, name, ctor, *args, **kwargs):
        if name not in self.layers:
            self.layers[name] = ctor(*args, **kwargs)
        return self.layers[name]


class LazyAutoEncoder(tf.Module, LayerDict):
    """Second style: each layer is mentioned once, where it is used."""

    def __init__(self, code_size=64):
        super().__init__()
        LayerDict.__init__(self)
        self.code_size = code_size

    def encode(self, image):
        hidden = self.get("enc1", tfl.Conv2D, 32, 4, 2)(image)
        hidden = tf.nn.elu(hidden)
        hidden = self.get("enc2", tfl.Conv2D, 64, 4, 2)(hidden)
        hidden = tf.nn.elu(hidden)
        hidden = self.get("enc3", tfl.Conv2D, 128, 4, 2)(hidden)
        hidden = tf.nn.elu(hidden)
        hidden = tf.reshape(hidden, [hidden.shape[0], -1])
        return self.get("code", tfl.Dense, self.code_size)(hidden)

    def decode(self, code):
        hidden = code[:, None, None, :]
        hidden = self.get("dec1", tfl.Conv2DTranspose, 128, 5, 2)(hidden)
        hidden = tf.nn.elu(hidden)
        hidden = self.get("dec2", tfl.Conv2DTranspose, 64, 5, 2)(hidden)
        hidden = tf.nn.elu(hidden)
        return self.get("dec3", tfl.Conv2DTranspose, 1, 4, 2)(hidden)


def variables_by_path(model) -> "dict[str, keras.Variable]":
    """`enc1/kernel` -> variable, sorted by path."""
    layers = getattr(model, "layers", None) or {
        name: value for name, value in vars(model).items() if isinstance(value, tfl.Layer)
    }
    found = {
        f"{name}/{variable.name}": variable
        for name, layer in layers.items()
        for variable in layer.variables
    }
    return dict(sorted(found.items()))


def initial_value(path: str, shape) -> np.ndarray:
    """The starting weights of both sides: Glorot's range for kernels, +-0.05 for biases."""
    limit = 0.05
    if len(shape) > 1:
        taps = int(np.prod(shape[:-2]))
        limit = float(np.sqrt(6 / (taps * (shape[-1] + shape[-2]))))
    return uniform(fold_in(SEED, path), shape, -limit, limit)


def start(model, image) -> "dict[str, keras.Variable]":
    """Builds the layers and gives them the starting weights."""
    model.decode(model.encode(image))
    variables = variables_by_path(model)
    for path, variable in variables.items():
        variable.assign(initial_value(path, variable.shape))
    return variables


def reconstruction_loss(model, image):
    return tf.reduce_mean(tf.square(image - model.decode(model.encode(image))))


def value_and_gradients(model, variables, image):
    with tf.GradientTape() as tape:
        loss = reconstruction_loss(model, image)
    sources = [variable.value for variable in variables.values()]
    return loss, tape.gradient(loss, sources)


def evaluate(style, dtype: str) -> "dict[str, np.ndarray]":
    """Everything that is compared of a model: code, image, loss, gradients."""
    keras.config.set_dtype_policy(dtype)
    model = style()
    image = tf.constant(files.mnist_images(8), dtype)
    variables = start(model, image)
    loss, gradients = value_and_gradients(model, variables, image)
    code = model.encode(image)
    results = {"code": code, "image": model.decode(code), "loss": loss}
    results |= {f"gradient/{path}": g for path, g in zip(variables, gradients, strict=True)}
    keras.config.set_dtype_policy("float32")
    return {name: np.asarray(value) for name, value in results.items()}


def relative_error(actual: np.ndarray, expected: np.ndarray) -> float:
    difference = np.linalg.norm(np.float64(actual) - np.float64(expected))
    return float(difference / np.linalg.norm(np.float64(expected)))


def main() -> None:
    eager, lazy = (evaluate(style, "float32") for style in (AutoEncoder, LazyAutoEncoder))
    assert eager.keys() == lazy.keys()
    for name, value in eager.items():
        assert np.array_equal(value, lazy[name]), f"the two styles differ in {name}"
    # The essay's own `model.trainable_variables` sees no layer of Keras 3.
    model = AutoEncoder()
    start(model, tf.constant(files.mnist_images(1)))
    assert not model.trainable_variables and not model.submodules
    exact = evaluate(AutoEncoder, "float64")
    errors = {name: relative_error(value, exact[name]) for name, value in eager.items()}
    files.write_tensors("essay", eager)
    # TensorFlow's own distance from its float64 results, so that ours can be put beside it.
    files.write_json("essay", {"seed": SEED, "tensorflowRounding": errors})


if __name__ == "__main__":
    main()
