"""What tf.Module says of a dozen module graphs: names, order and content.

A graph is written as JSON, so that the tests build the same one: a module is
`{"module": id, "attributes": [[name, value], ...]}` (in the order of
assignment), a variable `{"variable": name, "trainable": bool}`, and
`{"ref": id}` is an earlier module or variable again.
"""

import files
import tensorflow as tf


def v(name, trainable=True):
    return {"variable": name, "trainable": trainable}


def m(name, **attributes):
    return {"module": name, "attributes": [[key, value] for key, value in attributes.items()]}


def ref(name):
    return {"ref": name}


GRAPHS = {
    "own variables, not assigned in alphabetical order": m("top", w=v("w"), b=v("b"), a=v("a")),
    "own variables come before those of submodules": m(
        "top", a=m("sub", x=v("x")), z=v("z"), b=v("b")
    ),
    "three levels": m(
        "top",
        enc=m("enc", conv=m("conv", kernel=v("k1"), bias=v("b1")), scale=v("s")),
        dec=m("dec", conv=m("conv2", kernel=v("k2"), bias=v("b2"))),
    ),
    "a list of twelve": m("top", layers=[m(f"m{i}", w=v(f"w{i}")) for i in range(12)]),
    "a list of variables": m("top", weights=[v(f"w{i}") for i in range(12)], bias=v("b")),
    "a dictionary, not filled in alphabetical order": m(
        "top", parts={"second": v("s"), "first": v("f"), "10": v("ten"), "2": v("two")}
    ),
    "lists in dictionaries in lists": m(
        "top", tree=[{"b": [v("b0"), v("b1")], "a": v("a0")}, [v("c0"), m("deep", w=v("d0"))]]
    ),
    "a module used twice": m("top", first=m("shared", w=v("w")), second=ref("shared"), b=v("b")),
    "a variable used twice": m(
        "top", encoder=m("encoder", w=v("tied")), decoder=m("decoder", w=ref("tied"), b=v("b"))
    ),
    "a child that knows its parent": m("top", child=m("child", parent=ref("top"), w=v("w")), b=v("b")),
    "frozen and trainable": m(
        "top", a=v("a", False), b=v("b"), sub=m("sub", mean=v("mean", False), gamma=v("gamma"))
    ),
    "private attributes": m("top", _hidden=v("hidden"), w=v("w"), _sub=m("sub", _x=v("x"))),
    "capitals, digits and underscores": m(
        "top", b=v("b"), B=v("B"), _b=v("_b"), b10=v("b10"), b2=v("b2"), B1=v("B1"), b_=v("b_")
    ),
    "numbers and text are not variables": m("top", size=3, title="text", nothing=None, w=v("w")),
    "nothing at all": m("top"),
    "a chain of submodules": m(
        "top", c=m("c", d=m("d", e=m("e", w=v("w3"))), w=v("w1")), b=m("b", w=v("w2")), a=m("a")
    ),
}


def build(spec, made):
    """The Python object that a piece of a graph describes."""
    if isinstance(spec, list):
        return [build(entry, made) for entry in spec]
    if not isinstance(spec, dict):
        return spec
    if "ref" in spec:
        return made[spec["ref"]]
    if "variable" in spec:
        value = float(sum(spec["variable"].encode()))
        made[spec["variable"]] = tf.Variable(
            value, name=spec["variable"], trainable=spec["trainable"]
        )
        return made[spec["variable"]]
    if "module" in spec:
        module = made[spec["module"]] = tf.Module(name=spec["module"])
        for name, attribute in spec["attributes"]:
            setattr(module, name, build(attribute, made))
        return module
    return {key: build(value, made) for key, value in spec.items()}


def describe(variables) -> list:
    return [[variable.name.removesuffix(":0"), float(variable)] for variable in variables]


def first_paths(module) -> "dict[str, str]":
    """Variable name -> the first path under which TensorFlow meets it."""
    found = {}
    for path, variable in module._flatten(
        predicate=lambda value: isinstance(value, tf.Variable), with_path=True
    ):
        found.setdefault(variable.name.removesuffix(":0"), "/".join(map(str, path)))
    return found


def main() -> None:
    entries = []
    for title, graph in GRAPHS.items():
        module = build(graph, {})
        entries.append(
            {
                "title": title,
                "graph": graph,
                "variables": describe(module.variables),
                "trainableVariables": describe(module.trainable_variables),
                "nonTrainableVariables": describe(module.non_trainable_variables),
                "submodules": [submodule.name for submodule in module.submodules],
                "paths": first_paths(module),
            }
        )
    files.write_json("modules", entries)


if __name__ == "__main__":
    main()
