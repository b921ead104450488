"""The learning rates of PyTorch's one-cycle schedule for 100 steps."""

import files
import torch


def main():
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=100)
    rates = []
    for _ in range(100):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        if len(rates) < 100:
            schedule.step()
    files.write_json("one-cycle", {"oneCycle": rates})


if __name__ == "__main__":
    main()
