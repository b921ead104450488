"""Writes the small auto-encoder as Keras and TensorFlow save it, and what it computes."""

import pathlib
import tempfile

import files
import keras
import numpy as np
import tensorflow as tf
from safetensors.numpy import save_file

from philox import fold_in, uniform
from small import LAYERS, SmallAutoEncoder, set_weights, small_image, small_sequential, small_weights, tfl


def export_checkpoint(checkpoint: str, target) -> None:
    """A TensorFlow 2 checkpoint as one safetensors file: the snippet of the documentation."""
    reader = tf.train.load_checkpoint(checkpoint)
    names = reader.get_variable_to_dtype_map()
    tensors = {name: reader.get_tensor(name) for name in sorted(names)}
    arrays = {n: np.asarray(t) for n, t in tensors.items() if not isinstance(t, bytes)}
    save_file(arrays, target)


def write_checkpoint(model) -> None:
    """A checkpoint as in training: the model, its optimizer and a counter."""
    optimizer = keras.optimizers.Adam()
    optimizer.build(model.trainable_variables)
    step = tf.Variable(7, dtype=tf.int64)
    checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer, step=step)
    with tempfile.TemporaryDirectory() as folder:
        path = checkpoint.save(pathlib.Path(folder, "ckpt"))
        export_checkpoint(path, files.DATA / "small-checkpoint.safetensors")


def write_nested() -> None:
    """A model in a model, wrapped layers and an optimizer's slots, as Keras stores them."""
    encoder = keras.Sequential(
        [
            keras.Input((9, 3)),
            tfl.Bidirectional(tfl.GRU(4, return_sequences=True), name="both"),
            tfl.Dropout(0.5),
            tfl.LSTM(2, name="last"),
        ],
        name="encoder",
    )
    model = keras.Sequential([keras.Input((9, 3)), encoder, tfl.Dense(5, name="head")])
    for index, weight in enumerate(model.weights):
        weight.assign(uniform(fold_in(0, "nested", index), weight.shape, -1, 1))
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    model.save(files.DATA / "nested.keras")
    series = uniform(fold_in(0, "series"), [2, 9, 3], -1, 1)
    files.write_tensors("nested", {"output": np.asarray(model(series))})


def main() -> None:
    weights, image = small_weights(), small_image()
    model = SmallAutoEncoder()
    model(image)
    set_weights({name: getattr(model, name) for name in LAYERS}, weights)
    files.write_tensors(
        "small", {"code": np.asarray(model.encode(image)), "image": np.asarray(model(image))}
    )
    model.save_weights(files.DATA / "small.weights.h5")

    sequential = small_sequential()
    set_weights({name: sequential.get_layer(name) for name in LAYERS}, weights)
    assert np.array_equal(sequential(image), model(image))
    sequential.save(files.DATA / "small.keras")
    # The format of Keras 2.
    sequential.save(files.DATA / "small.h5")
    write_checkpoint(model)
    write_nested()


if __name__ == "__main__":
    main()
