from __future__ import annotations

from math import inf

import pytest

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.analysis.quantisation.of_law import snr_of_law
from wincook.atlas import Entry, entries
from wincook.errors import AlgorithmError, FormatError
from wincook.kernels.alternatives import alternatives
from wincook.kernels.choice.narrow import DEFAULT_DECIBELS, SETS
from wincook.kernels.make_plan import make_plan, relative_error_of
from wincook.kernels.target import AVX2, AVX512, GENERIC, Target
from wincook.search.entries.figures import counts_of, predicted_error

MACHINE = Target(AVX512, 1 << 20, 1, ("avx512bf16", "avx512vnni"))
LAYER = wc.Layer(128, 128, (28, 28), (3, 3), padding=1)
FEW = wc.Layer(4, 4, (4, 4), (3, 3))  # and few outputs: the noise of all tiles for it is soon predicted


@pytest.mark.parametrize("format", DEFAULT_DECIBELS)
def test_a_layer_gets_the_quickest_tile_of_little_noise(format: str) -> None:
    decided = make_plan(LAYER, format=format, threads=1, target=MACHINE)
    (single,) = decided.plans
    several = alternatives(LAYER, format=format, threads=1, target=MACHINE, most=4)
    assert several[0].plan == decided
    assert [each.estimate.seconds for each in several] == sorted(each.estimate.seconds for each in several)
    for each in several:
        assert each.error <= 10 ** (-DEFAULT_DECIBELS[single.format] / 20)
    assert relative_error_of(decided) == near(10 ** (-snr_of_law(single.algorithm, format, 128, "relu") / 20))
    assert several[0].estimate.seconds < alternatives(LAYER, threads=1, target=MACHINE, most=1)[0].estimate.seconds


@pytest.mark.slow
@pytest.mark.parametrize("format", ["bfloat16-dot", "int8"])
def test_sets_are_as_good_as_those_of_the_atlas(format: str) -> None:
    """By noise and operations together, though some entries of bfloat16 were sought by their noise alone."""

    def costs(entry: Entry, points: str) -> float:
        exact = wc.algorithm(entry.tile, points)
        counts = counts_of(exact)
        noise = predicted_error(exact, format, entry.conditions) if counts.products == entry.counts.products else inf
        return float(noise * (counts.input + counts.output) ** 0.25)

    kinds = [(format, wc.Tile((n - 2, n - 2), (3, 3))) for n in SETS]
    listed = [entry for entry in entries() if (entry.format, entry.tile) in kinds]
    compared = [(entry, min(costs(entry, points) for points in SETS[entry.tile.inputs[0]])) for entry in listed]
    worse = {str(entry): cost for entry, cost in compared if 1.02 * costs(entry, entry.points) < cost < inf}
    assert not worse
    assert sum(cost < inf for _, cost in compared) >= 6


def test_a_limit_chooses_the_format_as_well() -> None:
    chosen = {
        limit: alternatives(LAYER, max_error=limit, format="any", threads=1, target=MACHINE, most=1)[0]
        for limit in ("34 dB", "38 dB", "50 dB", "100 dB")
    }
    for limit, each in chosen.items():
        assert each.error <= 10 ** (-float(limit.split()[0]) / 20)
    assert {limit: each.plan.plans[0].format for limit, each in chosen.items()} == {
        "34 dB": "int8",
        "38 dB": "bfloat16",
        "50 dB": "int16",
        "100 dB": "float32",
    }
    assert str(chosen["34 dB"]).startswith("F(4x4,3x3) on {0, ±1, x^2+1, ∞}, int8: ")


def test_a_format_that_the_processor_lacks_is_not_chosen() -> None:
    for target, format in ((Target(GENERIC, 1 << 20, 1), "float32"), (Target(AVX2, 1 << 20, 1), "int16")):
        (quickest,) = alternatives(LAYER, max_error="34 dB", format="any", threads=1, target=target, most=1)
        assert quickest.plan.plans[0].format == format


@pytest.mark.parametrize("format", ["int16", "int8"])
def test_layers_of_other_kinds_are_one_kernel_too(format: str) -> None:
    def chosen(layer: wc.Layer) -> wc.kernels.Plan:
        (single,) = make_plan(layer, format=format, threads=1, target=MACHINE).plans
        assert single.format == format
        return single

    assert chosen(wc.Layer(16, 16, (14, 14), (1, 1))).family == "direct"
    assert chosen(wc.Layer(16, 16, (14, 14), (3, 3), dilation=2)).family == "direct"
    assert chosen(wc.Layer(16, 16, (14, 14), (3, 3), stride=2)).algorithm.tile.strides == (2, 2)
    assert chosen(wc.Layer(16, 16, (40,), (3,))).algorithm.tile.taps == (1, 3)


@pytest.mark.parametrize(
    ("layer", "machine"),
    [
        (wc.Layer(64, 64, (14, 14), (3, 3), 1, groups=64), MACHINE),
        (LAYER, Target(AVX512, 1 << 20, 1)),
    ],
    ids=["groups", "emulated"],
)
def test_products_are_float32_where_bfloat16_is_slower(layer: wc.Layer, machine: Target) -> None:
    decided = make_plan(layer, format="bfloat16", input_format="bfloat16", threads=1, target=machine)
    assert {plan.format for plan in decided.plans} == {"float32"}
    assert decided.input_format == "bfloat16"


def test_what_cannot_be_is_refused_by_name(golden: Golden) -> None:
    with golden.raises(AlgorithmError, match="dB"):
        make_plan(FEW, format="int8", max_error="60 dB", threads=1, target=MACHINE)
    with golden.raises(AlgorithmError):
        make_plan(FEW, "F(6x6,3x3)", format="int8", max_error="30 dB", threads=1, target=MACHINE)
    with golden.raises(FormatError, match="groups"):
        make_plan(wc.Layer(4, 4, (9, 9), (3, 3), groups=4), format="int8", threads=1, target=MACHINE)
    with golden.raises(FormatError):
        alternatives(FEW, format="int4", threads=1, target=MACHINE)
    assert alternatives(FEW, max_error="60 dB", format="int8", threads=1, target=MACHINE) == ()


def test_sets_have_as_many_products_as_their_inputs_or_one_more() -> None:
    for inputs, several in SETS.items():
        for points in several:
            assert wc.algorithm(f"F({inputs - 2},3)", points).multiplications - inputs in {0, 1}
