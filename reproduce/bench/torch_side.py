"""Time a plain eager PyTorch loop over examples: `… ARCH METHOD REPEATS`."""

import json
import sys
import time

import numpy as np
import torch

from reproduce.data import load_digits
from reproduce.experiment.protocol import Protocol
from reproduce.original import INPUTS, kernel_shapes

UPDATES = 250
OPTIMIZERS = {
    "sgd": lambda p, h: torch.optim.SGD(p, h["learning_rate"]),
    "momentum": lambda p, h: torch.optim.SGD(p, h["learning_rate"], h["momentum"]),
    "nag": lambda p, h: torch.optim.SGD(
        p, h["learning_rate"], h["momentum"], nesterov=True
    ),
    "adagrad": lambda p, h: torch.optim.Adagrad(
        p, h["learning_rate"], eps=h["epsilon"]
    ),
    "rmsprop": lambda p, h: torch.optim.RMSprop(
        p, h["learning_rate"], h["rho"], h["epsilon"]
    ),
    "adam": lambda p, h: torch.optim.Adam(
        p, h["learning_rate"], (h["beta_1"], h["beta_2"]), h["epsilon"]
    ),
}


def make_model(architecture):
    layers = []
    for a, b in kernel_shapes(architecture):
        layers += [torch.nn.Linear(a, b), torch.nn.Sigmoid()]
    return torch.nn.Sequential(*layers[:-1])


def measure(architecture, method, repeats):
    """Seconds of one update, after one round of warming up."""
    torch.set_num_threads(1)
    split, model = load_digits().train, make_model(architecture)
    hyperparameters = Protocol().hyperparameters(method)
    optimizer = OPTIMIZERS[method](model.parameters(), hyperparameters)
    images = torch.tensor(split.images.reshape(-1, INPUTS) / np.float32(255))
    labels, times = torch.tensor(split.labels.astype(np.int64)), []
    for _ in range(repeats + 1):
        begun = time.perf_counter()
        for i in range(UPDATES):
            optimizer.zero_grad()
            outputs = model(images[i : i + 1])
            torch.nn.functional.cross_entropy(outputs, labels[i : i + 1]).backward()
            optimizer.step()
        times.append((time.perf_counter() - begun) / UPDATES)
    return {"torch": times[1:]}


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
