"""How large the values of an algorithm get: at most, exactly, and in the mean square.

With |g| ≤ w and |d| ≤ x in each of C channels, every value that the programs of y = AT [Σ_c (G g) ⊙ (BT d)] ever hold
is at most

    w Σ|a_j|                         for Σ a_j g_j, in the filter transform; likewise in the input transform,
    C w x max_s Σ_l |Σ_j s_j T_jl|   for Σ_c Σ_jl T_jl g_j d_l, in the output transform; s runs over all signs,

and some data attain it: the signs of the coefficients. The second is the norm of T from ∞ to 1 (Higham, *Accuracy and
Stability of Numerical Algorithms*, 2nd ed., section 6.2). In more dimensions one axis after the other is transformed.
The axes still to come multiply by one row of G and one of BT; those done have brought each tap together with one input,
so that they only add r values of one kind. Hence all three factors multiply over the axes, with nothing lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm, prod
from typing import Any

import numpy as np

from wincook.analysis.data.distributions import Law
from wincook.analysis.kronecker import outer
from wincook.arrays import Array
from wincook.exact.number import Number
from wincook.program.ir import Program
from wincook.program.linear_forms import Matrix, linear_forms, matrix_of, rows_of
from wincook.program.programs import Programs

_MOST_TAPS = 12  # of one set: above, Σ|T| stands for the norm, and bounds it
_SAFE = 2**62  # int64 holds what is below this


@dataclass(frozen=True, slots=True, eq=False)
class Extent:
    """The values of one stage, for one channel and |g|, |d| ≤ 1.

    `largest` is attained by some value and some data. `square` and `swing` have an entry for each value Σ T_jl g_j d_l:
    Σ T_jl² and Σ_j (Σ_l T_jl)², what the variance and the squared mean of the inputs are multiplied by.
    """

    largest: Number
    square: Array
    swing: Array


@dataclass(frozen=True, slots=True)
class Extents:
    """The extents of all stages: of the transforms, with all that they hold on the way, and of what they give."""

    filter: Extent
    U: Extent
    input: Extent
    V: Extent
    product: Extent
    output: Extent
    y: Extent

    @classmethod
    def of(cls, programs: Programs) -> Extents:
        """Those of the programs of a correlation."""
        filters = [_linear_axis(program, _of_taps) for program in programs.filter]
        inputs = [_linear_axis(program, _of_inputs) for program in programs.input]
        stages = zip(programs.filter, programs.input, programs.output, strict=True)
        outputs = [_output_axis(*axis) for axis in stages]
        return cls(
            filter=_on_the_way(filters),
            U=_nested([axis.after for axis in filters]),
            input=_on_the_way(inputs),
            V=_nested([axis.after for axis in inputs]),
            product=_nested([axis.before for axis in outputs]),
            output=_on_the_way(outputs),
            y=_nested([axis.after for axis in outputs]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """The means and variances of values, an entry for each, under a data law."""

    mean: Array
    variance: Array

    @property
    def rms(self) -> Array:
        """Of each value."""
        return np.asarray(np.sqrt(self.mean**2 + self.variance))


def spread_of_filters(extent: Extent, law: Law, taps: int) -> Spread:
    """Filters have mean zero; `taps` are those of all channels."""
    return Spread(np.zeros_like(extent.square), extent.square * law.filter_variance(taps))


def spread_of_inputs(extent: Extent, law: Law) -> Spread:
    """Independent inputs of one mean and one variance."""
    return Spread(abs(law.mean) * np.sqrt(extent.swing), law.variance * extent.square)


def spread_of_products(extent: Extent, law: Law, taps: int, channels: int) -> Spread:
    """Sums of products over channels: their mean is zero, as that of the filters is."""
    per_channel = law.variance * extent.square + law.mean**2 * extent.swing
    return Spread(np.zeros_like(per_channel), channels * law.filter_variance(taps) * per_channel)


@dataclass(frozen=True, slots=True)
class _Axis:
    """One axis of a transform: what it reads, all that it holds, and what it gives."""

    before: Extent
    values: Extent
    after: Extent


def _on_the_way(axes: Sequence[_Axis]) -> Extent:
    """All values of a transform, one axis after the other."""
    passes = [
        _nested(
            [*(before.after for before in axes[:place]), axis.values, *(after.before for after in axes[place + 1 :])]
        )
        for place, axis in enumerate(axes)
    ]
    return Extent(
        max(extent.largest for extent in passes),
        np.concatenate([extent.square for extent in passes]),
        np.concatenate([extent.swing for extent in passes]),
    )


def _nested(axes: Sequence[Extent]) -> Extent:
    """Values whose coefficients are products over the axes."""
    return Extent(
        prod((axis.largest for axis in axes), start=Fraction(1)),
        outer([axis.square for axis in axes]).ravel(),
        outer([axis.swing for axis in axes]).ravel(),
    )


def _linear_axis(program: Program, measured: Callable[[Array], Extent]) -> _Axis:
    forms = _forms(program)
    return _Axis(measured(forms[: program.inputs]), measured(forms), measured(forms[list(program.outputs)]))


def _of_taps(forms: Array) -> Extent:
    """Of Σ a_j g_j: T is a column."""
    square = np.square(forms.astype(float)).sum(axis=1)
    return Extent(max(np.abs(forms).sum(axis=1)), square, square)


def _of_inputs(forms: Array) -> Extent:
    """Of Σ a_l d_l: T is a row."""
    numbers = forms.astype(float)
    return Extent(max(np.abs(forms).sum(axis=1)), np.square(numbers).sum(axis=1), np.square(numbers.sum(axis=1)))


def _output_axis(filters: Program, inputs: Program, outputs: Program) -> _Axis:
    G, BT, forms = _array(matrix_of(filters)), _array(matrix_of(inputs)), _forms(outputs)
    values = _of_products(forms, G, BT)
    products = _of_products(forms[: outputs.inputs], G, BT)
    return _Axis(products, values, _of_products(forms[list(outputs.outputs)], G, BT))


def _of_products(forms: Array, G: Array, BT: Array) -> Extent:
    """Of Σ_k a_k (G g)_k (BT d)_k: T_jl = Σ_k a_k G_kj BT_kl."""
    (forms, G, BT), scale = _integers([forms, G, BT])
    pairs = (G[:, :, None] * BT[:, None, :]).reshape(len(G), -1)
    if scale and np.abs(forms).sum(axis=1).max() * np.abs(pairs).sum(axis=1).max() < _SAFE:
        forms, pairs = forms.astype(np.int64), pairs.astype(np.int64)
    T = (forms @ pairs).reshape(len(forms), G.shape[1], BT.shape[1])
    numbers = (T.astype(object) / scale if scale else T).astype(float)  # neither may be beyond float64
    norm = max(map(_norm, T))
    return Extent(
        Fraction(int(norm), scale) if scale else norm,
        np.square(numbers).sum(axis=(1, 2)),
        np.square(numbers.sum(axis=2)).sum(axis=1),
    )


def _norm(T: Array) -> Any:
    """max |Σ T_jl g_j d_l| over all signs: g takes each pattern up to its own sign, d those that fit."""
    taps = len(T)
    if taps > _MOST_TAPS:
        return np.abs(T).sum()
    signs = np.array(list(product([1], *[[1, -1]] * (taps - 1))), dtype=T.dtype)
    return max(np.abs(signs @ T).sum(axis=1))


def _integers(arrays: list[Array]) -> tuple[list[Array], int]:
    """Arrays of fractions times their common denominators, and the product of these; 0 where some are irrational."""
    if not all(isinstance(entry, Fraction) for array in arrays for entry in array.flat):
        return arrays, 0
    scales = [lcm(*(entry.denominator for entry in array.flat)) for array in arrays]
    to_integers = np.frompyfunc(int, 1, 1)
    return [to_integers(array * scale) for array, scale in zip(arrays, scales, strict=True)], prod(scales)


def _forms(program: Program) -> Array:
    """Every value of a program, inputs first, as a row of exact coefficients."""
    return _array(rows_of(linear_forms(program), program.inputs))


def _array(matrix: Matrix) -> Array:
    return np.array(matrix, dtype=object)
