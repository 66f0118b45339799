"""What is compared: a layer with its data, and the ways of computing it that engines prepare."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from wincook import Layer

Array: TypeAlias = NDArray[np.float32]

ENGINES = ("wincook", "onednn", "nnpack", "onnxruntime", "openvino", "ncnn", "mnn", "opencv", "xnnpack")
_STREAMS = (1, 2)


class Absent(Exception):  # noqa: N818 (it is no error)
    """Why a contender takes no part in a layer."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A layer in NCHW, its images x and weights in float32, and how many threads may be used."""

    layer: Layer
    x: Array
    weights: Array
    threads: int


@dataclass(frozen=True, slots=True, eq=False)
class Contender:
    """A layer ready to be computed: weights are packed, images in the layout that the engine wants.

    `run` is what is timed, from images in memory to an output in memory; `output` turns what it returned into NCHW.
    """

    run: Callable[[], Any]
    output: Callable[[Any], Array]


class Engine(Protocol):
    """A module of `benchmarks.peers.engines`: its package, its ways of computing, and how to prepare one."""

    PACKAGE: str
    VARIANTS: tuple[str, ...]

    def prepare(self, variant: str, task: Task) -> Contender:
        """The layer ready to be computed in one of the engine's ways.

        Raises:
            Absent: the engine does not compute such a layer in this way.
        """


def engines() -> tuple[dict[str, Engine], dict[str, str]]:
    """The engines that are installed, and why others are not there, both by name."""
    present: dict[str, Engine] = {}
    missing: dict[str, str] = {}
    for name in ENGINES:
        try:
            with _silence():
                present[name] = import_module(f"benchmarks.peers.engines.{name}")
        except ImportError as error:
            missing[name] = f"not installed: {error}"
    return present, missing


def versions(present: Mapping[str, Engine]) -> dict[str, str]:
    """The version of the package of each engine."""

    def of(package: str) -> str:
        try:
            return version(package)
        except PackageNotFoundError:
            return "unknown"

    return {engine.PACKAGE: of(engine.PACKAGE) for engine in present.values()}


def prepare(engine: Engine, variant: str, task: Task) -> tuple[Contender, Array]:
    """A contender and its output; what goes wrong in its engine is a reason to be absent.

    Raises:
        Absent: the engine does not compute such a layer in this way.
    """
    try:
        with _silence():
            contender = engine.prepare(variant, task)
            return contender, contender.output(contender.run())
    except Absent:
        raise
    except Exception as error:  # foreign code: it shall not end the comparison
        raise Absent(f"failed: {' '.join(str(error).split())[:100] or type(error).__name__}") from error


@contextmanager
def _silence() -> Iterator[None]:
    """Nothing on standard output and standard error, whoever writes there: some engines greet."""
    sys.stdout.flush()
    kept = [os.dup(handle) for handle in _STREAMS]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for handle in _STREAMS:
            os.dup2(nowhere, handle)
        yield
    finally:
        for handle, copy in zip(_STREAMS, kept, strict=True):
            os.dup2(copy, handle)
            os.close(copy)
        os.close(nowhere)


def plain_2d(layer: Layer) -> None:
    """See that a layer has two axes and is not transposed, which is all that some engines are asked for.

    Raises:
        Absent: it is another.
    """
    if layer.dimension != 2 or layer.transposed:
        raise Absent("asked for convolutions with two axes alone")


def symmetric_padding(layer: Layer) -> list[int]:
    """The padding of each axis, the same before and after.

    Raises:
        Absent: it differs.
    """
    if any(before != after for before, after in layer.pads):
        raise Absent("asked for padding that is the same on both sides alone")
    return [before for before, _ in layer.pads]
