"""What the scripts of golden values share: the six golden pairs, data that float32 holds exactly, and the JSON file."""

import json
import pathlib

import numpy as np

X = np.array([[1, 0, 2], [2, 1, 0], [0, 3, 1], [4, 1, 1], [1, 2, 5], [3, 3, 0]], float)
Y = np.array([[1, 1, 1], [2, 0, 1], [0, 2, 2], [3, 1, 0], [1, 4, 3], [2, 2, 1]], float)


def exact(values):
    """Multiples of 1/64, which float32 and JSON hold exactly."""
    return np.round(np.asarray(values) * 64) / 64


def related(rows, columns_a, columns_b, shared, seed):
    """Two matrices with some common directions, and columns of different scale."""
    rng = np.random.default_rng(seed)
    common = rng.standard_normal((rows, shared))
    a = common @ rng.standard_normal((shared, columns_a)) + rng.standard_normal((rows, columns_a))
    b = common @ rng.standard_normal((shared, columns_b)) + rng.standard_normal((rows, columns_b))
    return exact(a * np.linspace(0.5, 2, columns_a) + 1), exact(b * np.linspace(2, 0.5, columns_b) - 0.5)


def save(script, values):
    path = pathlib.Path(script).with_suffix(".json")
    path.write_text(json.dumps(values, default=lambda value: value.tolist()) + "\n")
