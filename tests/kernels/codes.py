"""Kernels with narrow numbers, of a few codes and many sizes: what generated code knows, and layers drawn for it."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from wincook.epilogue import Epilogue
from wincook.epilogue.epilogue import NOTHING
from wincook.kernels import Target
from wincook.kernels.target import host_isa_names
from wincook.layers import Layout

Known = TypeVar("Known", bound="Code")
Draw = Callable[[Known], st.SearchStrategy[wc.Layer]]
Check = Callable[[Known, wc.Layer, int, int], None]
_FEW_SEEDS, _MANY_SEEDS = 1000, 1 << 30


@dataclass(frozen=True, slots=True)
class Code:
    """What generated code knows; the target may be followed by a word if it is without its processors' features."""

    layout: Layout
    format: str = "float32"
    x: str = "float32"
    y: str = "float32"
    algorithm: Any = "direct"
    epilogue: Epilogue = NOTHING
    residual: str = "float32"
    target: str = "generic"

    @property
    def machine(self) -> Target:
        """The target; a test ends as skipped where there is none."""
        isa, *plain = self.target.split()
        if isa not in host_isa_names():
            pytest.skip(f"this machine has no {isa}")
        machine = Target.of(isa)
        return replace(machine, features=()) if plain else machine

    def compiled(self, layer: wc.Layer, threads: int = 1) -> wc.Kernel:
        """The kernel of a layer."""
        formats: dict[str, Any] = {"format": self.format, "input_format": self.x, "output_format": self.y}
        formats["residual_format"] = self.residual
        return wc.compile(
            layer, self.algorithm, threads=threads, target=self.machine, epilogue=self.epilogue, **formats
        )


def drawn_tests(
    codes: Mapping[str, Known],
    layers: Draw[Known],
    check: Check[Known],
    *,
    examples: int,
    at_night: Container[str] = (),
) -> tuple[Any, Any]:
    """Two tests that check layers drawn for codes: a few, and each night three hundred of every code."""

    def drawn(name: str, draws: st.DataObject, seeds: int) -> None:
        threads = draws.draw(st.integers(1, Target.host().threads))
        check(codes[name], draws.draw(layers(codes[name])), threads, draws.draw(st.integers(0, seeds)))

    @pytest.mark.slow
    @pytest.mark.parametrize("name", [name for name in codes if name not in at_night])
    @settings(max_examples=examples)
    @given(draws=st.data())
    def few(name: str, draws: st.DataObject) -> None:
        drawn(name, draws, _FEW_SEEDS)

    @pytest.mark.nightly
    @pytest.mark.parametrize("name", codes)
    @settings(max_examples=300)
    @given(draws=st.data())
    def three_hundred(name: str, draws: st.DataObject) -> None:
        drawn(name, draws, _MANY_SEEDS)

    return few, three_hundred
