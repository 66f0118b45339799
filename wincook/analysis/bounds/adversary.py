"""Inputs that come near the bound: signs that make every product large, then significands that round the wrong way.

The signs maximise Σ_j |AT[i,j]| |(G g)_j| |(BT d)_j|, the size of what is rounded on the way to output i. For given g
this is convex in d, so replacing d by the signs of its subgradient never makes it less, and g in turn. At d, g = ±1
nothing is rounded, so the significands are searched: channel by channel for the sum M, then all together, by steps of
all sizes, keeping what has the largest error. Each candidate runs through the rounded interpreter; the error of the
best is exact. (Search for bad inputs by direct search: Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd
ed., chapter 26.)
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from wincook.analysis.bounds.error_forms import outputs_of, structure
from wincook.analysis.bounds.worst_case import bound_by_stage
from wincook.analysis.data.distributions import Law
from wincook.analysis.data.reach import Reach
from wincook.analysis.kronecker import kron
from wincook.analysis.measurement.tiles import computed
from wincook.analysis.problem import Problem
from wincook.arguments import whole_number
from wincook.arrays import Array
from wincook.construct.subject import Subject
from wincook.errors import NotationError
from wincook.formats import Format
from wincook.precision import Precision
from wincook.program import rounding
from wincook.program.interpret import Rounded, evaluate_axes
from wincook.program.programs import sizes
from wincook.proof import convolution_tensor
from wincook.shown import brief

_BATCH = 64
_LARGEST_TILE = 1 << 18  # numbers in a tile, all channels together: each channel is searched at least once
_STARTS = 256
_CHOSEN_ALONE = 0.5  # of the budget, for one channel at a time
_REPEATED = 0.25  # of the candidates for a channel: the best one before it, unchanged in all but a few places


@dataclass(frozen=True, slots=True, eq=False)
class Adversary:
    """Inputs (C, n_1, ...) and filters (C, r_1, ...), and |computed y - y| at the worst output, exactly."""

    d: Array
    g: Array
    output: tuple[int, ...]
    error: Fraction
    evaluations: int

    __repr__ = brief

    def __str__(self) -> str:
        return f"error {float(self.error):.3g} at output {self.output}, by d {self.d.shape} and g {self.g.shape}"


def adversary(
    algorithm: Subject,
    format: Precision | Format | str = "float32",
    channels: int = 1,
    law: Law | str = "uniform",
    *,
    seed: int = 0,
    budget: int = 20_000,
) -> Adversary:
    """Search for inputs with a large error, through so many tiles.

    Args:
        algorithm: a correlation of real numbers.
        format: of all stages, or a policy with one for each.
        channels: C, over which products are summed.
        law: data are searched for within its reach; for uniform data |d|, |g| ≤ 1.
        seed: of the random numbers.
        budget: tiles that are tried.

    Raises:
        AlgorithmError: the algorithm is no correlation of real numbers.
        ShapeError: no channels, or more than can be searched; a budget below one tile, or a seed below 0.
        NotationError: a law that does not tell how far its numbers reach.

    >>> from wincook.analysis.bounds.worst_case import error_bound
    >>> bad = adversary("F(2,3)", "float32", channels=1, budget=4000)
    >>> 0.1 < float(bad.error) / error_bound("F(2,3)", "float32", channels=1) <= 1
    True
    """
    problem = Problem.of(algorithm, format, channels, law, purpose="have rounding errors to search for")
    tile = problem.algorithm.tile
    channels = whole_number("channels", problem.channels, most=_LARGEST_TILE // prod(tile.inputs))
    budget, seed = whole_number("budget", budget), whole_number("seed", seed, 0, None)
    reach = Reach.of(problem)
    if not (reach.d_max and reach.g_max):
        raise NotationError(f"law {problem.law.name} does not tell how far its numbers reach; take another")
    worst = int(np.argmax(bound_by_stage(problem, reach.d_max, reach.g_max).per_output))
    search = _Search(problem, reach, worst, np.random.default_rng(seed))
    d, g = search.channel_by_channel(channels, int(budget * _CHOSEN_ALONE))
    d, g, output = search.together(d, g, budget - int(budget * _CHOSEN_ALONE))
    y = computed(problem.programs, tile.outputs, problem.precision, d[None], g[None]).reshape(-1)
    form = convolution_tensor(tile, problem.algorithm.kind)[output]
    exact = sum(
        (Fraction(float(g.reshape(channels, -1)[c, s])) * Fraction(float(d.reshape(channels, -1)[c, n])))
        for c in range(channels)
        for s, n in np.argwhere(form)
    )
    place = tuple(int(i) for i in np.unravel_index(output, outputs_of(problem.algorithm)))
    return Adversary(d, g, place, abs(Fraction(float(y[output])) - exact), budget)


class _Search:
    """One search: what is searched for, and its random numbers."""

    def __init__(self, problem: Problem, reach: Reach, worst: int, rng: np.random.Generator) -> None:
        algorithm, parts = problem.algorithm, structure(problem.algorithm, problem.precision)
        self.algorithm, self.programs, self.policy, self.rng = algorithm, problem.programs, problem.precision, rng
        self.reach = reach
        self.weights = kron([axis.reach[:, : axis.inputs, 0] for axis in parts.output])[worst]
        self.exact = convolution_tensor(algorithm.tile, algorithm.kind)
        self.worst = worst
        G = kron([axis.forms[list(axis.program.outputs)] for axis in parts.filter])
        BT = kron([axis.forms[list(axis.program.outputs)] for axis in parts.input])
        self.d, self.g = self._signs(G, BT)

    def _signs(self, G: Array, BT: Array) -> tuple[Array, Array]:
        """Of d and g, the best of many starts."""
        weights = np.abs(self.weights)
        d = self.rng.choice([-1.0, 1.0], (_STARTS, BT.shape[1]))
        g = self.rng.choice([-1.0, 1.0], (_STARTS, G.shape[1]))
        for _ in range(20):
            U = g @ G.T
            V = d @ BT.T
            d = np.where((weights * np.abs(U) * np.sign(V)) @ BT >= 0, 1.0, -1.0)
            V = d @ BT.T
            g = np.where((weights * np.abs(V) * np.sign(U)) @ G >= 0, 1.0, -1.0)
        best = int(np.argmax((np.abs(g @ G.T) * np.abs(d @ BT.T)) @ weights))
        return d[best], g[best]

    def channel_by_channel(self, channels: int, budget: int) -> tuple[Array, Array]:
        """Each channel chosen for the error of AT M so far: shapes (C, inputs), (C, taps)."""
        rounds = max(1, budget // (_BATCH * channels))
        M = rounding.round_to(np.zeros(len(self.weights)), self.policy.accumulate)
        exact: Any = np.longdouble(0)
        chosen: list[tuple[Array, Array]] = []
        for _ in range(channels):
            best: tuple[float, Array, Array, Array, Any] | None = None
            for _ in range(rounds):
                d, g = self._fresh() if best is None else self._moved(best[1], best[2])
                if chosen:
                    again = int(_BATCH * _REPEATED)
                    d[:again], g[:again] = self._moved(*chosen[-1], number=again)
                U, V = self._transformed(d, g)
                sums = rounding.accumulate(np.broadcast_to(M, U.shape).copy(), U, V, self.policy)
                wanted_sums = exact + self._bilinear(d, g, self.exact[self.worst])
                errors = np.abs(sums.astype(np.longdouble) @ self.weights.astype(np.longdouble) - wanted_sums)
                k = _largest(errors)
                if best is None or errors[k] > best[0]:
                    best = (float(errors[k]), d[k], g[k], sums[k], wanted_sums[k])
            if best is not None:
                _, d_best, g_best, M, exact = best
                chosen.append((d_best, g_best))
        return np.array([d for d, _ in chosen]), np.array([g for _, g in chosen])

    def together(self, d: Array, g: Array, budget: int) -> tuple[Array, Array, int]:
        """Climb with all channels at once: the best data, in the shape of the tile, and the worst output."""
        tile = self.algorithm.tile
        best, output = -1.0, 0
        channels = len(d)
        for number in range(max(1, budget // _BATCH)):
            moved_d, moved_g = np.repeat(d[None], _BATCH, 0), np.repeat(g[None], _BATCH, 0)
            if number:
                rows, at = np.arange(_BATCH), self.rng.integers(0, channels, _BATCH)
                moved_d[rows, at], moved_g[rows, at] = self._steps(moved_d[rows, at], moved_g[rows, at])
            y = computed(
                self.programs,
                tile.outputs,
                self.policy,
                moved_d.reshape(_BATCH, channels, *tile.inputs),
                moved_g.reshape(_BATCH, channels, *tile.taps),
            ).reshape(_BATCH, -1)
            wanted_y = np.stack([self._bilinear(moved_d, moved_g, form).sum(1) for form in self.exact], axis=1)
            errors = np.abs(y.astype(np.longdouble) - wanted_y)
            k = _largest(errors.max(1))
            if errors[k].max() > best:
                best, output = float(errors[k].max()), int(np.argmax(errors[k]))
                d, g = moved_d[k], moved_g[k]
        return d.reshape(channels, *tile.inputs), g.reshape(channels, *tile.taps), output

    def _fresh(self) -> tuple[Array, Array]:
        """The signs with random magnitudes, from half the reach on."""
        d, g = (
            self.rng.uniform(0.5, 1, (_BATCH, len(signs))) * (limit * signs)
            for signs, limit in ((self.d, self.reach.d_max), (self.g, self.reach.g_max))
        )
        return rounding.round_to(d, self.policy.input), rounding.round_to(g, self.policy.filter)

    def _moved(self, d: Array, g: Array, number: int = _BATCH) -> tuple[Array, Array]:
        return self._steps(np.repeat(d[None], number, 0), np.repeat(g[None], number, 0))

    def _steps(self, d: Array, g: Array) -> tuple[Array, Array]:
        """One or a few numbers of each row changed, by steps from a half to the last place."""
        moved = []
        sides = ((d, self.policy.input, self.reach.d_max), (g, self.policy.filter, self.reach.g_max))
        for values, fmt, limit in sides:
            often = self.rng.uniform(0, 1, (len(values), 1)) * 2 / values.shape[1] ** 0.5
            steps = np.exp2(-self.rng.uniform(1, max(fmt.precision, 2), values.shape))
            steps *= self.rng.choice([-1.0, 1.0], values.shape) * (self.rng.random(values.shape) < often)
            moved.append(rounding.round_to(np.clip(values * (1 + steps), -limit, limit), fmt))
        return moved[0], moved[1]

    def _transformed(self, d: Array, g: Array) -> tuple[Array, Array]:
        programs, policy = self.programs, self.policy
        U = evaluate_axes(programs.filter, g.reshape(-1, *sizes(programs.filter)), Rounded(policy.filter))
        V = evaluate_axes(programs.input, d.reshape(-1, *sizes(programs.input)), Rounded(policy.input))
        return (
            rounding.round_to(U, policy.U).reshape(len(g), -1),
            rounding.round_to(V, policy.V).reshape(len(d), -1),
        )

    def _bilinear(self, d: Array, g: Array, form: Array) -> Array:
        total: Any = np.longdouble(0)
        for s, n in np.argwhere(form):
            total = total + g[..., s].astype(np.longdouble) * d[..., n]
        return np.asarray(total)


def _largest(errors: Array) -> int:
    """Its place; overflow does not count."""
    return int(np.argmax(np.where(np.isfinite(errors), errors, -1)))
