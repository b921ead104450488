"""Writes the small auto-encoder, and recurrent layers, as PyTorch state dicts."""

import files
import numpy as np
import torch
from safetensors.numpy import load_file
from safetensors.torch import save_file
from torch import nn

from philox import fold_in, uniform
from small import small_image, small_weights


class SmallAutoEncoder(nn.Module):
    """As in `small.py`; images are `[n, 1, 12, 12]` here."""

    def __init__(self):
        super().__init__()
        self.enc1 = nn.Conv2d(1, 4, 4, 2)
        self.norm = nn.BatchNorm2d(4, eps=1e-3)
        self.mix = nn.Conv2d(4, 8, 3, padding=1, groups=4)
        self.code = nn.Linear(200, 6)
        self.dec1 = nn.ConvTranspose2d(6, 8, 5, 2)
        self.dec2 = nn.ConvTranspose2d(8, 1, 4, 2)

    def encode(self, image):
        hidden = nn.functional.elu(self.enc1(image))
        hidden = self.mix(self.norm(hidden))
        return self.code(hidden.flatten(1))

    def decode(self, code):
        hidden = nn.functional.elu(self.dec1(code[:, :, None, None]))
        return self.dec2(hidden)


def to_pytorch(weights) -> "dict[str, torch.Tensor]":
    """The same weights in PyTorch's names and layouts."""
    w = weights
    dense = w["code/kernel"].reshape(5, 5, 8, 6).transpose(3, 2, 0, 1).reshape(6, 200)
    mix = w["mix/depthwise_kernel"].reshape(3, 3, 8).transpose(2, 0, 1)[:, None]
    arrays = {
        "enc1.weight": w["enc1/kernel"].transpose(3, 2, 0, 1),
        "enc1.bias": w["enc1/bias"],
        "norm.weight": w["norm/gamma"],
        "norm.bias": w["norm/beta"],
        "norm.running_mean": w["norm/moving_mean"],
        "norm.running_var": w["norm/moving_variance"],
        "mix.weight": mix,
        "mix.bias": w["mix/bias"],
        "code.weight": dense,
        "code.bias": w["code/bias"],
        "dec1.weight": w["dec1/kernel"].transpose(3, 2, 0, 1),
        "dec1.bias": w["dec1/bias"],
        "dec2.weight": w["dec2/kernel"].transpose(3, 2, 0, 1),
        "dec2.bias": w["dec2/bias"],
    }
    state = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in arrays.items()}
    return state | {"norm.num_batches_tracked": torch.tensor(7)}


def check_against_keras(code: torch.Tensor, image: torch.Tensor) -> None:
    keras = load_file(files.DATA / "small.safetensors")
    np.testing.assert_allclose(code.numpy(), keras["code"], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(image.permute(0, 2, 3, 1).numpy(), keras["image"], rtol=1e-4, atol=1e-5)


def recurrent(name: str, layer: nn.Module) -> "dict[str, torch.Tensor]":
    """The state dict of a recurrent layer with drawn weights, and its outputs `[2, 9, 4]`."""
    tensors = {}
    for key, parameter in layer.named_parameters():
        value = uniform(fold_in(0, name, key), list(parameter.shape), -1, 1)
        parameter.data.copy_(torch.from_numpy(value))
        tensors[f"{name}.{key}"] = parameter.data.clone()
    series = torch.from_numpy(uniform(fold_in(0, "series"), [2, 9, 3], -1, 1))
    tensors[f"{name} output"] = layer(series)[0].contiguous()
    return tensors


@torch.no_grad()
def main() -> None:
    model = SmallAutoEncoder().eval()
    model.load_state_dict(to_pytorch(small_weights()))
    image = torch.from_numpy(small_image()).permute(0, 3, 1, 2)
    code = model.encode(image)
    check_against_keras(code, model.decode(code))
    save_file(model.state_dict(), files.DATA / "small-pytorch.safetensors")

    layers = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
    tensors = {}
    for name, layer in layers.items():
        tensors |= recurrent(name, layer(3, 4, batch_first=True))
    save_file(tensors, files.DATA / "recurrent-pytorch.safetensors")


if __name__ == "__main__":
    main()
