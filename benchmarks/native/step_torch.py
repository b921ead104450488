"""One training step of the auto-encoder in PyTorch: `step_torch.py THREADS`.

Prints {"variant", "ms"}, the median over 20 steps of batch 32.
"""
import json
import statistics
import sys
import time

import torch
from torch import nn

threads = int(sys.argv[1])
torch.set_num_threads(threads)
torch.set_num_interop_threads(1)

model = nn.Sequential(
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
optimizer = torch.optim.Adam(model.parameters(), 1e-3)
image = torch.rand(32, 1, 28, 28)


def step():
    optimizer.zero_grad()
    loss = torch.mean((model(image) - image) ** 2)
    loss.backward()
    optimizer.step()
    return loss.item()


for _ in range(5):
    step()
times = []
for _ in range(20):
    start = time.perf_counter()
    step()
    times.append((time.perf_counter() - start) * 1e3)
print(json.dumps({"variant": f"torch-{threads}", "ms": statistics.median(times)}))
