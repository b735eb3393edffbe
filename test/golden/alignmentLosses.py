"""Golden values of the losses that align, by PyTorch in float64, one pair of classes or rows at a time.

    python test/golden/alignmentLosses.py
"""

import torch
from support import X, Y, related, save

torch.set_default_dtype(torch.float64)


def unit(rows):
    return rows / rows.norm(dim=1, keepdim=True)


def class_means(rows, labels):
    return [unit(rows)[labels == label].mean(0) for label in labels.unique()]


def hinge(a, b, labels, margin):
    """The released loss, written out: every source mean j against every target mean i, itself included."""
    first, second = class_means(a, labels), class_means(b, labels)
    total = 0.0
    for i in range(len(first)):
        for j in range(len(second)):
            total += max(0.0, margin + float(first[i] @ second[j]) - float(first[j] @ second[j]))
    return total / len(labels)


def two_way_hinge(a, b, labels, margin):
    first, second = class_means(a, labels), class_means(b, labels)
    count = len(first)
    total = 0.0
    for match in range(count):
        for other in range(count):
            if other == match:
                continue
            own = float(first[match] @ second[match])
            total += max(0.0, margin + float(first[other] @ second[match]) - own)
            total += max(0.0, margin + float(first[match] @ second[other]) - own)
    return total / (count * (count - 1))


def cosine(a, b):
    return float(1 - torch.nn.functional.cosine_similarity(a, b).mean())


def info_nce(a, b, matches, temperature):
    """Each pair's losses both ways; the target is uniform over the matches of a row."""
    logits = unit(a) @ unit(b).T / temperature
    targets = matches / matches.sum(1, keepdim=True)
    ways = [torch.nn.functional.cross_entropy(scores, targets, reduction="none") for scores in (logits, logits.T)]
    return ((ways[0] + ways[1]) / 2).tolist()


def pair_losses(a, b, matches, temperature):
    """Each target against the sources of the other pairs; against its own partner where no other pair matches."""
    logits = unit(a) @ unit(b).T / temperature
    losses = []
    for i in range(len(a)):
        others = [j for j in range(len(a)) if j != i and matches[i, j] > 0]
        considered = [j for j in range(len(a)) if j != i or not others]
        likelihoods = torch.softmax(logits[i, considered], 0)
        losses.append(-sum(likelihoods[considered.index(j)] for j in others or [i]).log().item())
    return losses


def prototypical(support, support_labels, queries, query_labels):
    means = torch.stack([support[support_labels == label].mean(0) for label in support_labels.unique()])
    distances = torch.cdist(queries, means) ** 2
    return float(torch.nn.functional.cross_entropy(-distances, query_labels))


def case(a, b, labels):
    a, b, labels = torch.tensor(a), torch.tensor(b), torch.tensor(labels)
    by_class = (labels[:, None] == labels[None, :]).double()
    by_instance = torch.eye(len(labels))
    return {
        "a": a.tolist(),
        "b": b.tolist(),
        "labels": labels.tolist(),
        "hinge": {str(margin): hinge(a, b, labels, margin) for margin in (0.1, 0.5)},
        "twoWayHinge": {str(margin): two_way_hinge(a, b, labels, margin) for margin in (0.1, 0.5)},
        "cosine": cosine(a, b),
        "byClass": {str(tau): info_nce(a, b, by_class, tau) for tau in (0.07, 1.0)},
        "byInstance": {str(tau): info_nce(a, b, by_instance, tau) for tau in (0.07, 1.0)},
        "pairsByClass": {str(tau): pair_losses(a, b, by_class, tau) for tau in (0.07, 1.0)},
        "pairsByInstance": {str(tau): pair_losses(a, b, by_instance, tau) for tau in (0.07, 1.0)},
        "prototypical": prototypical(a, labels, b, labels),
    }


wide_a, wide_b = related(14, 5, 5, 3, seed=4)
save(
    __file__,
    {
        "six": case(X, Y, [0, 0, 1, 1, 2, 2]),
        # Classes of different sizes, one of a single item, not in order.
        "wide": case(wide_a, wide_b, [2, 0, 1, 3, 0, 0, 2, 1, 3, 3, 3, 0, 0, 4]),
    },
)
