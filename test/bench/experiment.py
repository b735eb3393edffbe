"""The experiment of experiment.mjs in PyTorch eager: experiment.py FOLDER TASKS METHOD…

Cell after cell, with all of torch's threads; prints the accuracy of each method, so that it shows what it timed.
"""
import copy
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy, log_softmax, normalize

WAYS, SHOTS, SEEDS, QUERIES = 5, (1, 5, 10), (0, 1, 2), 10
ITERATIONS, META_SHOTS, INNER_STEPS, INNER_BATCH, ALIGNMENT_BATCH = 400, 10, 8, 10, 20
ADAPTATION_STEPS, VALIDATION_TASKS, VALIDATE_EVERY, HELD_OUT = 40, 20, 100, 0.15
LEARNING_RATE, TEMPERATURE = 1e-3, 0.1


class Network(nn.Module):
    def __init__(self, source, target):
        super().__init__()
        self.target = nn.Sequential(nn.Linear(target, 128), nn.ReLU(), nn.Linear(128, 64), nn.Linear(64, 64))
        self.source = nn.Sequential(nn.Linear(source, 128), nn.ReLU(), nn.Linear(128, 64))
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(64, WAYS))


def inner_adam(network):
    return torch.optim.Adam(network.parameters(), lr=LEARNING_RATE, betas=(0.0, 0.999))


def train(network, adam, steps, loss):
    for _ in range(steps):
        adam.zero_grad()
        loss(network).backward()
        adam.step()


class Reptile:
    """On one kind of task, of which one Adam carries what it knows from task to task."""

    def __init__(self, meta):
        self.meta, self.copied = meta, copy.deepcopy(meta)
        self.adam = inner_adam(self.copied)

    def step(self, epsilon, loss):
        self.copied.load_state_dict(self.meta.state_dict())
        train(self.copied, self.adam, INNER_STEPS, loss)
        with torch.no_grad():
            for weight, learned in zip(self.meta.parameters(), self.copied.parameters()):
                weight.add_(learned - weight, alpha=epsilon)


def info_nce(a, b, labels):
    logits = normalize(a, dim=1) @ normalize(b, dim=1).T / TEMPERATURE
    same = (labels[:, None] == labels[None]).float()
    positives = same / same.sum(1, keepdim=True)
    return -((positives * log_softmax(logits, 1)).sum(1) + (positives * log_softmax(logits.T, 1)).sum(1)).mean() / 2


class Cell:
    """One method with one seed."""

    def __init__(self, source, target, pairs, method, seed):
        self.method, self.random = method, np.random.RandomState(seed)
        torch.manual_seed(seed)
        rows = {c: self.random.permutation(np.flatnonzero(pairs[:, 2] == c)) for c in np.unique(pairs[:, 2])}
        classes = self.random.permutation(list(rows))
        held = round(HELD_OUT * len(classes))
        self.test, self.validation, self.training = np.split(classes, [held, 2 * held])
        self.rows, self.pairs = rows, pairs
        seen = np.concatenate([rows[c] for c in self.training])
        scaled = lambda x, own: torch.tensor((x - x[own].mean(0)) / np.sqrt(((x[own] - x[own].mean(0)) ** 2).mean()))
        self.source, self.target = scaled(source, pairs[seen, 0]), scaled(target, pairs[seen, 1])
        self.meta = Network(source.shape[1], target.shape[1])
        self.on_labels, self.on_pairs = Reptile(self.meta), Reptile(self.meta)

    def draw(self, half):
        chosen = self.random.choice(self.training, WAYS, replace=False)
        parts = [np.array_split(self.rows[c], 2)[half] for c in chosen]
        drawn = [self.random.permutation(part)[:META_SHOTS] for part in parts]
        labels = np.repeat(np.arange(WAYS), [len(own) for own in drawn])
        return self.pairs[np.concatenate(drawn)], torch.tensor(labels)

    def learn(self):
        plain = torch.optim.Adam(self.meta.parameters(), lr=LEARNING_RATE)
        best = 0, self.meta
        for step in range(ITERATIONS if self.method != "scratch" else 0):
            epsilon = 1 - step / ITERATIONS
            self.classify(epsilon)
            if self.method in ("croma", "align-classify"):
                self.align(epsilon, plain)
            if (step + 1) % VALIDATE_EVERY == 0:
                found = self.evaluate(self.meta, self.validation, VALIDATION_TASKS, max(SHOTS))
                if found > best[0]:
                    best = found, copy.deepcopy(self.meta)
        return best[1]

    def classify(self, epsilon):
        pairs, labels = self.draw(1)
        oracle = self.method == "oracle"
        x = self.target[pairs[:, 1]] if oracle else self.source[pairs[:, 0]]

        def loss(network):
            batch = torch.randperm(len(labels))[:INNER_BATCH]
            encode = network.target if oracle else network.source
            return cross_entropy(network.head(encode(x[batch])), labels[batch])

        self.on_labels.step(epsilon, loss)

    def align(self, epsilon, plain):
        pairs, labels = self.draw(0)
        target, source = self.target[pairs[:, 1]], self.source[pairs[:, 0]]

        def loss(network):
            batch = torch.randperm(len(labels))[:ALIGNMENT_BATCH]
            return info_nce(network.target(target[batch]), network.source(source[batch]), labels[batch])

        if self.method == "croma":
            self.on_pairs.step(epsilon, loss)
            return
        for _ in range(INNER_STEPS):
            plain.zero_grad()
            loss(self.meta).backward()
            plain.step()

    def evaluate(self, network, classes, tasks, shots):
        right = []
        for _ in range(tasks):
            chosen = self.random.choice(classes, WAYS, replace=False)
            rows = [self.pairs[self.random.permutation(self.rows[c]), 1] for c in chosen]
            support = self.target[np.stack([own[:shots] for own in rows], 1).ravel()]
            labels = torch.arange(WAYS).repeat(shots)
            queries = self.target[np.concatenate([own[shots : shots + QUERIES] for own in rows])]
            asked = torch.arange(WAYS).repeat_interleave(len(queries) // WAYS)
            adapted, start = copy.deepcopy(network), 0

            def loss(copied):
                nonlocal start
                batch = torch.arange(start, start + min(INNER_BATCH, len(labels))) % len(labels)
                start += len(batch)
                return cross_entropy(copied.head(copied.target(support[batch])), labels[batch])

            train(adapted, inner_adam(adapted), ADAPTATION_STEPS, loss)
            with torch.no_grad():
                right.append((adapted.head(adapted.target(queries)).argmax(1) == asked).float().mean().item())
        return np.mean(right)


def main():
    folder, tasks, methods = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    pairs = np.array(json.loads((folder / "pairs.json").read_text()))
    source, target = (
        np.fromfile(folder / f"{side}.f32", np.float32).reshape(pairs[:, at].max() + 1, -1)
        for at, side in enumerate(("source", "target"))
    )
    for method in methods:
        found = []
        for seed in SEEDS:
            cell = Cell(source, target, pairs, method, seed)
            network = cell.learn()
            found.append([cell.evaluate(network, cell.test, tasks, shots) for shots in SHOTS])
        print(method, *np.round(100 * np.mean(found, 0), 1))


if __name__ == "__main__":
    main()
