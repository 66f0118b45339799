"""The weights and the bias of a chain, with what follows each filter put in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.errors import DataError, WincookError
from wincook.integrations.onnx.chains.activations import attributes_of
from wincook.integrations.onnx.chains.chain import Chain
from wincook.integrations.onnx.chains.uses import filters_of, per_filter
from wincook.integrations.onnx.constants import Constants
from wincook.integrations.onnx.graph import Graph
from wincook.layers import fold_batch_norm

_EPSILON = 1e-5  # of onnx, where a node has none


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """Weights, as `wincook.kernels.Kernel.pack` takes them, and bias, (K,) or None; float32."""

    weights: Array
    bias: Array | None


def filters_from(chain: Chain, graph: Graph, constants: Constants) -> Filters:
    """Those of a chain whose weights are constant.

    Raises:
        DataError: they are not, or hold NaN or infinities; or a batch normalisation has no finite factors.
    """
    operands = chain.operands
    for name in operands.kept:
        if name not in constants:
            raise DataError(
                f"{graph.place(chain.convolution)} has weights that are no constant, {name}; export the model with "
                "its weights as initialisers"
            )
    filters = Filters(*operands.filters(constants.of))
    try:
        for node in chain.norms:
            filters = _followed(filters, chain.convolution, node, constants)
        for name, values in (("weights", filters.weights), ("bias", filters.bias)):
            if values is not None and not np.isfinite(values).all():
                raise DataError(f"the {name} are not finite; they must hold no NaN and no infinities")
    except WincookError as error:
        raise DataError(f"{graph.place(chain.convolution)}: {error}") from error
    return filters


def _followed(filters: Filters, convolution: Any, node: Any, constants: Constants) -> Filters:
    """The filters that do what a node after them does."""
    weights, bias = filters.weights, filters.bias
    count = filters_of(convolution, weights)
    zeros, ones = np.zeros(count, np.float32), np.ones(count, np.float32)
    bias = zeros if bias is None else bias
    if node.op_type == "BatchNormalization":
        gamma, beta, mean, variance = (constants.of(name) for name in node.input[1:])
        epsilon = attributes_of(node).get("epsilon", _EPSILON)
    else:
        (name,) = (name for name in node.input if name in constants)
        values = per_filter(constants.of(name), count, weights.ndim - 2)
        if values is None:
            raise DataError(f"{name} is no constant for each of {count} filters")
        if node.op_type == "Add":
            return Filters(weights, bias + values)
        gamma, beta, mean, variance, epsilon = values, zeros, zeros, ones, 0
    transposed = convolution.op_type == "ConvTranspose"
    return Filters(*fold_batch_norm(weights, bias, mean, variance, gamma, beta, epsilon, transposed=transposed))
