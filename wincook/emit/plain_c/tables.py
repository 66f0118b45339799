"""What a calibration says, as constants and tables of C: how V becomes whole numbers, and how filters are quantised.

    V  round(v factor + zero), held within its range; in 16 bits (v factor + 2^14) >> 15, with whole factors
    U  filters over divisors, what a factor is in effect, and over a scale of each filter and product

Products are quantised in an order, each with shares of the errors before it. Centres are the means of V, and spreads
how much it varies (`codegen/body/quantised/scales` has the same).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from wincook.arrays import Array
from wincook.kernels.codegen.body.lanes.finish import WITHOUT_FRACTIONS
from wincook.kernels.codegen.constants import integer_shift_of
from wincook.kernels.plans.plan import Plan
from wincook.kernels.run.calibrated import Scales, scales_of
from wincook.quantisation.affine import KINDS
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.integers import MOST_CORRECTED, MOST_TERMS, integers_of, most_of_filter

_COLUMNS = 16  # that rows of tables are filled up to: lanes of the widest vectors
_NUMBERS_A_LINE = 10
Calibrations = tuple[Calibration, ...]
"""Of whole numbers that of each turn; none of others."""

_LARGEST_FACTOR = 2**15 - 1
_BITS_OF_FACTOR = 15


def quantised_constants(plan: Plan, calibrations: Calibrations) -> dict[str, object]:
    """Ranges of V and U, and how they are made; the calibrations of turns are of one kind."""
    integers, takes_x = integers_of(plan.format, direct=plan.sums_terms), _takes_x(plan)
    shift = integer_shift_of(plan)
    return {
        "CALIBRATED_CHANNELS": plan.layer.channels,
        "CALIBRATIONS": len(calibrations),
        "COLUMNS": -(-plan.layer.channels // _COLUMNS) * _COLUMNS,
        "V_IS_X": int(takes_x),
        "SHIFTED": 0 if shift is None else 1 << shift,
        "LOWEST_V": integers.lowest,
        "HIGHEST_V": integers.highest,
        "MOST_OF_U": integers.most,
        "MOST_OF_FILTER": most_of_filter(integers, takes_x=takes_x),
        "MOST_CORRECTED": MOST_CORRECTED,
        "MOST_TERMS": MOST_TERMS,
        "SCALES_ARE_POWERS": int(calibrations[0].powers_of_two),
    }


def constants_of_elements(plan: Plan, scales: Scales) -> dict[str, object]:
    """What elements of 8 bits stand for, where there are any."""
    x, y, residual = scales.x, scales.y, scales.residual
    is_scaled = x is not None and plan.format == "float32"
    constants: dict[str, object] = {
        "ZERO_OF_X": 0 if x is None else x.zero_point,
        "SCALE_OF_X": float_literal(np.float32(x.scale)) if x is not None and is_scaled else "1.0f",
        "ZERO_OF_RESIDUAL": 0 if residual is None else residual.zero_point,
        "SCALE_OF_RESIDUAL": float_literal(np.float32(1 if residual is None else residual.scale)),
    }
    if y is not None:
        lowest, highest = KINDS[plan.output_format]
        constants["STEPS_OF_Y"] = float_literal(1 / np.float32(y.scale))
        constants["ZERO_OF_Y"] = float_literal(np.float32(WITHOUT_FRACTIONS + y.zero_point))
        constants |= {"LOWEST_Y": lowest, "HIGHEST_Y": highest}
    return constants


def tables(plan: Plan, calibrations: Calibrations) -> str:
    """The arrays, rows of which are products: those of each turn follow one another."""
    turns = [_tables_of(plan, calibration) for calibration in calibrations]
    several = {name: np.concatenate([turn[name] for turn in turns]) for name in turns[0]}
    texts = []
    for name, table in several.items():
        is_wide = table.ndim > 1
        columns = "" if not is_wide else "[PRODUCTS]" if name == "shares" else "[COLUMNS]"
        texts.append(_array(_kind(table), f"{name}[CALIBRATIONS * PRODUCTS]{columns}", table))
    return "\n".join(["/* What was calibrated. */\n", *texts])


def _tables_of(plan: Plan, calibration: Calibration) -> dict[str, NDArray[np.generic]]:
    """Those of one calibration, by their names."""
    channels, products = plan.layer.channels, plan.algorithm.multiplications
    sizes = np.cumsum([products * channels, products, 3, products, products**2, products * channels])
    said = scales_of(plan, calibration)["extra"]
    multipliers, zeros, (scale, _, _), order, shares, centres, spreads = np.split(said, sizes)
    if _takes_x(plan):
        zeros, by_channel = np.zeros_like(zeros), {"divisors": np.full_like(multipliers, 1 / scale)}
    else:
        factors, divisors = _factors(multipliers, scale, integer_shift_of(plan))
        by_channel = {"factors": factors, "divisors": divisors}
    by_channel |= {"centres": centres, "spreads": spreads}
    found: dict[str, NDArray[np.generic]] = {
        "order": order.astype(np.int32),
        "zeros": zeros + np.float32(WITHOUT_FRACTIONS),
        "shares": shares.reshape(products, products),
    }
    return found | {name: _filled_up(table, channels) for name, table in by_channel.items()}


def float_literal(number: np.float32) -> str:
    """A float32 as C reads it.

    >>> float_literal(np.float32(0.1))
    '0.1f'
    """
    return f"{number!s}f"


def _takes_x(plan: Plan) -> bool:
    """Whether V is x, less its zero point."""
    return plan.sums_terms and plan.input_format in KINDS


def _factors(multipliers: Array, scale: np.float32, shift: int | None) -> tuple[NDArray[np.generic], Array]:
    """Factors of V in the kernel, and what filters are divided by for them."""
    factors = multipliers * scale
    if shift is None:
        return factors, multipliers
    steps = np.float32(2.0 ** (_BITS_OF_FACTOR - shift))
    whole = np.rint(np.clip(factors * steps, np.float32(1), np.float32(_LARGEST_FACTOR)))
    return whole.astype(np.int32), whole * (1 / steps) / scale


def _kind(table: NDArray[np.generic]) -> str:
    return "float" if table.dtype == np.float32 else "int32_t"


def _filled_up(table: NDArray[np.generic], channels: int) -> NDArray[np.generic]:
    """Rows of products, with ones up to whole vectors: those of channels that there are not."""
    return np.pad(table.reshape(-1, channels), ((0, 0), (0, -channels % _COLUMNS)), constant_values=1)


def _array(kind: str, declared: str, values: NDArray[np.generic]) -> str:
    return f"static const {kind} {declared} = {{\n{''.join(_lines(values))}}};\n"


def _lines(values: NDArray[np.generic]) -> Iterator[str]:
    for row in np.atleast_2d(values):
        numbers = [float_literal(number) if isinstance(number, np.float32) else str(number) for number in row]
        lines = [", ".join(numbers[i : i + _NUMBERS_A_LINE]) for i in range(0, len(numbers), _NUMBERS_A_LINE)]
        text = ",\n".join(f"  {line}" for line in lines)
        yield f"{text}\n" if values.ndim == 1 else f"  {{\n{text}\n  }},\n"
