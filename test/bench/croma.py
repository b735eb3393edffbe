"""Prints the mean milliseconds of a CROMA meta-iteration in PyTorch eager on one thread: the algorithm of croma.ts."""
import copy
import sys
import time

import torch
from torch import nn
from torch.nn.functional import cross_entropy, log_softmax, normalize

CLASSES, ITEMS, DIMENSIONS, WARM_UP = 20, 40, 128, 10
WAYS, META_SHOTS, INNER_STEPS, INNER_BATCH, ALIGNMENT_BATCH = 5, 10, 8, 10, 20
LEARNING_RATE, TEMPERATURE = 1e-3, 0.1


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.target = nn.Sequential(nn.Linear(DIMENSIONS, 128), nn.ReLU(), nn.Linear(128, 64), nn.Linear(64, 64))
        self.source = nn.Sequential(nn.Linear(DIMENSIONS, 128), nn.ReLU(), nn.Linear(128, 64))
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(64, WAYS))


class Reptile:
    """On one kind of task, of which one Adam carries what it knows from task to task."""

    def __init__(self, meta):
        self.meta, self.copied = meta, copy.deepcopy(meta)
        self.adam = torch.optim.Adam(self.copied.parameters(), lr=LEARNING_RATE, betas=(0.0, 0.999))

    def step(self, epsilon, loss):
        self.copied.load_state_dict(self.meta.state_dict())
        for _ in range(INNER_STEPS):
            self.adam.zero_grad()
            loss(self.copied).backward()
            self.adam.step()
        with torch.no_grad():
            for weight, learned in zip(self.meta.parameters(), self.copied.parameters()):
                weight.add_(learned - weight, alpha=epsilon)


def info_nce(a, b):
    logits = normalize(a, dim=1) @ normalize(b, dim=1).T / TEMPERATURE
    return -(log_softmax(logits, 1).diagonal().mean() + log_softmax(logits, 0).diagonal().mean()) / 2


def iterate(on_source, on_pairs, epsilon, source, target):
    """Features are [classes, items, dimensions]; the first half of the items aligns, the other classifies."""
    half = ITEMS // 2

    def task(first):
        classes = torch.randperm(CLASSES)[:WAYS].repeat_interleave(META_SHOTS)
        items = torch.cat([torch.randperm(half)[:META_SHOTS] for _ in range(WAYS)]) + first
        return classes, items

    labels = torch.arange(WAYS).repeat_interleave(META_SHOTS)
    classes, items = task(half)

    def classification(network):
        batch = torch.randperm(len(labels))[:INNER_BATCH]
        return cross_entropy(network.head(network.source(source[classes[batch], items[batch]])), labels[batch])

    on_source.step(epsilon, classification)
    classes, items = task(0)

    def alignment(network):
        batch = torch.randperm(len(labels))[:ALIGNMENT_BATCH]
        rows = classes[batch], items[batch]
        return info_nce(network.target(target[rows]), network.source(source[rows]))

    on_pairs.step(epsilon, alignment)


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    iterations = int(sys.argv[1])
    source, target = torch.randn(2, CLASSES, ITEMS, DIMENSIONS)
    meta = Network()
    kinds = Reptile(meta), Reptile(meta)
    for _ in range(WARM_UP):
        iterate(*kinds, 1, source, target)
    start = time.perf_counter()
    for i in range(iterations):
        iterate(*kinds, 1 - i / iterations, source, target)
    print(1000 * (time.perf_counter() - start) / iterations)


if __name__ == "__main__":
    main()
