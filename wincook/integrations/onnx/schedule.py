"""The order in which chains and runs of other nodes are computed."""

from __future__ import annotations

from typing import Any

from wincook.errors import DataError
from wincook.files import path_text
from wincook.integrations.onnx.chains.chain import Chain
from wincook.integrations.onnx.constants import Constants
from wincook.integrations.onnx.graph import Graph, reads_of
from wincook.integrations.onnx.rest import Rest


def steps_of(graph: Graph, chains: tuple[Chain, ...], constants: Constants) -> tuple[Chain | Rest, ...]:
    """Chains and runs of other nodes in an order in which each finds what it reads, with as few runs as that takes.

    Raises:
        DataError: a node reads what nothing makes.
    """
    inside = {name for chain in chains for node in chain.nodes for name in node.output}
    there = {*graph.tensors, *(value.name for value in graph.inputs)}
    plain = [node for node in graph.nodes if not inside & set(node.output)]
    waiting, steps = list(chains), list[Chain | list[Any]]()
    while plain or waiting:
        taken = []
        for node in plain:  # they are in order: one pass finds all that can run
            if reads_of(node) <= there:
                there |= set(node.output)
                taken.append(node)
        done = set(map(id, taken))
        plain = [node for node in plain if id(node) not in done]
        ready = [chain for chain in waiting if _reads(chain, constants) <= there]
        if not ready and (plain or waiting):
            needed = reads_of(plain[0]) if plain else _reads(waiting[0], constants)
            raise DataError(f"{path_text(graph.file)} has nodes that read {min(needed - there)}, which nothing makes")
        steps += [*([taken] if taken else []), *ready]
        there |= {chain.y for chain in ready}
        waiting = [chain for chain in waiting if chain.y not in there]
    wanted, ordered = set(graph.outputs), list[Chain | Rest]()
    for step in reversed(steps):
        whole = step if isinstance(step, Chain) else Rest.of(graph, step, frozenset(wanted))
        wanted |= _reads(whole, constants) if isinstance(whole, Chain) else set(whole.reads)
        ordered.insert(0, whole)
    return tuple(step for step in ordered if isinstance(step, Chain) or step.nodes)


def _reads(chain: Chain, constants: Constants) -> set[str]:
    """The values that a chain is called with, constants apart."""
    return {name for name in chain.reads if name not in constants}
