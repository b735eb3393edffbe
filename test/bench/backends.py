"""Prints JSON: milliseconds of the work of backends.ts in PyTorch eager, on the device that is named."""
import json
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn.functional import cross_entropy, log_softmax, normalize

import croma

device, largest = sys.argv[1], int(sys.argv[2])
torch.manual_seed(0)
torch.backends.cuda.matmul.allow_tf32 = False
BATCH, WIDTH, ROWS, TILE, NEAREST = 256, 512, 10_000, 1000, 10


def finish():
    if device == "cuda":
        torch.cuda.synchronize()


def timed(runs, work):
    for _ in range(3):
        work()
    taken = []
    for _ in range(runs):
        finish()
        begun = time.perf_counter()
        work()
        finish()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken)


def product(size):
    a, b = torch.randn(2, size, size, device=device)
    return timed(3 if size > 1024 else 15, lambda: a @ b)


def perceptron():
    return nn.Sequential(nn.Linear(WIDTH, 128), nn.ReLU(), nn.Linear(128, 64)).to(device)


def contrastive_step():
    steps = 10
    first, second = perceptron(), perceptron()
    a, b = torch.randn(2, BATCH, WIDTH, device=device)
    adam = torch.optim.Adam([*first.parameters(), *second.parameters()], lr=1e-3)

    def work():
        for _ in range(steps):
            adam.zero_grad()
            croma.info_nce(first(a), second(b)).backward()
            adam.step()

    return timed(7, work) / steps


def croma_iteration():
    source, target = torch.randn(2, croma.CLASSES, croma.ITEMS, croma.DIMENSIONS, device=device)
    meta = croma.Network().to(device)
    return timed(40, lambda: croma.iterate(meta, 0.5, source, target))


def mona_step():
    """
    The step of the embedder of knowledgeAlignment.ts: the gradients of the target's loss, of the source's spread after the
    simulated step of the encoder, and the difference of two more of the first.
    """
    encoder = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64)).to(device)
    embedder, head = nn.Linear(128, 64).to(device), nn.Linear(64, 5).to(device)
    target, labels = torch.randn(25, 128, device=device), torch.arange(5, device=device).repeat_interleave(5)
    source = torch.randn(64, 64, device=device)
    same = torch.eye(16, device=device).repeat_interleave(4, 0).repeat_interleave(4, 1) - torch.eye(64, device=device)
    theta, rest = list(encoder.parameters()), [*embedder.parameters(), *head.parameters()]
    adam = torch.optim.Adam(rest, lr=1e-2)
    inner = lambda: cross_entropy(head(encoder(embedder(target))), labels)

    def move(direction, by):
        with torch.no_grad():
            for weight, part in zip(theta, direction):
                weight.add_(part, alpha=by)

    def outer():
        z = normalize(encoder(source), dim=1)
        logits = z @ z.T / 0.1 - 1e9 * torch.eye(64, device=device)
        return -(same * log_softmax(logits, 1)).sum() / same.sum()

    def work():
        gradients = torch.autograd.grad(inner(), [*theta, *rest])
        by_theta, by_rest = gradients[: len(theta)], gradients[len(theta) :]
        move(by_theta, -0.1)
        by_source = torch.autograd.grad(outer(), theta)
        move(by_theta, 0.1)
        moved = []
        for by in (0.01, -0.02):
            move(by_source, by)
            moved.append(torch.autograd.grad(inner(), rest))
        move(by_source, 0.01)
        for weight, own, ahead, behind in zip(rest, by_rest, *moved):
            weight.grad = own - (ahead - behind) * (10 * 0.1 / 0.02)
        adam.step()

    return timed(40, work)


def similarity():
    rows = torch.randn(ROWS, WIDTH, device=device)

    def work():
        for start in range(0, ROWS, TILE):
            (rows[start : start + TILE] @ rows.T).topk(NEAREST).indices.cpu()

    return timed(1, work)


found = {}
size = 256
while size <= largest:
    found[f"product of {size}"] = product(size)
    size *= 2
found["contrastive step"] = contrastive_step()
found["CROMA meta-iteration"] = croma_iteration()
found["MoNA stage-1 step"] = mona_step()
found["similarity with top-k"] = similarity()
name = torch.cuda.get_device_name() if device == "cuda" else f"{torch.get_num_threads()} threads"
print(json.dumps({"device": name, "milliseconds": found}))
