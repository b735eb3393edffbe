"""Golden values that every backend must compute, by PyTorch in float64: losses with gradients, and steps of optimisers."""

import torch
from torch.nn import functional as F

from support import X, Y, related, save

torch.set_default_dtype(torch.float64)

LABELS = torch.tensor([0, 0, 1, 1, 2, 2])
SAME = (LABELS[:, None] == LABELS[None]).double()
ONE_HOT = F.one_hot(LABELS).double()
MARGIN, TEMPERATURE = 0.5, 0.1
A, B = related(6, 4, 4, 2, seed=3)


def unit(rows):
    return rows / rows.norm(dim=1, keepdim=True)


def info_nce(positives):
    def loss(a, b):
        logits = unit(a) @ unit(b).T / TEMPERATURE
        rows = -(positives * F.log_softmax(logits, 1)).sum(1).mean()
        columns = -(positives * F.log_softmax(logits.T, 1)).sum(1).mean()
        return (rows + columns) / 2

    return loss


def pair_losses(a, b):
    others = ~torch.eye(6, dtype=bool)
    logits = (unit(a) @ unit(b).T / TEMPERATURE).masked_fill(~others, -torch.inf)
    matching = logits.masked_fill((SAME == 0), -torch.inf)
    return ((logits.logsumexp(1) - matching.logsumexp(1)) * torch.arange(1, 7)).sum()


def class_products(a, b):
    means = lambda rows: torch.stack([unit(rows)[LABELS == label].mean(0) for label in LABELS.unique()])
    return means(a) @ means(b).T


def hinge(a, b):
    products = class_products(a, b)
    return F.relu(MARGIN + products - products.diag()).sum() / len(LABELS)


def two_way_hinge(a, b):
    products = class_products(a, b)
    count = len(products)
    both = F.relu(MARGIN + products - products.diag()) + F.relu(MARGIN + products - products.diag()[:, None])
    return (both * (1 - torch.eye(count))).sum() / (count * (count - 1))


def prototypical(a, b):
    prototypes = torch.stack([a[LABELS == label].mean(0) for label in LABELS.unique()])
    return F.cross_entropy(-((b[:, None] - prototypes[None]) ** 2).sum(2), LABELS)


def with_gradient(loss):
    a, b = torch.tensor(A, requires_grad=True), torch.tensor(B)
    value = loss(a, b)
    value.backward()
    return {"value": value.item(), "gradient": a.grad.numpy().reshape(-1)}


def after_three_steps(optimise):
    """On ‖w·x − y‖²."""
    weights = torch.tensor(X[:, 0].copy(), requires_grad=True)
    optimiser = optimise([weights])
    for _ in range(3):
        optimiser.zero_grad()
        ((weights * torch.tensor(X[:, 1]) - torch.tensor(Y[:, 0])) ** 2).sum().backward()
        optimiser.step()
    return weights.detach().numpy()


save(
    __file__,
    {
        "a": A,
        "b": B,
        "labels": LABELS.tolist(),
        "losses": {
            "crossEntropy": with_gradient(lambda a, b: -(ONE_HOT * F.log_softmax(a[:, :3], 1)).sum(1).mean()),
            "infoNceByInstance": with_gradient(info_nce(torch.eye(6))),
            "infoNceByClass": with_gradient(info_nce(SAME / SAME.sum(1, keepdim=True))),
            "pairLosses": with_gradient(pair_losses),
            "hinge": with_gradient(hinge),
            "twoWayHinge": with_gradient(two_way_hinge),
            "cosineDistance": with_gradient(lambda a, b: 1 - (unit(a) * unit(b)).sum(1).mean()),
            "prototypical": with_gradient(prototypical),
        },
        "steps": {
            "weights": X[:, 0],
            "x": X[:, 1],
            "y": Y[:, 0],
            "adam": after_three_steps(lambda w: torch.optim.Adam(w, lr=0.1, betas=(0.9, 0.999), eps=1e-8)),
            "sgd": after_three_steps(lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9)),
        },
    },
)
