"""Golden values of the networks' modules, by PyTorch in float64: writes networks.json beside it."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from support import exact, save

rng = np.random.default_rng(0)


def draw(*shape, scale=1.0):
    return torch.tensor(exact(rng.standard_normal(shape) * scale))


def fill(module):
    """Every parameter drawn anew, so that no norm is the identity and no bias is zero."""
    for parameter in module.parameters():
        parameter.data = draw(*parameter.shape, scale=0.5)
    return module.double().eval()


def linear(name, module):
    return {f"{name}.weight": module.weight.T, f"{name}.bias": module.bias}


def norm(name, module):
    return {f"{name}.scale": module.weight, f"{name}.shift": module.bias}


def flat(tensor):
    return tensor.detach().numpy().reshape(-1).copy()


def case(modules, parameters, inputs, outputs, **more):
    """
    Inputs and outputs, and the gradient of the sum of counts times outputs by every parameter. The parameters are
    re-indexed weights of PyTorch's modules, so that their gradients are re-indexed in the same way.
    """
    values = {name: flat(value) for name, value in parameters().items()}
    counts = torch.tensor(exact(np.random.default_rng(1).uniform(-1, 1, tuple(outputs.shape))))
    (counts * outputs).sum().backward()
    for module in modules:
        for parameter in module.parameters():
            parameter.data = parameter.grad
    return {
        "parameters": values,
        "shape": list(inputs.shape),
        "inputs": flat(inputs),
        "outputs": flat(outputs),
        "counts": flat(counts),
        "gradients": {name: flat(value) for name, value in parameters().items()},
        **more,
    }


def layer_norm():
    module = fill(nn.LayerNorm(5))
    inputs = draw(2, 3, 5)
    return case([module], lambda: norm("n", module), inputs, module(inputs))


def gelu():
    """After a layer, so that there are parameters that have a gradient."""
    module = fill(nn.Linear(5, 4))
    inputs = draw(6, 5)
    values = module(inputs)
    return case([module], lambda: linear("g", module), inputs, values * torch.sigmoid(1.702 * values))


def transformer(present):
    width, heads, hidden = 8, 2, 12
    module = fill(nn.TransformerEncoderLayer(width, heads, hidden, 0, "relu", norm_first=True, batch_first=True))
    inputs = draw(2, 5, width)

    def parameters():
        found = {
            **norm("b.norm1", module.norm1),
            **linear("b.attention.output", module.self_attn.out_proj),
            **norm("b.norm2", module.norm2),
            **linear("b.hidden", module.linear1),
            **linear("b.output", module.linear2),
        }
        weights = module.self_attn.in_proj_weight.split(width)
        biases = module.self_attn.in_proj_bias.split(width)
        for name, weight, bias in zip(["query", "key", "value"], weights, biases):
            found |= {f"b.attention.{name}.weight": weight.T, f"b.attention.{name}.bias": bias}
        return found

    outputs = module(inputs, src_key_padding_mask=~torch.tensor(present, dtype=torch.bool))
    return case([module], parameters, inputs, outputs, present=present)


def mixer(present):
    tokens, width, hidden = 4, 6, 7
    norms = [fill(nn.LayerNorm(width)) for _ in range(2)]
    a, b = fill(nn.Linear(tokens, hidden)), fill(nn.Linear(hidden, tokens))
    c, d = fill(nn.Linear(width, hidden)), fill(nn.Linear(hidden, width))
    inputs = draw(2, tokens, width)
    mask = torch.tensor(present, dtype=torch.float64)[..., None]
    mixed = inputs + b(F.relu(a((norms[0](inputs) * mask).mT))).mT
    outputs = mixed + d(F.relu(c(norms[1](mixed))))
    parameters = lambda: {
        **norm("b.norm1", norms[0]),
        **linear("b.tokens.hidden", a),
        **linear("b.tokens.output", b),
        **norm("b.norm2", norms[1]),
        **linear("b.width.hidden", c),
        **linear("b.width.output", d),
    }
    return case([*norms, a, b, c, d], parameters, inputs, outputs, present=present)


def convolution(*grid):
    """The weight of a convolution is [outputs, inputs, *window]; ours has a row for each place of the window and input."""
    inputs, outputs = 3, 4
    kind = nn.Conv1d if len(grid) == 1 else nn.Conv2d
    module = fill(kind(inputs, outputs, 3, padding=1))
    tokens = draw(2, int(np.prod(grid)), inputs)
    folded = tokens.mT.reshape(2, inputs, *grid)
    result = module(folded).reshape(2, outputs, -1).mT
    parameters = lambda: {"c.weight": module.weight.flatten(2).permute(2, 1, 0), "c.bias": module.bias}
    return case([module], parameters, tokens, result, grid=list(grid))


ALL = [[1, 1, 1, 1, 1], [1, 1, 1, 1, 1]]
SOME = [[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]]
save(
    __file__,
    {
        "layerNorm": layer_norm(),
        "transformer": transformer(ALL),
        "transformerWithPadding": transformer(SOME),
        "mixer": mixer([[1, 1, 1, 1], [1, 1, 1, 1]]),
        "mixerWithPadding": mixer([[1, 1, 0, 0], [1, 1, 1, 0]]),
        "convolutionOfSequence": convolution(5),
        "convolutionOfPicture": convolution(3, 4),
        "gelu": gelu(),
    },
)
