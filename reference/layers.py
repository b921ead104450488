"""Runs every case of `layer_cases.py` in Keras: output, gradients, moving averages."""

import files
import keras
import numpy as np
import tensorflow as tf

from layer_cases import CASES, DEFAULTS
from philox import fold_in, uniform


def draw(case_name: str, purpose: str, shape) -> np.ndarray:
    low, high = (0.5, 1.5) if purpose == "moving_variance" else (-1, 1)
    return uniform(fold_in(0, case_name, purpose), shape, low, high)


def make_input(case_name: str, index: int, spec):
    """One input, and what the JSON says of it."""
    if spec[0] == "int":
        _, bound, shape = spec
        flat = np.arange(int(np.prod(shape))) * 5 % bound
        return flat.reshape(shape).astype(np.int32), {"shape": shape, "bound": bound}
    return draw(case_name, f"input {index}", spec), {"shape": spec}


def make_layer(case) -> keras.layers.Layer:
    make = getattr(keras.layers, case["layer"])
    inner = case["inner"]
    if inner is None:
        return make(**case["config"])
    return make(getattr(keras.layers, inner["layer"])(**inner["config"]), **case["config"])


def weight_names(case, layer) -> "dict[int, str]":
    """The names of a layer's weights; those of wrapped layers are numbered, as they repeat."""
    number = (lambda i: f"{i} ") if case["inner"] else (lambda i: "")
    return {id(w): f"{number(i)}{w.name}" for i, w in enumerate(layer.weights)}


def run(case) -> "tuple[dict, dict[str, np.ndarray]]":
    """The JSON entry and the tensors of one case."""
    name, training = case["name"], case["training"]
    layer = make_layer(case)
    made = [make_input(name, i, spec) for i, spec in enumerate(case["inputs"])]
    inputs = [tf.constant(value) for value, _ in made]
    argument = inputs if len(inputs) > 1 else inputs[0]
    layer(argument)
    names = weight_names(case, layer)
    floats = [w for w in layer.weights if w.dtype == "float32"]
    weights = [(w, draw(name, names[id(w)], w.shape)) for w in floats]
    for weight, value in weights:
        weight.assign(value)
    sources = [x for x in inputs if x.dtype.is_floating]
    with tf.GradientTape() as tape:
        for source in sources:
            tape.watch(source)
        output = layer(argument, training=training)
        cotangent = draw(name, "cotangent", output.shape)
        loss = tf.reduce_sum(output * cotangent)
    trainable = [w for w in layer.trainable_weights]
    gradients = tape.gradient(loss, sources + [w.value for w in trainable])
    results = {"output": output}
    for i, gradient in enumerate(gradients):
        key = f"input {i}" if i < len(sources) else names[id(trainable[i - len(sources)])]
        results[f"gradient {key}"] = tf.convert_to_tensor(gradient)
    if training:
        for weight in layer.non_trainable_weights:
            if weight.dtype == "float32":
                results[f"after {weight.name}"] = weight.value
    entry = {
        **case,
        "inputs": [description for _, description in made],
        "weights": [{"name": names[id(w)], "shape": list(w.shape)} for w, _ in weights],
    }
    tensors = {f"{name}/{key}": np.asarray(value) for key, value in results.items()}
    return entry, tensors


def default_config(name: str, arguments) -> dict:
    """A layer's settings; initialisers by name."""
    config = getattr(keras.layers, name)(**arguments).get_config()
    kept = {
        key: value["class_name"] if key.endswith("_initializer") else value
        for key, value in config.items()
        if key not in ("name", "dtype", "trainable")
    }
    return {key: value for key, value in kept.items() if value is not None}


def main() -> None:
    entries, tensors = [], {}
    for case in CASES:
        entry, results = run(case)
        entries.append(entry)
        tensors |= results
    files.write_json("layers", entries)
    files.write_json(
        "layer-defaults",
        {name: {"arguments": a, "config": default_config(name, a)} for name, a in DEFAULTS.items()},
    )
    files.write_tensors("layers", tensors)


if __name__ == "__main__":
    main()
