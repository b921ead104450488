"""A training step in TensorFlow 2: `step_tensorflow.py MODEL THREADS ROUNDS`.

Prints the figures of batch 32 under tf.function, and of the same step eagerly.
"""
import os

from measure import arguments, dense_sizes, report

name, threads, rounds = arguments()
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import tensorflow as tf  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(1)

layers = tf.keras.layers


class Model(tf.Module):
    """Layers one after the other."""

    def __init__(self, *stack):
        super().__init__()
        self.layers = stack

    def __call__(self, hidden):
        for layer in self.layers:
            hidden = layer(hidden)
        return hidden

    def weights(self):
        return [weight for layer in self.layers for weight in layer.weights]


def auto_encoder():
    return Model(
        *[layers.Conv2D(filters, 4, 2, activation="elu") for filters in (32, 64, 128)],
        layers.Flatten(),
        layers.Dense(64),
        layers.Reshape([1, 1, 64]),
        layers.Conv2DTranspose(128, 5, 2, activation="elu"),
        layers.Conv2DTranspose(64, 5, 2, activation="elu"),
        layers.Conv2DTranspose(1, 4, 2),
    )


def dense(widths):
    hidden = [layers.Dense(width, activation="elu") for width in widths[:-1]]
    return Model(*hidden, layers.Dense(widths[-1]))


if name == "auto-encoder":
    model, shape = auto_encoder(), [28, 28, 1]
else:
    pixels, *widths = dense_sizes(name)
    model, shape = dense(widths), [pixels]

optimizer = tf.keras.optimizers.Adam(1e-3)
image = tf.random.uniform([32, *shape])
model(image)
weights = model.weights()
optimizer.build(weights)


def step(image):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(image) - image))
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


compiled = tf.function(step)
report(
    {
        f"tensorflow-{threads}": lambda: compiled(image).numpy(),
        f"tensorflow-eager-{threads}": lambda: step(image).numpy(),
    },
    rounds,
)
