from __future__ import annotations

from math import erfc, exp, pi, sqrt

import numpy as np

from wincook.quantisation.noise.tails import KEPT, Ends, Tail


def beyond_of_normal(t: float) -> float:
    """E[(X - t)²; X > t] of normal X."""
    return (1 + t * t) * erfc(t / sqrt(2)) / 2 - t * exp(-t * t / 2) / sqrt(2 * pi)


def test_what_lies_beyond_is_told_from_few_values() -> None:
    V = np.random.default_rng(0).standard_normal((10_000, 40, 1)).astype(np.float32) * np.geomspace(1, 100, 40)[:, None]
    ends = Ends.none(40, 1)
    for part in np.split(V, [20, 1000, 1010, 5000]):
        ends = ends.with_more(part)
    for kept, all_of_it in ((ends.above, V), (ends.below, -V)):
        np.testing.assert_array_equal(np.sort(kept[:, 0]), np.sort(all_of_it[..., 0], axis=0)[-KEPT:].T)
    pixels = np.array([3, 1, 2], np.float32)
    Ends.none(1, 1).with_more(pixels.reshape(3, 1, 1))
    assert pixels.tolist() == [3, 1, 2]  # what it is told of stays as it is
    rms = np.sqrt(np.square(V, dtype=float).mean(axis=0))[:, 0]
    tail = Tail.of(ends.above[:, 0], rms, len(V))
    for t in (3.2, 3.6, 4.0):
        found = tail.beyond(t * rms) / rms**2
        np.testing.assert_allclose(found, found[0])
        assert 0.7 * beyond_of_normal(t) < found[0] < 1.3 * beyond_of_normal(t)
    assert np.isinf(tail.beyond(1.5 * rms)).all()  # too few were kept to tell
    assert 0 < tail.beyond(6 * rms)[0] < 1e-6  # further than any that was met


def test_constant_values_have_no_tail() -> None:
    tail = Tail.of(np.ones((3, 4)), np.ones(3), 4)
    assert not tail.beyond(np.full((2, 3), 1.1)).any()
