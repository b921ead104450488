"""The left side of docs/from-tensorflow.md, where it is more than the essay's classes; runs as it is."""

import tempfile

import files
import keras
import numpy as np
import tensorflow as tf

from essay import AutoEncoder, variables_by_path


def list_variables(model):
    for path, variable in variables_by_path(model).items():
        print(path, tuple(variable.shape))


def value_and_gradients(model, image):
    variables = variables_by_path(model)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(image - model.decode(model.encode(image))))
    gradients = tape.gradient(loss, [v.value for v in variables.values()])
    return loss, dict(zip(variables, gradients))


class Reconstructor(AutoEncoder):
    @tf.function
    def reconstruct(self, image):
        return self.decode(self.encode(image))


def train(model, data, steps):
    optimizer = keras.optimizers.Adam(1e-3)
    for image in data.take(steps):
        loss, gradients = value_and_gradients(model, image)
        variables = variables_by_path(model)
        optimizer.apply_gradients((gradients[path], variables[path]) for path in gradients)
        print(float(loss))


def save_and_restore(model, folder):
    variables = {path: v.value for path, v in variables_by_path(model).items()}
    checkpoint = tf.train.Checkpoint(**variables)
    manager = tf.train.CheckpointManager(checkpoint, folder, max_to_keep=3)
    manager.save()
    checkpoint.restore(manager.latest_checkpoint).assert_consumed()


def main():
    model = Reconstructor()
    images = files.mnist_images(96)
    model.decode(model.encode(images[:1]))
    list_variables(model)
    data = tf.data.Dataset.from_tensor_slices(images).shuffle(1000).batch(32)
    train(model, data, steps=3)
    before = np.asarray(model.reconstruct(images[:2]))
    with tempfile.TemporaryDirectory() as folder:
        save_and_restore(model, folder)
    assert np.array_equal(before, model.reconstruct(images[:2]))


if __name__ == "__main__":
    main()
