"""Golden values of what the MoNA family minimises, by PyTorch (float64, autograd), POT and scikit-learn: writes transfer.json beside it."""

import numpy as np
import ot
import torch
from sklearn.linear_model import Ridge

from support import X, Y, exact, save

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(11)
halves = np.array([0, 0, 0, 1, 1, 1])
weights = np.full(6, 1 / 6)


def with_gradient(function, *arrays):
    """The value, and the gradient by the first array."""
    first = torch.tensor(np.asarray(arrays[0]), requires_grad=True)
    value = function(first, *(torch.tensor(np.asarray(other)) for other in arrays[1:]))
    value.backward()
    return {"value": value.item(), "gradient": first.grad.numpy()}


def mmd(a, b):
    """As ORCA's utils.py computes it."""
    both = torch.cat([a, b])
    distances = ((both[:, None] - both[None]) ** 2).sum(2)
    size = len(both)
    bandwidth = distances.detach().sum() / (size**2 - size) / 2**2
    kernels = sum(torch.exp(-distances / (bandwidth * 2**i)) for i in range(5))
    n = len(a)
    return (kernels[:n, :n] + kernels[n:, n:] - kernels[:n, n:] - kernels[n:, :n]).mean()


def root(matrix):
    values, vectors = torch.linalg.eigh(matrix)
    return vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T


def gaussian(a, b):
    s, t = torch.cov(a.T), torch.cov(b.T)
    half = root(t)
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + torch.trace(s) + torch.trace(t) - 2 * torch.trace(root(half @ s @ half))


def squares(a, b):
    return ((a[:, None] - b[None]) ** 2).sum(2)


def entropic(costs, epsilon):
    f, g = torch.zeros(len(costs)), torch.zeros(costs.shape[1])
    for _ in range(3000):
        f = -epsilon * (torch.logsumexp((g - costs) / epsilon, 1) - np.log(costs.shape[1]))
        g = -epsilon * (torch.logsumexp((f[:, None] - costs) / epsilon, 0) - np.log(len(costs)))
    return f.mean() + g.mean()


def divergence(epsilon, scale=1.0):
    def of(a, b):
        across, own, other = (entropic(scale * squares(p, q), epsilon) for p, q in ((a, b), (a, a), (b, b)))
        return across - (own + other) / 2

    return of


def dataset_distance(class_distance, epsilon, debiased=False):
    """Of one target class a to a source b in two classes."""

    def of(a, b):
        classes = torch.stack([class_distance(a, b[halves == k]) for k in (0, 1)])
        across = entropic(squares(b, a) + classes[halves][:, None], epsilon)
        if not debiased:
            return across
        between = torch.stack([torch.stack([class_distance(b[halves == j], b[halves == k]) for k in (0, 1)]) for j in (0, 1)])
        own = entropic(squares(b, b) + between[halves][:, halves], epsilon)
        return across - (entropic(squares(a, a), epsilon) + own) / 2

    return of


def gaussian_np(a, b):
    return gaussian(torch.tensor(a), torch.tensor(b)).item()


def spread(a, labels):
    unit = a / a.norm(dim=1, keepdim=True)
    pairs = [(i, j) for i in range(len(a)) for j in range(i)]
    distances = torch.stack([((unit[i] - unit[j]) ** 2).sum() for i, j in pairs])
    alike = torch.tensor([bool(labels[i] == labels[j]) for i, j in pairs])
    return distances[alike].mean() + torch.log(torch.exp(-2 * distances).mean())


classes = np.repeat(np.arange(3), 30)
centres = rng.standard_normal((3, 5))
fitted, tested = (exact(centres[classes] + 1.2 * rng.standard_normal((90, 5))) for _ in range(2))
penalty = 0.01 * len(fitted) * fitted.var(0).mean()
probe = Ridge(alpha=penalty).fit(fitted, np.eye(3)[classes])

labels = [[gaussian_np(a, b) for b in (Y[:3], Y[3:])] for a in (X[:3], X[3:])]
costs = squares(torch.tensor(X), torch.tensor(Y)).numpy() + np.array(labels)[np.ix_(halves, halves)]

save(
    __file__,
    {
        "a": X,
        "b": Y,
        "mmd": with_gradient(mmd, X, Y),
        "gaussian": with_gradient(gaussian, X, Y),
        "labelDistances": labels,
        "exactOtdd": ot.emd2(weights, weights, costs),
        "exactTransport": ot.emd2(weights, weights, squares(torch.tensor(X), torch.tensor(Y)).numpy()),
        "entropic": with_gradient(lambda a, b: entropic(squares(a, b), 2.0), X, Y),
        "halfSquares": with_gradient(divergence(0.1, 0.5), X, Y)["value"],
        "squares": with_gradient(divergence(0.1), X, Y)["value"],
        "otddOfClouds": with_gradient(dataset_distance(divergence(2.0), 2.0, True), X[:4], Y),
        "otddOfGaussians": with_gradient(dataset_distance(gaussian, 2.0, True), X[:4], Y),
        "spread": with_gradient(lambda a: spread(a, [0, 0, 1, 1, 2, 2]), X),
        "probe": {
            "fitted": fitted,
            "tested": tested,
            "labels": classes,
            "accuracy": np.mean(probe.predict(tested).argmax(1) == classes),
        },
    },
)
