"""Files that Python's safetensors library wrote, to be read by ours."""

import files
import numpy as np
import torch
from safetensors.torch import save_file


def main() -> None:
    tensors = {
        "float32": torch.tensor([[1.5, -2.25, 3e38], [0.0, -0.0, 1e-45]]),
        "int32": torch.tensor([-(2**31), 0, 2**31 - 1], dtype=torch.int32),
        "bool": torch.tensor([True, False, True]),
        "float16": torch.tensor([1.5, -65504.0, 6e-8, float("inf")], dtype=torch.float16),
        "bfloat16": torch.tensor([1.5, -3.0, 1e38], dtype=torch.bfloat16),
        "float64": torch.tensor([0.1, -1e300], dtype=torch.float64),
        "int64": torch.tensor([[-5, 7]]),
        "int16": torch.tensor([-300, 300], dtype=torch.int16),
        "uint8": torch.tensor([0, 255], dtype=torch.uint8),
        "int8": torch.tensor([-128, 127], dtype=torch.int8),
        "scalar": torch.tensor(3.25),
        "empty": torch.zeros(0, 3),
        "ümlaut/名前 🎈": torch.from_numpy(np.arange(4, dtype=np.float32)),
    }
    metadata = {"format": "pt", "note": 'quotes " and \\ and ü'}
    save_file(tensors, files.DATA / "all-dtypes.safetensors", metadata=metadata)


if __name__ == "__main__":
    main()
