"""The metrics of an alignment in NumPy and faiss, two threads, on the vectors of two raw float32 files."""

import json
import os
import sys
import time

os.environ['OPENBLAS_NUM_THREADS'] = os.environ['OMP_NUM_THREADS'] = '2'
import faiss
import numpy as np

faiss.omp_set_num_threads(2)
rows, columns = int(sys.argv[3]), int(sys.argv[4])
a, b = (np.fromfile(path, dtype=np.float32).reshape(rows, columns) for path in sys.argv[1:3])
FOLDS, NEIGHBOURS, BLOCK = 5, 10, 1000
STRENGTHS = [0.001, 0.01, 0.1, 1, 10, 100]
fold = np.arange(rows) % FOLDS


def unit(matrix):
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def products(x, y):
    means = x.mean(0), y.mean(0)
    x, y = x - means[0], y - means[1]
    return means, x.T @ x, x.T @ y


def solve(gram, cross, strength):
    regular = gram + np.float32(strength * np.trace(gram) / columns) * np.eye(columns, dtype=np.float32)
    return np.linalg.solve(regular, cross)


def retrieval():
    recalls = []
    for x, y in ((a, b), (b, a)):
        found = 0
        for held in range(FOLDS):
            validation, kept = fold == (held + 1) % FOLDS, fold != held
            (mean_x, mean_y), gram, cross = products(x[kept & ~validation], y[kept & ~validation])
            inputs, outputs = x[validation] - mean_x, y[validation] - mean_y
            errors = [np.square(outputs - inputs @ solve(gram, cross, strength)).sum() for strength in STRENGTHS]
            (mean_x, mean_y), gram, cross = products(x[kept], y[kept])
            weights = solve(gram, cross, STRENGTHS[int(np.argmin(errors))])
            scores = unit((x[fold == held] - mean_x) @ weights) @ unit(y[fold == held] - mean_y).T
            ranks = 1 + (scores > np.diag(scores)[:, None]).sum(1)
            found += (ranks <= 10).sum()
        recalls.append(found / rows)
    return recalls


def geometry():
    x, y = a - a.mean(0), b - b.mean(0)
    return np.square(x.T @ y).sum() / np.sqrt(np.square(x.T @ x).sum() * np.square(y.T @ y).sum())


def neighbours():
    lists = []
    for matrix in (a, b):
        vectors = unit(matrix)
        index = faiss.IndexFlatIP(columns)
        index.add(vectors)
        lists.append(index.search(vectors, NEIGHBOURS + 1)[1][:, 1:])
    return np.mean([len(np.intersect1d(p, q)) / NEIGHBOURS for p, q in zip(*lists)])


def uniformity():
    values = []
    for matrix in (a, b):
        vectors, total = unit(matrix), 0.0
        for start in range(0, rows, BLOCK):
            total += np.exp(4 * (vectors[start : start + BLOCK] @ vectors.T) - 4).sum(dtype=np.float64)
        values.append(np.log((total - rows) / (rows * (rows - 1))))
    return values


seconds, results = {}, {}
for measure in (retrieval, geometry, neighbours, uniformity):
    started = time.perf_counter()
    results[measure.__name__] = np.ravel(measure()).tolist()
    seconds[measure.__name__] = time.perf_counter() - started
print(json.dumps({'seconds': seconds, 'results': results}))
