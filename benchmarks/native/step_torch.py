"""A training step in PyTorch: `step_torch.py MODEL THREADS ROUNDS`.

Prints the figure of batch 32.
"""
import torch
from measure import arguments, dense_sizes, report
from torch import nn

name, threads, rounds = arguments()
torch.set_num_threads(threads)
torch.set_num_interop_threads(1)


def auto_encoder():
    return nn.Sequential(
        nn.Conv2d(1, 32, 4, 2),
        nn.ELU(),
        nn.Conv2d(32, 64, 4, 2),
        nn.ELU(),
        nn.Conv2d(64, 128, 4, 2),
        nn.ELU(),
        nn.Flatten(),
        nn.Linear(128, 64),
        nn.Unflatten(1, (64, 1, 1)),
        nn.ConvTranspose2d(64, 128, 5, 2),
        nn.ELU(),
        nn.ConvTranspose2d(128, 64, 5, 2),
        nn.ELU(),
        nn.ConvTranspose2d(64, 1, 4, 2),
    )


def dense(sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ELU()]
    return nn.Sequential(*layers[:-1])


if name == "auto-encoder":
    model, shape = auto_encoder(), [1, 28, 28]
else:
    sizes = dense_sizes(name)
    model, shape = dense(sizes), sizes[:1]

optimizer = torch.optim.Adam(model.parameters(), 1e-3)
image = torch.rand(32, *shape)


def step():
    optimizer.zero_grad()
    loss = torch.mean((model(image) - image) ** 2)
    loss.backward()
    optimizer.step()
    return loss.item()


report({f"torch-{threads}": step}, rounds)
