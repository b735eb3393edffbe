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
if len(sys.argv) > 3:
    torch.set_num_threads(int(sys.argv[3]))
torch.backends.cuda.matmul.allow_tf32 = False
BATCH, WIDTH, ROWS, TILE, NEAREST = 256, 512, 10_000, 1000, 10
LARGE_BATCH, TOKENS, TOKEN_WIDTH = 1024, 36, 108


def finish():
    if device == "cuda":
        torch.cuda.synchronize()


def timed(runs, work):
    """Median milliseconds; those before fill caches."""
    warm = time.perf_counter() + 3
    while True:
        work()
        finish()
        if time.perf_counter() >= warm:
            break
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
    return nn.Sequential(nn.Linear(WIDTH, 128), nn.ReLU(), nn.Linear(128, 64))


class Transformer(nn.Module):
    """The encoder of networks/encoders.ts: two blocks that normalise first, over tokens of width 64 with learnt positions."""

    def __init__(self):
        super().__init__()
        self.tokens = nn.Linear(TOKEN_WIDTH, 64)
        self.positions = nn.Parameter(torch.zeros(TOKENS, 64))
        layer = nn.TransformerEncoderLayer(64, 4, 128, dropout=0, batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm, self.output = nn.LayerNorm(64), nn.Linear(64, 64)

    def forward(self, items):
        return self.output(self.norm(self.blocks(self.tokens(items) + self.positions)).mean(1))


def contrastive_step(encoder, shape, steps):
    first, second = encoder().to(device), encoder().to(device)
    a, b = torch.randn(2, *shape, device=device)
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
    kinds = croma.Reptile(meta), croma.Reptile(meta)
    return timed(40, lambda: croma.iterate(*kinds, 0.5, source, target))


class Gelu(nn.Module):
    def forward(self, values):
        return values * torch.sigmoid(1.702 * values)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.LayerNorm(64), nn.Linear(64, 128), Gelu(), nn.Linear(128, 64))

    def forward(self, values):
        return values + self.inner(values)


def embedder():
    return nn.Sequential(nn.Linear(croma.DIMENSIONS, 64), nn.LayerNorm(64)).to(device)


def mona_step():
    """
    The step of knowledgeAlignment.ts: the gradients of the target's loss, of the source's spread after the simulated step
    of the encoder, and two more of the first to both sides of it.
    """
    encoder = nn.Sequential(Block(), Block(), nn.LayerNorm(64)).to(device)
    source_embedder, target_embedder, head = embedder(), embedder(), nn.Linear(64, 5).to(device)
    target, labels = torch.randn(25, croma.DIMENSIONS, device=device), torch.arange(5, device=device).repeat_interleave(5)
    source, classes = torch.randn(64, croma.DIMENSIONS, device=device), torch.arange(16, device=device).repeat_interleave(4)
    different = 1 - torch.eye(64, device=device)
    alike = (classes[:, None] == classes[None]) * different
    theta, rest = list(encoder.parameters()), [*target_embedder.parameters(), *head.parameters()]
    adam = torch.optim.Adam(rest, lr=1e-2)

    def inner():
        return cross_entropy(head(encoder(target_embedder(target))), labels)

    def outer():
        with torch.no_grad():
            entered = source_embedder(source)
        unit = normalize(encoder(entered), dim=1)
        distances = 2 - 2 * unit @ unit.T
        uniformity = ((-2 * distances).exp() * different).sum() / different.sum()
        return (distances * alike).sum() / alike.sum() + uniformity.log()

    def move(direction, by):
        with torch.no_grad():
            for weight, part in zip(theta, direction):
                weight.add_(part, alpha=by)

    def work():
        gradients = torch.autograd.grad(inner(), [*theta, *rest])
        by_theta, by_rest = gradients[: len(theta)], gradients[len(theta) :]
        move(by_theta, -0.1)
        along = torch.autograd.grad(outer(), theta)
        move(by_theta, 0.1)
        radius = 0.01 / float(torch.sqrt(sum((part**2).sum() for part in along)))
        moved = []
        for by in (radius, -2 * radius):
            move(along, by)
            moved.append(torch.autograd.grad(inner(), rest))
        move(along, radius)
        for weight, own, ahead, behind in zip(rest, by_rest, *moved):
            weight.grad = own - (ahead - behind) * (10 * 0.1 / (2 * radius))
        adam.step()

    return timed(40, work)


def similarity():
    rows = torch.randn(ROWS, WIDTH, device=device)

    def work():
        for start in range(0, ROWS, TILE):
            (rows[start : start + TILE] @ rows.T).topk(NEAREST).indices.cpu()

    return timed(1, work)


found = {}
found["contrastive step"] = contrastive_step(perceptron, (BATCH, WIDTH), 10)
shape = (LARGE_BATCH, TOKENS, TOKEN_WIDTH)
found["contrastive step of transformers"] = contrastive_step(Transformer, shape, 1)
found["CROMA meta-iteration"] = croma_iteration()
found["MoNA stage-1 step"] = mona_step()
found["similarity with top-k"] = similarity()
size = 256
while size <= largest:
    found[f"product of {size}"] = product(size)
    size *= 2
name = torch.cuda.get_device_name() if device == "cuda" else f"{torch.get_num_threads()} threads"
print(json.dumps({"device": name, "milliseconds": found}))
