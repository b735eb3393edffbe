"""Golden values of the statistics of reports, by SciPy: writes statistics.json beside it."""

import numpy as np
from scipy import stats

from support import exact, save

FREEDOMS = [1, 2, 4, 9, 30, 199, 5999]
TS = [0.0, 0.3, 1.0, 2.5, 6.0, 40.0]

rng = np.random.default_rng(7)
samples = [exact(rng.standard_normal(n) * 0.1 + shift) for n, shift in [(2, 0.3), (5, 0.1), (40, -0.05), (300, 0.01)]]
p_values = [0.01, 0.04, 0.03, 0.005, 0.5, 0.03]


def holm(values):
    """Written out from the definition: false_discovery_control has no Holm."""
    adjusted = {}
    for rank, (p, index) in enumerate(sorted((p, i) for i, p in enumerate(values))):
        adjusted[index] = max([min(1, (len(values) - rank) * p), *adjusted.values()])
    return [adjusted[i] for i in range(len(values))]


save(
    __file__,
    {
        "t975": [[v, stats.t.ppf(0.975, v)] for v in FREEDOMS],
        "twoSided": [[t, v, 2 * stats.t.sf(t, v)] for v in FREEDOMS for t in TS],
        "samples": [
            {
                "values": values,
                "p": stats.ttest_rel(values, np.zeros(len(values))).pvalue,
                "interval": stats.sem(values) * stats.t.ppf(0.975, len(values) - 1),
            }
            for values in samples
        ],
        "holm": {"p": p_values, "adjusted": holm(p_values)},
    },
)
