"""
Golden losses and gradients of the steps of methods, by PyTorch in float64 with its own autograd, from the mini-batches that
test/engine/conformance/steps.test.ts drew. After a change of what is drawn, run that test with PAIRLAB_WRITE_DRAWN=1, which
writes methodSteps.drawn.json, and then this script. Weights are a formula, the same in both languages.
"""

import json
import math
import pathlib

import torch
from torch.nn import functional as F

from support import save

torch.set_default_dtype(torch.float64)

drawn = json.loads(pathlib.Path(__file__).with_name("methodSteps.drawn.json").read_text())
WAYS, CLASSES = drawn["ways"], drawn["classes"]
SOURCE, TARGET = torch.tensor(drawn["source"]), torch.tensor(drawn["target"])
EMBEDDING, HIDDEN = 64, 128
TEMPERATURE, MARGIN, LAMBDA, ALPHA, RADIUS = 0.1, 0.5, 10, 0.1, 0.01
EPSILON, ROUNDS = 0.1 * 2 * EMBEDDING, 400


def linear(name, inputs, outputs):
    return {f"{name}.weight": (inputs, outputs), f"{name}.bias": (1, outputs)}


def norm(name):
    return {f"{name}.scale": (EMBEDDING,), f"{name}.shift": (EMBEDDING,)}


def perceptron(name, inputs, outputs=EMBEDDING):
    return linear(f"{name}.hidden", inputs, HIDDEN) | linear(f"{name}.output", HIDDEN, outputs)


def block(name):
    return norm(f"{name}.norm") | perceptron(name, EMBEDDING)


def embedder(name, inputs):
    return linear(f"{name}.embedder", inputs, EMBEDDING) | norm(f"{name}.norm")


# The order of the weights, as src/learning/networks/dual.ts and transfer.ts describe it.
HEAD = linear("head", EMBEDDING, WAYS)
OF_SOURCE = perceptron("source", SOURCE.shape[1])
OF_TARGET = perceptron("target", TARGET.shape[1]) | linear("align", EMBEDDING, EMBEDDING)
DUAL = OF_SOURCE | HEAD | OF_TARGET
DECODER = perceptron("decoder", EMBEDDING, TARGET.shape[1])
ENCODER = block("encoder.0") | block("encoder.1") | norm("encoder.norm")
MODEL = embedder("source", SOURCE.shape[1]) | linear("source.head", EMBEDDING, CLASSES)
TARGET_MODEL = ENCODER | embedder("target", TARGET.shape[1]) | HEAD


def weights_of(layout):
    """Uniform in ±0.25, in float32."""
    size = sum(math.prod(shape) for shape in layout.values())
    values = [math.sin(at * 12.9898 + 78.233) * 43758.5453 for at in range(size)]
    vector = torch.tensor([0.5 * (value - math.floor(value)) - 0.25 for value in values]).float().double()
    parts = vector.split([math.prod(shape) for shape in layout.values()])
    return {name: part.reshape(shape).requires_grad_() for (name, shape), part in zip(layout.items(), parts)}


def through(weights, name, rows):
    return rows @ weights[f"{name}.weight"] + weights[f"{name}.bias"]


def normed(weights, name, rows):
    return F.layer_norm(rows, (EMBEDDING,), weights[f"{name}.scale"], weights[f"{name}.shift"])


def gelu(values):
    return values * torch.sigmoid(1.702 * values)


def two_layers(weights, name, rows, bend=F.relu):
    return through(weights, f"{name}.output", bend(through(weights, f"{name}.hidden", rows)))


def embed(weights, side, rows):
    if side == "source":
        return two_layers(weights, "source", SOURCE[rows])
    return through(weights, "align", two_layers(weights, "target", TARGET[rows]))


def enter(weights, side, rows):
    items = SOURCE if side == "source" else TARGET
    return normed(weights, f"{side}.norm", through(weights, f"{side}.embedder", items[rows]))


def encode(weights, rows):
    for name in ("encoder.0", "encoder.1"):
        rows = rows + two_layers(weights, name, normed(weights, f"{name}.norm", rows), gelu)
    return normed(weights, "encoder.norm", rows)


def info_nce(a, b, labels, temperature):
    labels = torch.tensor(labels)
    positives = (labels[:, None] == labels[None]).double()
    positives = positives / positives.sum(1, keepdim=True)
    logits = F.normalize(a) @ F.normalize(b).T / temperature
    return (F.cross_entropy(logits, positives) + F.cross_entropy(logits.T, positives)) / 2


def classify(side):
    def loss(weights, batch):
        return F.cross_entropy(
            through(weights, "head", F.relu(embed(weights, side, batch["rows"]))), torch.tensor(batch["labels"])
        )

    return loss


def align(weights, batch):
    targets, sources = embed(weights, "target", batch["targets"]), embed(weights, "source", batch["sources"])
    return info_nce(targets, sources, batch["labels"], TEMPERATURE)


def contrast(weights, batch):
    targets, sources = embed(weights, "target", batch["targets"]), embed(weights, "source", batch["sources"])
    return info_nce(targets, sources, batch["labels"], 1 / weights["logitScale"].exp())


def align_by_hinge(weights, batch):
    """The hinge of the released code, on means of classes of unit rows."""
    labels = torch.tensor(batch["labels"])
    targets, sources = [
        torch.stack([F.normalize(embed(weights, side, batch[f"{side}s"]))[labels == label].mean(0)
                     for label in labels.unique()])
        for side in ("target", "source")
    ]
    products = targets @ sources.T
    return F.relu(MARGIN + products - products.diag()).sum() / len(labels)


def probe(batch):
    """A linear classifier of unit embeddings of the target and of the source, half of each, from the source's centroids."""
    weights = weights_of(DUAL)
    shown = [F.normalize(embed(weights, "source", rows)).detach() for rows in drawn["shownSources"]]
    start = F.normalize(torch.stack([rows.mean(0) for rows in shown])).T.clone().requires_grad_()
    half = len(batch["labels"]) // 2
    targets = F.normalize(embed(weights, "target", [rows[0] for rows in drawn["supportClasses"]][:half])).detach()
    items = torch.cat([targets, torch.stack([rows[0] for rows in shown])[:half]])
    value = F.cross_entropy(items @ start / TEMPERATURE, torch.tensor(batch["labels"]))
    classifier = {"classifier": (EMBEDDING, WAYS)}
    return described(value, classifier, {"classifier": torch.autograd.grad(value, start)[0]})


def classify_all(weights, batch):
    losses = [
        F.cross_entropy(
            through(weights, "classes", F.relu(embed(weights, side, batch[side]["rows"]))),
            torch.tensor(batch[side]["labels"]),
        )
        for side in ("source", "target")
    ]
    return sum(losses) / 2


def reconstruct(weights, rows):
    return F.mse_loss(two_layers(weights, "decoder", embed(weights, "target", rows)), TARGET[rows])


def compare_with_prototypes(weights, batch):
    support, labels = embed(weights, "source", batch["support"]["rows"]), torch.tensor(batch["support"]["labels"])
    prototypes = torch.stack([support[labels == label].mean(0) for label in range(WAYS)])
    distances = torch.cdist(embed(weights, "source", batch["queries"]["rows"]), prototypes) ** 2
    return F.cross_entropy(-distances, torch.tensor(batch["queries"]["labels"]))


def pretrain(weights, batch):
    logits = through(weights, "source.head", encode(weights, enter(weights, "source", batch["rows"])))
    return F.cross_entropy(logits, torch.tensor(batch["labels"]))


def fine_tune(weights, batch):
    logits = through(weights, "head", encode(weights, enter(weights, "target", batch["rows"])))
    return F.cross_entropy(logits, torch.tensor(batch["labels"]))


def spread(features, labels):
    """Alignment and uniformity of Wang & Isola over all pairs of different items."""
    labels, size = torch.tensor(labels), len(labels)
    squared = torch.cdist(F.normalize(features), F.normalize(features)) ** 2
    others = ~torch.eye(size, dtype=bool)
    return squared[(labels[:, None] == labels) & others].mean() + (-2 * squared[others]).exp().mean().log()


def knowledge(batch):
    """MoNA's stage 1, methods.md 2.5, with the derivative along v taken as a difference over ± 0.01 of its length."""
    whole = weights_of(MODEL | TARGET_MODEL)
    theta, rest = list(ENCODER), [name for name in TARGET_MODEL if name not in ENCODER]
    slopes = lambda loss, names, weights: torch.autograd.grad(loss, [weights[name] for name in names], retain_graph=True)
    along = lambda direction, by: whole | {n: whole[n] + by * d for n, d in zip(theta, direction)}
    inner = fine_tune(whole, batch["target"])
    moved = along(slopes(inner, theta, whole), -ALPHA)
    entered = enter(whole, "source", batch["source"]["rows"]).detach()
    outer = spread(encode(moved, entered), batch["source"]["labels"])
    direction = slopes(outer, theta, moved)
    radius = RADIUS / math.sqrt(sum((part**2).sum() for part in direction))
    ahead, behind = [slopes(fine_tune(along(direction, by), batch["target"]), rest, whole) for by in (radius, -radius)]
    found = dict(zip(rest, slopes(inner, rest, whole)))
    for name, more, less in zip(rest, ahead, behind):
        if not name.startswith("head."):
            found[name] = found[name] - LAMBDA * ALPHA * (more - less) / (2 * radius)
    return described(inner + LAMBDA * outer, TARGET_MODEL, found)


def transport(costs):
    """The entropic cost between uniform weights; with settled prices its gradient is the plan."""
    f, g = torch.zeros(costs.shape[0], 1), torch.zeros(1, costs.shape[1])
    mean_exp = lambda values, axis: torch.logsumexp(values / EPSILON, axis, keepdim=True) - math.log(costs.shape[axis])
    with torch.no_grad():
        for _ in range(ROUNDS):
            f = -EPSILON * mean_exp(g - costs, 1)
            g = -EPSILON * mean_exp(f - costs, 0)
    plan = ((f + g - costs.detach()) / EPSILON).exp() / costs.numel()
    value = f.mean() + g.mean()
    return value.detach() + (plan * (costs - costs.detach())).sum()


def wasserstein(a, b):
    """Squared, of Gaussians: the trace of the root of covariances is the nuclear norm of their factors' product."""
    factors = [(rows - rows.mean(0)) / math.sqrt(len(rows) - 1) for rows in (a, b)]
    shared = torch.linalg.svdvals(factors[0] @ factors[1].T)
    # Rows around their mean have one direction less than there are: its singular value is 0, where none has a derivative.
    shared = shared[shared > 1e-9].sum()
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + sum((own**2).sum() for own in factors) - 2 * shared


def between_clouds(target, source):
    """The debiased divergence of two classes as they are."""
    costs = lambda a, b: ((a[:, None] - b[None]) ** 2).sum(2)
    own = transport(costs(target, target)) + transport(costs(source, source))
    return F.relu(transport(costs(source, target)) - own / 2)


def dataset_distance(between_classes):
    """ORCA's stage 1 with OTDD; a class of the source is as often there as it has items drawn."""

    def loss(weights, _):
        model = weights_of(MODEL | TARGET_MODEL)
        each = drawn["sourceItemsOfClass"]
        sources = [
            enter(model, "source", [rows[i % len(rows)] for i in range(each)]).detach() for rows in drawn["sourceClasses"]
        ]
        whole, found = torch.cat(sources), []
        for rows in drawn["supportClasses"]:
            target = enter(weights, "target", rows)
            between = torch.stack([between_classes(target, own) for own in sources]).repeat_interleave(each)
            across = transport(((whole[:, None] - target[None]) ** 2).sum(2) + between[:, None])
            own = transport(((target[:, None] - target[None]) ** 2).sum(2))
            found.append(across - own / 2)
        return torch.stack(found).mean()

    return loss


def compare(distance):
    """ORCA's stage 1 with a distance of each class to as many items of the source."""

    def loss(weights, _):
        model = weights_of(MODEL | TARGET_MODEL)
        classes = zip(drawn["compared"]["targets"], drawn["compared"]["sources"])
        return torch.stack([
            distance(enter(weights, "target", targets), enter(model, "source", sources).detach())
            for targets, sources in classes
        ]).mean()

    return loss


def discrepancy(a, b):
    """MMD² by five Gaussian kernels, biased, with a bandwidth that has no derivative."""
    size, both = len(a), torch.cat([a, b])
    squared = ((both[:, None] - both[None]) ** 2).sum(2)
    bandwidth = squared.detach().sum() / (4 * 2 * size * (2 * size - 1))
    kernels = sum((-squared / (bandwidth * 2**i)).exp() for i in range(5))
    return kernels[:size, :size].mean() + kernels[size:, size:].mean() - 2 * kernels[:size, size:].mean()


def distance_of_items(a, b):
    return (a - b).norm(dim=1).mean()


def rounded(number):
    return float(f"{number.item():.9g}")


def sketch(slopes):
    """Of the gradient by each parameter: its name, size and length, and its products with two waves of length 1."""
    sketched = []
    for name, slope in slopes.items():
        flat = slope.flatten()
        waves = [torch.cos(step * torch.arange(1, len(flat) + 1)) for step in (0.37, 1.1)]
        numbers = [flat.norm(), *(flat @ wave / wave.norm() for wave in waves)]
        sketched.append([name, len(flat), *(rounded(number) for number in numbers)])
    return sketched


def described(value, layout, slopes):
    """A loss, and its gradient by the weights of a layout: 0 for those that have no slope."""
    found = {name: torch.zeros(shape) if slopes.get(name) is None else slopes[name] for name, shape in layout.items()}
    return {"value": rounded(value), "gradient": sketch(found)}


def golden(loss, whole, part, moves):
    """@param whole the weights of the method; part those of the step; moves those that have a gradient"""

    def of(batch):
        weights = weights_of(whole)
        value = loss(weights, batch)
        slopes = torch.autograd.grad(value, [weights[name] for name in moves], allow_unused=True)
        return described(value, part, dict(zip(moves, slopes)))

    return of


def dual(loss, part=DUAL, more={}):
    return golden(loss, DUAL | more, part | more, part | more)


def transfer(loss, part=TARGET_MODEL, moves=TARGET_MODEL):
    return golden(loss, MODEL | TARGET_MODEL, part, moves)


def all_but_encoder(layout):
    return {name: shape for name, shape in layout.items() if name not in ENCODER}


def adapt(more={}):
    return golden(classify("target"), DUAL | more, HEAD | OF_TARGET, HEAD | OF_TARGET)


def embedder_by(loss):
    return [PRETRAINING, transfer(loss), transfer(fine_tune)]


ON_SOURCE = dual(classify("source"), OF_SOURCE | HEAD)
OF_ALL_CLASSES = linear("classes", EMBEDDING, CLASSES)
EMBEDDER_AND_HEAD = all_but_encoder(TARGET_MODEL)
PRETRAINING = transfer(pretrain, MODEL | ENCODER, MODEL | ENCODER)
STEPS = {
    "croma": [ON_SOURCE, dual(align), adapt()],
    "align-classify": [ON_SOURCE, dual(align), adapt()],
    "scratch": [adapt()],
    "source-only": [ON_SOURCE, adapt()],
    "source-to-source": [ON_SOURCE, ON_SOURCE],
    "oracle": [adapt(), adapt()],
    "joint": [dual(classify_all, more=OF_ALL_CLASSES), adapt(OF_ALL_CLASSES)],
    "autoencoder": [golden(reconstruct, DUAL | DECODER, HEAD | OF_TARGET | DECODER, OF_TARGET | DECODER), adapt(DECODER)],
    "prototypes": [dual(compare_with_prototypes, OF_SOURCE | HEAD), dual(align)],
    "zero-shot": [ON_SOURCE, dual(align)],
    "cross-modal": [ON_SOURCE, dual(align), probe],
    "contrastive": [dual(contrast, more={"logitScale": (1,)}), adapt({"logitScale": (1,)})],
    "robust-contrastive": [dual(contrast, more={"logitScale": (1,)}), adapt({"logitScale": (1,)})],
    # It also chooses its iterate, on both test tasks.
    "croma-released": [dual(classify("source")), dual(align_by_hinge), *[adapt()] * 3],
    "mona": [PRETRAINING, transfer(fine_tune, moves=EMBEDDER_AND_HEAD), knowledge, transfer(fine_tune)],
    "warm-up": [PRETRAINING, *[transfer(fine_tune, moves=EMBEDDER_AND_HEAD)] * 2, transfer(fine_tune)],
    "orca-otdd": embedder_by(dataset_distance(between_clouds)),
    "orca-otdd-gaussian": embedder_by(dataset_distance(wasserstein)),
    "orca-mmd": embedder_by(compare(discrepancy)),
    "orca-l2": embedder_by(compare(distance_of_items)),
    "fine-tune": [PRETRAINING, transfer(fine_tune)],
    "frozen": [PRETRAINING, transfer(fine_tune, moves=EMBEDDER_AND_HEAD | {
        name: shape for name, shape in ENCODER.items() if ".norm." in name
    })],
    "linear-probe": [PRETRAINING, transfer(fine_tune, moves=HEAD)],
    "transfer-scratch": [transfer(fine_tune)],
}

assert STEPS.keys() == drawn["batches"].keys()
for method, steps in STEPS.items():
    assert len(steps) == len(drawn["batches"][method]), method
save(__file__, {
    method: [step(batch) for step, batch in zip(steps, drawn["batches"][method])] for method, steps in STEPS.items()
})
