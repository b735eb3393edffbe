"""Golden values of the metrics of labels, by SciPy, scikit-learn and POT: writes labels.json beside it."""

import numpy as np
import ot
from scipy.linalg import sqrtm
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

from support import X, Y, exact, save


def label_distance(a, b):
    s, t = np.cov(a.T), np.cov(b.T)
    root = np.real(sqrtm(s))
    return np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(s + t - 2 * np.real(sqrtm(root @ t @ root)))


def otdd(a, labels_a, b, labels_b):
    classes_a, classes_b = np.unique(labels_a), np.unique(labels_b)
    between = np.array([[label_distance(a[labels_a == i], b[labels_b == j]) for j in classes_b] for i in classes_a])
    costs = cdist(a, b, "sqeuclidean") + between[np.ix_(np.searchsorted(classes_a, labels_a), np.searchsorted(classes_b, labels_b))]
    return {"labelDistances": between, "exact": ot.emd2(np.full(len(a), 1 / len(a)), np.full(len(b), 1 / len(b)), costs)}


def entropic(costs, epsilon):
    n, m = costs.shape
    f, g = np.zeros(n), np.zeros(m)
    for _ in range(20000):
        f = -epsilon * (logsumexp((g - costs) / epsilon, axis=1) - np.log(m))
        g = -epsilon * (logsumexp((f[:, None] - costs) / epsilon, axis=0) - np.log(n))
    return f.mean() + g.mean()


def divergence(a, b, epsilon, scale):
    across, own, other = (scale * cdist(p, q, "sqeuclidean") for p, q in ((a, b), (a, a), (b, b)))
    return entropic(across, epsilon) - (entropic(own, epsilon) + entropic(other, epsilon)) / 2


def discrepancy(p, labels):
    rewards = np.array([p[labels == t].sum(0) for t in np.unique(labels)]) / len(labels)
    rows, columns = linear_sum_assignment(-rewards)
    return {"value": 1 - rewards[rows, columns].sum(), "matching": columns}


def shuffled_discrepancy(p, labels):
    shuffles = np.random.default_rng(0)
    return np.mean([discrepancy(p, shuffles.permutation(labels))["value"] for _ in range(5000)])


rng = np.random.default_rng(4)
source_labels = rng.integers(0, 4, 120)
target_labels = rng.integers(0, 3, 40)
centres = rng.standard_normal((4, 5))
source = exact(centres[source_labels] + 0.8 * rng.standard_normal((120, 5)))
target = exact(centres[[2, 0, 3]][target_labels] + 0.8 * rng.standard_normal((40, 5)))

penalty = source.var(0).mean()
model = LogisticRegression(C=1 / penalty, tol=1e-12, max_iter=10000).fit(source, source_labels)
probabilities = model.predict_proba(target)

halves = np.array([0, 0, 0, 1, 1, 1])
save(
    __file__,
    {
        "six": {"a": X, "b": Y, "labels": halves, "otdd": otdd(X, halves, Y, halves)},
        "sinkhorn": {"halfSquares": divergence(X, Y, 0.1, 0.5), "squares": divergence(X, Y, 0.1, 1)},
        "made": {
            "source": source,
            "sourceLabels": source_labels,
            "target": target,
            "targetLabels": target_labels,
            "probabilities": probabilities,
            "discrepancy": discrepancy(probabilities, target_labels),
            "shuffledDiscrepancy": shuffled_discrepancy(probabilities, target_labels),
            "otdd": otdd(source[:40], source_labels[:40], target, target_labels),
            "entropicOfAll": entropic(cdist(source, target, "sqeuclidean"), 1.0),
        },
    },
)
