"""PyTorch: a plain eager loop over examples."""

import time

import numpy as np
import torch

from reproduce.data import load_digits
from reproduce.experiment.protocol import Protocol
from reproduce.original import INPUTS, kernel_shapes

from .side import serve

UPDATES = 200
TORCH_OPTIMIZERS = {
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


def prepare(cell):
    """Seconds of an update."""
    torch.set_num_threads(1)
    split, model = load_digits().train, make_model(cell.architecture)
    hyperparameters = Protocol().hyperparameters(cell.method)
    optimizer = TORCH_OPTIMIZERS[cell.method](model.parameters(), hyperparameters)
    images = split.images[:UPDATES].reshape(-1, INPUTS) / np.float32(255)
    images, labels = torch.tensor(images), split.labels[:UPDATES]
    labels = torch.tensor(labels.astype(np.int64))

    def measure():
        begun = time.perf_counter()
        for i in range(UPDATES):
            optimizer.zero_grad()
            outputs = model(images[i : i + 1])
            torch.nn.functional.cross_entropy(outputs, labels[i : i + 1]).backward()
            optimizer.step()
        return {"torch": (time.perf_counter() - begun) / UPDATES}

    return measure


if __name__ == "__main__":
    serve(prepare)
