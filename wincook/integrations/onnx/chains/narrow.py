"""Which values stay narrow from chain to chain, and with which scales; what decides is `wincook.integrations.between`.

MaxPool picks numbers, Concat puts values side by side, and Identity names them anew: all do so with integers as well.
Values that are joined have one scale. Integers that the model has are what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import numpy as np

from wincook.errors import WincookError
from wincook.integrations.between import Formats, Stage, joined, kinds_between, scales_between
from wincook.integrations.onnx.chains.chain import Chain
from wincook.integrations.onnx.chains.kernels import Around, Kernels
from wincook.integrations.onnx.chains.uses import is_one
from wincook.integrations.onnx.graph import Graph, reads_of
from wincook.integrations.onnx.operands import INTEGER, QUANTISED
from wincook.kernels.plans.formats import ElementFormat, dtype_of
from wincook.layers import Layer
from wincook.quantisation import Affine

PASSING = ("MaxPool", "Concat", "Identity")
"""Operators that hand on numbers as they are."""

Ends = Mapping[str, tuple[float, float]]
"""The lowest and the highest number of values on the images of a calibration."""


@dataclass(frozen=True, slots=True)
class Between:
    """What each chain reads and writes, by the value that it makes; `kinds` are the elements of narrow values."""

    around: Mapping[str, Around]
    kinds: Mapping[str, str]

    def widened(self, name: str, value: Any) -> Any:
        """A value as an engine takes it: a narrow one in float32, which has all its numbers."""
        return np.asarray(value, np.float32) if name in self.kinds else value

    def narrowed(self, name: str, value: Any) -> Any:
        """What an engine makes, as kernels read it; where pooling saw nothing but padding, the lowest integer."""
        kind = self.kinds.get(name)
        if kind is None:
            return value
        return (np.maximum(value, 0) if kind == "uint8" else value).astype(dtype_of(cast("ElementFormat", kind)))


def in_floats(chains: Iterable[Chain], kernels: Kernels) -> Between:
    """Floats everywhere but where the model has integers."""
    return Between({chain.y: kernels.around(chain) for chain in chains}, {})


def narrow_between(
    graph: Graph, chains: tuple[Chain, ...], kernels: Kernels, layers: Mapping[str, Layer], ends: Ends
) -> Between:
    """Narrow values wherever kernels alone deal with them.

    Args:
        graph: the model.
        chains: its chains.
        kernels: theirs.
        layers: those of chains, by the value that a chain makes; others hand on floats.
        ends: of what chains make, for integers that nothing multiplies that has a scale of x.
    """
    values = _Values(graph, chains)
    staged = [chain for chain in chains if chain.y in layers]
    closed = values.closed(frozenset(chain.y for chain in staged))
    stages = {chain.y: values.stage(chain, kernels, layers[chain.y]) for chain in staged}
    kinds = kinds_between(stages.values(), closed)
    scales = scales_between(stages.values(), kinds)
    for name in [name for name, scale in scales.items() if scale is None]:
        met = [ends.get(y, (0.0, 0.0)) for y, stage in stages.items() if stage.y == name]
        low, high = min(low for low, _ in met), max(high for _, high in met)
        if low < 0 or high > 0:
            scales[name] = Affine.covering(low, high)
        else:
            del kinds[name]
    around = {chain.y: kernels.around(chain) for chain in chains}
    around |= {y: _around(stage, around[y], kinds, scales) for y, stage in stages.items()}
    return Between(around, values.all_names(kinds))


def _around(stage: Stage[str], given: Around, kinds: Mapping[str, str], scales: Mapping[str, Affine | None]) -> Around:
    """What a chain reads and writes: what the model says, or else narrow values where they are."""
    formats = _joint(given.formats, stage.formats(kinds))
    x, y = scales.get(stage.x) or given.x, scales.get(stage.y) or given.y
    residual = given.residual if stage.residual is None else scales.get(stage.residual)
    return Around(formats, x, y, residual)


class _Values:
    """The values of a graph; those that are joined go by one name."""

    def __init__(self, graph: Graph, chains: tuple[Chain, ...]) -> None:
        inside = {name for chain in chains for node in chain.nodes for name in node.output}
        left = [node for node in graph.nodes if not inside & set(node.output)]
        passing = [node for node in left if is_one(node, *PASSING)]
        self._others = [node for node in left if not is_one(node, *PASSING)]
        self._names: dict[str, str] = joined((node.output[0], name) for node in passing for name in node.input)
        self._graph, self._chains = graph, chains

    def of(self, name: str) -> str:
        """The name that a value goes by."""
        return self._names.get(name, name)

    def all_names(self, kinds: Mapping[str, str]) -> dict[str, str]:
        """The elements of all values, of those by the names that they go by."""
        return {**kinds} | {name: kinds[known] for name, known in self._names.items() if known in kinds}

    def stage(self, chain: Chain, kernels: Kernels, layer: Layer) -> Stage[str]:
        """A chain for a layer."""
        calibration = kernels.calibration(chain)
        return Stage(
            self.of(chain.operands.x),
            self.of(chain.y),
            self.of(chain.residual) if chain.residual and chain.added is None else None,
            kernels.kind(chain),
            None if calibration is None else calibration.x,
            _nativeness(chain, kernels, layer),
        )

    def closed(self, staged: frozenset[str]) -> set[str]:
        """The names of all that anything else writes or reads than these chains."""
        graph = self._graph
        names = {*graph.outputs, *graph.tensors, *(value.name for value in graph.inputs)}
        for node in self._others:
            names |= {*reads_of(node), *node.output}
        for chain in self._chains:
            is_open = chain.y in staged and chain.convolution.op_type not in {QUANTISED, INTEGER}
            own = {chain.operands.x} if is_open and chain.before is None else set[str]()
            own |= {chain.residual} if is_open and chain.added is None else set()
            names |= chain.reads - own
            if not is_open or chain.after is not None:
                names.add(chain.y)
        return set(map(self.of, names))


def _nativeness(chain: Chain, kernels: Kernels, layer: Layer) -> Callable[[Formats], bool]:
    """Whether its kernel reads and writes elements, beside what the model says, and has none converted."""
    return partial(_is_native, chain, kernels, layer)


def _is_native(chain: Chain, kernels: Kernels, layer: Layer, formats: Formats) -> bool:
    try:
        return not kernels.plan(chain, layer, _joint(kernels.around(chain).formats, formats)).converts
    except WincookError:
        return False


def _joint(given: Formats, chosen: Formats) -> Formats:
    """What the model says, and else what is chosen."""
    pairs = zip(given, chosen, strict=True)
    return Formats(*(other if said == "float32" else said for said, other in pairs))
