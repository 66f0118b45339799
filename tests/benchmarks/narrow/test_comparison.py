"""The arithmetic of the comparison in narrow formats: data, decibels, ratios, and what the report says of them."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.narrow.ours import FLOAT32, WAYS, Way
from benchmarks.narrow.outcome import Outcome, misses, ratios
from benchmarks.narrow.peers import PEERS, Integers
from benchmarks.narrow.problem import LAWS, LAYERS, Problem, problem
from benchmarks.narrow.report import summary
from benchmarks.peers.contender import Absent
from tests.near import near
from wincook.direct import convolve

INT8 = Way("int8", 49, "F(4x4,3x3)", goal=2.3, decibels=35.0)


def outcome(layer: str, contender: str, milliseconds: float, snr: float = 40.0) -> Outcome:
    return Outcome(layer, contender, 0.9e-3 * milliseconds, 1e-3 * milliseconds, snr)


OUTCOMES = [
    outcome("a", "torch int8", 4.0),
    outcome("a", "torch int8 prepacked", 2.0),
    outcome("a", INT8.name, 1.0, 34.0),
    outcome("b", "torch int8", 8.0),
    outcome("b", INT8.name, 1.0, 36.0),
    outcome("c", INT8.name, 1.0),
]


@pytest.fixture(scope="module", params=LAWS)
def small(request: pytest.FixtureRequest) -> Problem:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(LAYERS, "small", (4, 6))
        return problem("small", request.param)


def test_a_peer_counts_by_its_quickest_way() -> None:
    assert ratios(OUTCOMES, INT8.name, "torch int8") == {"a": near(2.0), "b": near(8.0)}


def test_goals_that_are_missed_are_told() -> None:
    assert misses(OUTCOMES, [INT8]) == ["wincook int8 49: 34.0 dB on a, not 35.0"]
    assert misses(OUTCOMES[:3], [INT8])[0] == "wincook int8 49: 2.00 times as quick as torch int8, not 2.3"
    text = "\n".join(summary(OUTCOMES, [FLOAT32, INT8]))
    assert text.startswith("goals missed: 1\n")
    assert (
        "over torch int8: a 2.00  b 8.00; geometric mean 4.00, goal 2.3; 4.00 by least times\n    34.0 to 40.0 dB"
        in text
    )


def test_what_is_exact_and_decibels(small: Problem) -> None:
    first = small.in_layout("NCHW")
    exact = convolve(first.x.astype(float), first.weights.astype(float), first.layer.pads)
    np.testing.assert_allclose(small.exact, exact, rtol=1e-12, atol=1e-12)
    assert small.snr(1.1 * exact) == near(20.0)
    assert first.x.min() >= 0
    np.testing.assert_array_equal(first.in_layout("NHWC").x, small.x)


def test_integers_are_within_half_a_step(small: Problem) -> None:
    first, numbers = small.in_layout("NCHW"), Integers.of(small)
    assert np.abs(numbers.x * numbers.x_scale - first.x).max() <= 0.51 * numbers.x_scale
    steps = numbers.weight_scales[:, None, None, None]
    assert (np.abs(numbers.weights * steps - first.weights) <= 0.51 * steps).all()


@pytest.mark.parametrize("name", PEERS)
def test_peers_compute_the_layer(name: str, small: Problem) -> None:
    try:
        contender = PEERS[name](small, 1)
    except Absent as reason:
        pytest.skip(str(reason))
    assert small.snr(contender.output(contender.run())) > (45 if "bfloat16" in name else 25)


def test_every_goal_is_of_a_way_of_its_own() -> None:
    assert len({way.name for way in WAYS}) == len(WAYS)
