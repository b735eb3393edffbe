"""Golden values of the metrics of geometry, by NumPy and SciPy from their definitions: writes geometry.json beside it."""

import numpy as np
from scipy.spatial.distance import pdist, squareform

from support import X, Y, related, save


def centred(m):
    return m - m.mean(0)


def unit(m):
    return m / np.linalg.norm(m, axis=1, keepdims=True)


def canonical(a, b):
    qa, qb = np.linalg.qr(centred(a))[0], np.linalg.qr(centred(b))[0]
    u, rho, _ = np.linalg.svd(qa.T @ qb)
    return rho, qa @ u


def leading(m, share=0.99):
    u, s, _ = np.linalg.svd(centred(m), full_matrices=False)
    kept = int(np.searchsorted(np.cumsum(s**2) / np.sum(s**2), share) + 1)
    return u[:, :kept] * s[:kept]


def pwcca(a, b):
    rho, variates = canonical(a, b)
    alpha = np.abs(variates[:, : len(rho)].T @ centred(a)).sum(1)
    return (alpha * rho).sum() / alpha.sum()


def procrustes(a, b):
    a, b = centred(a), centred(b)
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    return 1 - np.linalg.norm(a.T @ b, "nuc")


def kernel(m):
    distances = pdist(m)
    return np.exp(-squareform(distances**2) / (2 * (0.5 * np.median(distances)) ** 2))


def hsic(k, l):
    """Song et al. 2012, equation 5."""
    n, one = len(k), np.ones(len(k))
    k, l = k - np.diag(np.diag(k)), l - np.diag(np.diag(l))
    total = (one @ k @ one) * (one @ l @ one) / ((n - 1) * (n - 2))
    return (np.trace(k @ l) + total - 2 / (n - 2) * (one @ k @ l @ one)) / (n * (n - 3))


def rbf_cka(a, b):
    k, l = kernel(a), kernel(b)
    h = np.eye(len(k)) - 1 / len(k)
    kc, lc = h @ k @ h, h @ l @ h
    norm = np.linalg.norm(kc) * np.linalg.norm(lc)
    rng = np.random.default_rng(0)
    orders = [rng.permutation(len(k)) for _ in range(20000)]
    return {
        "value": np.sum(kc * lc) / norm,
        "chanceOfManyShuffles": np.mean([np.sum(kc * lc[np.ix_(o, o)]) / norm for o in orders]),
        "debiased": hsic(k, l) / np.sqrt(hsic(k, k) * hsic(l, l)),
    }


def effective_rank(m):
    values = np.linalg.eigvalsh(np.cov(m.T))
    share = values[values > 1e-12] / values[values > 1e-12].sum()
    return np.exp(-np.sum(share * np.log(share)))


def measure(a, b):
    return {
        "a": a,
        "b": b,
        "cca": canonical(a, b)[0],
        "svcca": canonical(leading(a), leading(b))[0].mean(),
        "pwcca": [pwcca(a, b), pwcca(b, a)],
        "procrustes": procrustes(a, b),
        "rbfCka": rbf_cka(a, b),
        "uniformity": np.log(np.mean(np.exp(-2 * pdist(unit(a)) ** 2))),
        "effectiveRank": effective_rank(a),
    }


six = measure(X, Y)
six["align"] = np.mean(np.sum((unit(X) - unit(Y)) ** 2, axis=1))
six["alignOfAllPairings"] = np.mean([[np.sum((u - v) ** 2) for v in unit(Y)] for u in unit(X)])
save(__file__, {"six": six, "related": measure(*related(60, 5, 7, 3, 1))})
