"""The layers that are compared: Keras class, its arguments, the shapes of its inputs.

Names are unique. `inputs` are drawn from -1..1, or are the integers `0 .. bound - 1`
for an entry `("int", bound, shape)`.
"""

IMAGE = (2, 7, 6, 3)
SERIES = (2, 9, 3)
VOLUME = (1, 5, 6, 4, 2)


def shape_text(spec):
    return f"integers {list(spec[2])}" if spec[0] == "int" else str(list(spec))


def case(layer, shape, name="", training=False, inner=None, **config):
    inputs = shape if isinstance(shape, list) else [shape]
    arguments = ", ".join(f"{key}={value}" for key, value in config.items())
    if inner is not None:
        arguments = ", ".join(filter(None, [f"{inner['layer']}({inner['config']})", arguments]))
    label = f"{layer}({name or arguments}) of {' and '.join(map(shape_text, inputs))}"
    return {
        "name": label,
        "layer": layer,
        "config": config,
        "inner": inner,
        "inputs": inputs,
        "training": training,
    }


def convolutions():
    yield case("Conv1D", SERIES, filters=4, kernel_size=3)
    yield case("Conv1D", SERIES, filters=4, kernel_size=3, padding="same", strides=2)
    yield case("Conv1D", SERIES, filters=4, kernel_size=2, padding="causal", dilation_rate=2)
    yield case("Conv1D", SERIES, filters=4, kernel_size=4, strides=3, activation="relu")
    yield case("Conv1DTranspose", SERIES, filters=4, kernel_size=3, strides=2)
    yield case("Conv1DTranspose", SERIES, filters=4, kernel_size=2, strides=3)
    yield case("Conv1DTranspose", SERIES, filters=4, kernel_size=3, strides=2, padding="same")
    yield case("Conv2D", IMAGE, filters=4, kernel_size=3)
    yield case("Conv2D", IMAGE, filters=4, kernel_size=3, strides=2, padding="same")
    yield case("Conv2D", IMAGE, filters=4, kernel_size=[4, 2], strides=[2, 1], padding="same")
    yield case("Conv2D", IMAGE, filters=4, kernel_size=2, strides=3, padding="same")
    yield case("Conv2D", IMAGE, filters=4, kernel_size=3, dilation_rate=2)
    yield case("Conv2D", IMAGE, filters=4, kernel_size=3, padding="same", dilation_rate=2)
    yield case("Conv2D", IMAGE, filters=4, kernel_size=3, use_bias=False, activation="elu")
    yield case("Conv2DTranspose", IMAGE, filters=4, kernel_size=3)
    yield case("Conv2DTranspose", IMAGE, filters=4, kernel_size=3, strides=2)
    yield case("Conv2DTranspose", IMAGE, filters=4, kernel_size=3, strides=2, padding="same")
    yield case("Conv2DTranspose", IMAGE, filters=4, kernel_size=[2, 5], strides=[3, 2])
    yield case("Conv2DTranspose", IMAGE, filters=4, kernel_size=2, strides=3, padding="same")
    yield case("Conv2DTranspose", IMAGE, filters=4, kernel_size=2, strides=3)
    yield case("Conv3D", VOLUME, filters=3, kernel_size=2)
    yield case("Conv3D", VOLUME, filters=3, kernel_size=[3, 2, 2], strides=2, padding="same")
    yield case("Conv3DTranspose", VOLUME, filters=3, kernel_size=2)
    yield case("Conv3DTranspose", VOLUME, filters=3, kernel_size=3, strides=2, padding="same")
    yield case("DepthwiseConv2D", IMAGE, kernel_size=3)
    yield case("DepthwiseConv2D", IMAGE, kernel_size=3, depth_multiplier=2, padding="same")
    yield case("DepthwiseConv2D", IMAGE, kernel_size=3, strides=2, padding="same")
    yield case("DepthwiseConv2D", IMAGE, kernel_size=2, dilation_rate=2)
    yield case("SeparableConv2D", IMAGE, filters=4, kernel_size=3)
    yield case("SeparableConv2D", IMAGE, filters=4, kernel_size=3, strides=2, padding="same")
    yield case("SeparableConv2D", IMAGE, filters=4, kernel_size=2, depth_multiplier=2)


def pooling_and_shapes():
    for dimensions, shape in ((1, SERIES), (2, IMAGE), (3, VOLUME)):
        for kind in ("Max", "Average"):
            layer = f"{kind}Pooling{dimensions}D"
            yield case(layer, shape, pool_size=2)
            yield case(layer, shape, pool_size=3, strides=2, padding="same")
    for dimensions, shape in ((1, SERIES), (2, IMAGE)):
        yield case(f"GlobalMaxPooling{dimensions}D", shape)
        yield case(f"GlobalAveragePooling{dimensions}D", shape)
        yield case(f"GlobalAveragePooling{dimensions}D", shape, keepdims=True)
    yield case("MaxPooling2D", IMAGE, pool_size=2, strides=3)
    yield case("MaxPooling2D", IMAGE, pool_size=[3, 2], strides=[1, 2], padding="same")
    yield case("AveragePooling2D", IMAGE, pool_size=3, strides=1, padding="same")
    yield case("UpSampling2D", IMAGE, size=2)
    yield case("UpSampling2D", IMAGE, size=[3, 2])
    yield case("UpSampling2D", IMAGE, size=2, interpolation="bilinear")
    yield case("UpSampling2D", IMAGE, size=[2, 3], interpolation="bilinear")
    yield case("ZeroPadding2D", IMAGE, padding=1)
    yield case("ZeroPadding2D", IMAGE, padding=[[1, 2], [0, 3]])
    yield case("ZeroPadding2D", IMAGE, padding=[1, 2])
    yield case("Cropping2D", IMAGE, cropping=[[1, 2], [0, 1]])
    yield case("Flatten", IMAGE)
    yield case("Reshape", IMAGE, target_shape=[6, -1])
    yield case("Permute", IMAGE, dims=[3, 1, 2])
    yield case("RepeatVector", (2, 5), n=3)


def dense_and_embedding():
    yield case("Dense", (4, 5), units=3)
    yield case("Dense", (4, 5), units=3, use_bias=False, activation="tanh")
    yield case("Dense", (2, 3, 5), units=4, activation="relu")
    yield case("Dense", IMAGE, units=4, activation="elu")
    yield case("Embedding", ("int", 7, (3, 5)), input_dim=7, output_dim=4)


def normalisation():
    for training in (False, True):
        words = "training" if training else "inference"
        yield case("BatchNormalization", IMAGE, words, training=training)
        yield case("BatchNormalization", (6, 4), f"dense, {words}", training=training)
        yield case(
            "BatchNormalization",
            IMAGE,
            f"without scale and centre, {words}",
            training=training,
            scale=False,
            center=False,
            epsilon=1e-5,
            momentum=0.9,
        )
        yield case("BatchNormalization", IMAGE, f"axis=1, {words}", training=training, axis=1)
    yield case("LayerNormalization", (4, 6))
    yield case("LayerNormalization", IMAGE, axis=1)
    yield case("LayerNormalization", IMAGE, axis=[2, 3], scale=False)
    yield case("LayerNormalization", IMAGE)
    yield case("LayerNormalization", IMAGE, axis=[1, 2, 3])
    yield case("LayerNormalization", (4, 6), scale=False, center=False, epsilon=1e-5)


def activations():
    names = (
        "elu selu relu relu6 sigmoid hard_sigmoid tanh softplus softsign softmax "
        "log_softmax linear swish mish gelu exponential silu"
    )
    for name in names.split():
        yield case("Activation", (4, 6), activation=name)
    yield case("ELU", (4, 6))
    yield case("ELU", (4, 6), alpha=0.5)
    yield case("LeakyReLU", (4, 6))
    yield case("LeakyReLU", (4, 6), negative_slope=0.1)
    yield case("PReLU", (4, 6))
    yield case("PReLU", IMAGE, shared_axes=[1, 2])
    yield case("ReLU", (4, 6))
    yield case("ReLU", (4, 6), max_value=0.5)
    yield case("ReLU", (4, 6), negative_slope=0.1, threshold=0.2, max_value=0.7)
    yield case("Softmax", (4, 6))
    yield case("Softmax", IMAGE, axis=1)


def recurrent():
    for layer in ("SimpleRNN", "LSTM", "GRU"):
        yield case(layer, SERIES, units=4)
        yield case(layer, SERIES, units=4, return_sequences=True)
        yield case(layer, SERIES, units=4, go_backwards=True)
        yield case(layer, SERIES, units=4, use_bias=False)
    film = (2, 3, 5, 4, 2)
    yield case("ConvLSTM2D", film, filters=2, kernel_size=3)
    yield case("ConvLSTM2D", film, filters=2, kernel_size=2, padding="same", return_sequences=True)
    yield case("LSTM", SERIES, units=4, recurrent_activation="hard_sigmoid")
    yield case("GRU", SERIES, units=4, recurrent_activation="hard_sigmoid", reset_after=False)
    yield case("GRU", SERIES, units=4, reset_after=False)


def wrappers():
    for layer in ("LSTM", "GRU", "SimpleRNN"):
        inner = {"layer": layer, "config": {"units": 4, "return_sequences": True}}
        yield case("Bidirectional", SERIES, inner=inner, merge_mode="concat")
    last = {"layer": "GRU", "config": {"units": 4}}
    yield case("Bidirectional", SERIES, inner=last, merge_mode="sum")
    yield case("TimeDistributed", SERIES, inner={"layer": "Dense", "config": {"units": 4}})


def merging_and_dropout():
    for layer in ("Add", "Average", "Maximum", "Minimum", "Multiply", "Concatenate"):
        yield case(layer, [(3, 4), (3, 4)])
    yield case("Concatenate", [(2, 3, 4), (2, 5, 4)], axis=1)
    for layer in ("Dropout", "SpatialDropout1D", "GaussianDropout", "AlphaDropout"):
        yield case(layer, SERIES, rate=0.5)
    yield case("GaussianNoise", SERIES, stddev=0.5)


GROUPS = (
    convolutions,
    pooling_and_shapes,
    dense_and_embedding,
    normalisation,
    activations,
    recurrent,
    wrappers,
    merging_and_dropout,
)
CASES = [entry for group in GROUPS for entry in group()]
assert len({entry["name"] for entry in CASES}) == len(CASES)

# Layers whose default settings are compared, with what they cannot do without.
DEFAULTS = {
    "Dense": {"units": 2},
    "Conv1D": {"filters": 2, "kernel_size": 3},
    "Conv1DTranspose": {"filters": 2, "kernel_size": 3},
    "Conv2D": {"filters": 2, "kernel_size": 3},
    "Conv2DTranspose": {"filters": 2, "kernel_size": 3},
    "Conv3D": {"filters": 2, "kernel_size": 3},
    "Conv3DTranspose": {"filters": 2, "kernel_size": 3},
    "DepthwiseConv2D": {"kernel_size": 3},
    "SeparableConv2D": {"filters": 2, "kernel_size": 3},
    "Embedding": {"input_dim": 5, "output_dim": 2},
    "BatchNormalization": {},
    "LayerNormalization": {},
    "SimpleRNN": {"units": 2},
    "LSTM": {"units": 2},
    "ConvLSTM2D": {"filters": 2, "kernel_size": 3},
    "GRU": {"units": 2},
    "PReLU": {},
    "MaxPooling1D": {},
    "MaxPooling2D": {},
    "MaxPooling3D": {},
    "AveragePooling1D": {"pool_size": 2},
    "AveragePooling2D": {"pool_size": 2},
    "AveragePooling3D": {"pool_size": 2},
    "UpSampling2D": {},
    "ZeroPadding2D": {},
}
