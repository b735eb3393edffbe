"""Golden values of the metrics of single pairs and items, by SciPy and scikit-learn: writes pairs.json beside it."""

import numpy as np
from scipy import stats
from sklearn.metrics import average_precision_score
from sklearn.mixture import GaussianMixture

from support import exact, save

rng = np.random.default_rng(7)
wrong = rng.random(400) < 0.15
losses = exact(np.where(wrong, rng.normal(0.6, 0.3, 400), rng.normal(-0.3, 0.12, 400)) * 8) / 8
unrelated = exact(rng.normal(0.6, 0.3, 300) * 8) / 8


def mixture(values):
    column = values[:, None]
    best = max(
        (GaussianMixture(2, means_init=[[-0.3], [start]], tol=1e-10, max_iter=5000, reg_covar=1e-12).fit(column) for start in (0, 0.5, 1)),
        key=lambda fit: fit.score(column),
    )
    alone = GaussianMixture(1, reg_covar=1e-12).fit(column)
    order = np.argsort(best.means_.ravel())
    return {
        "means": best.means_.ravel()[order],
        "variances": best.covariances_.ravel()[order],
        "weights": best.weights_[order],
        "evidence": alone.bic(column) - best.bic(column),
    }


def against_unrelated(values, others):
    u = (np.searchsorted(np.sort(others), values, side="left") + 0.5) / (len(others) + 1)
    share = np.mean(u > 0.5) / 0.5
    x, counts = np.unique(u, return_counts=True)
    x, f = np.concatenate([[0], x]), np.concatenate([[0], np.cumsum(counts) / len(u)])
    slopes = [
        min(max((f[b] - f[a]) / (x[b] - x[a]) for b in range(i, len(x))) for a in range(i))
        for i in range(1, len(x))
    ]
    return np.minimum(1, share / np.array(slopes))[np.searchsorted(x, u) - 1]


neighbours = np.array([rng.choice(30, 4, replace=False, p=np.arange(1, 31) / 465) for _ in range(50)])
counts = np.bincount(neighbours.ravel(), minlength=30)
law = stats.binom(50, 4 / 30)
maximum = sum(1 - law.cdf(m) ** 30 for m in range(50))

values = exact(rng.exponential(1, 60))
resampled = rng.choice(values, (200000, 60))

save(
    __file__,
    {
        "losses": losses,
        "wrong": wrong,
        "unrelated": unrelated,
        "mixture": mixture(losses),
        "againstUnrelated": against_unrelated(losses, unrelated),
        "averagePrecision": average_precision_score(wrong, losses + 1e-9 * np.arange(400)),
        "hubness": {
            "neighbours": neighbours,
            "skewness": stats.skew(counts),
            "antihubs": np.mean(counts == 0),
            "largest": int(counts.max()),
            "chance": {"skewness": law.stats("s"), "antihubs": law.pmf(0), "largestHub": maximum},
        },
        "bootstrap": {
            "values": values,
            "mean": np.quantile(resampled.mean(1), [0.025, 0.975]),
            "median": np.quantile(np.median(resampled, 1), [0.025, 0.975]),
        },
    },
)
