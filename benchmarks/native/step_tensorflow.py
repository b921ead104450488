"""One training step of the auto-encoder in TensorFlow 2: `step_tensorflow.py THREADS`.

Prints {"variant", "ms"}, the median over 20 steps of batch 32 under tf.function.
"""
import json
import os
import statistics
import sys
import time

threads = int(sys.argv[1])
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import tensorflow as tf  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(1)


class AutoEncoder(tf.Module):
    def __init__(self):
        super().__init__()
        layers = tf.keras.layers
        self.encoder = [
            layers.Conv2D(filters, 4, 2, activation="elu") for filters in (32, 64, 128)
        ]
        self.code = layers.Dense(64)
        self.decoder = [
            layers.Conv2DTranspose(128, 5, 2, activation="elu"),
            layers.Conv2DTranspose(64, 5, 2, activation="elu"),
            layers.Conv2DTranspose(1, 4, 2),
        ]

    def __call__(self, image):
        hidden = image
        for layer in self.encoder:
            hidden = layer(hidden)
        hidden = self.code(tf.reshape(hidden, [image.shape[0], 128]))
        hidden = hidden[:, None, None, :]
        for layer in self.decoder:
            hidden = layer(hidden)
        return hidden

    def weights(self):
        return [v for layer in [*self.encoder, self.code, *self.decoder] for v in layer.weights]


model = AutoEncoder()
optimizer = tf.keras.optimizers.Adam(1e-3)
image = tf.random.uniform([32, 28, 28, 1])
model(image)
weights = model.weights()
optimizer.build(weights)


@tf.function
def step(image):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(image) - image))
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


for _ in range(5):
    step(image).numpy()
times = []
for _ in range(20):
    start = time.perf_counter()
    step(image).numpy()
    times.append((time.perf_counter() - start) * 1e3)
print(json.dumps({"variant": f"tensorflow-{threads}", "ms": statistics.median(times)}))
