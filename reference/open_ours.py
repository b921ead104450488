"""Opens in Python what this project wrote, and checks that it is the same model.

The functions between the lines are the snippets of the documentation.
"""

import files
import keras
import numpy as np
import torch
from safetensors.numpy import load_file
from safetensors.torch import load_file as load_torch_file

import weights_pytorch
from small import LAYERS, SmallAutoEncoder, set_weights, small_image, small_weights

OURS = files.FOLDER / "ours"


# region safetensors
def load_safetensors(model: keras.Model, path: str) -> None:
    """Loads weights by path into a built Keras model whose attributes have the same names."""
    weights = load_file(path)
    for name, layer in vars(model).items():
        if isinstance(layer, keras.layers.Layer) and layer.weights:
            depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
            for variable in layer.weights:
                prefix = "depthwise_" if depthwise and variable.name == "kernel" else ""
                variable.assign(weights[f"{name}/{prefix}{variable.name}"])


# endregion


ENCODER_SHAPES = {
    "enc1/kernel": [4, 4, 1, 4],
    "enc1/bias": [4],
    "code/kernel": [100, 6],
    "code/bias": [6],
}


class Encoder(keras.Model):
    """A model class with layers as attributes."""

    def __init__(self):
        super().__init__()
        self.enc1 = keras.layers.Conv2D(4, 4, 2, activation="elu")
        self.flat = keras.layers.Flatten()
        self.code = keras.layers.Dense(6)

    def call(self, image):
        return self.code(self.flat(self.enc1(image)))


def built() -> SmallAutoEncoder:
    model = SmallAutoEncoder()
    model(small_image())
    return model


def check(name: str, actual, expected) -> None:
    error = np.abs(np.asarray(actual) - np.asarray(expected)).max()
    assert error < 1e-5, f"{name}: {error}"
    print(f"{name}: opens, and computes the same to {error:.1e}")


def main() -> None:
    image = small_image()
    expected = built()
    set_weights({name: getattr(expected, name) for name in LAYERS}, small_weights(seed=1))
    output = expected(image)

    by_path = built()
    load_safetensors(by_path, OURS / "small.safetensors")
    check("safetensors in Keras", by_path(image), output)

    by_file = built()
    by_file.load_weights(OURS / "small.weights.h5")
    check(".weights.h5 in Keras", by_file(image), output)

    encoder = Encoder()
    encoder(image)
    encoder.load_weights(OURS / "encoder.weights.h5")
    for path, value in small_weights(seed=1, shapes=ENCODER_SHAPES).items():
        layer, name = path.split("/")
        check(f"{path} of a .weights.h5 made without Keras", getattr(getattr(encoder, layer), name), value)

    whole = keras.saving.load_model(OURS / "small.keras")
    check(".keras in Keras", whole(image), output)

    model = weights_pytorch.SmallAutoEncoder().eval()
    model.load_state_dict(load_torch_file(OURS / "small-pytorch.safetensors"))
    with torch.no_grad():
        ours = model.decode(model.encode(torch.from_numpy(image).permute(0, 3, 1, 2)))
    check("safetensors in PyTorch", ours.permute(0, 2, 3, 1), output)


if __name__ == "__main__":
    main()
