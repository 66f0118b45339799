"""Filters as whole numbers: U of float32, made as float32 kernels have it, divided by the factors of V and by scales.

For each product p and filter k, with W = U' / divisor for each channel:

    s = max |W| / MOST, q = W / s to the nearest whole number, ties to even, and M = s (Σ_c q (V - zero) + correction)

A scale of zeros is 1. Powers of two are those from s on. Where Σ |q| is more than MOST_OF_FILTER, so that a sum of
products could leave its 32 bits, s is multiplied by (2 Σ |q| + n) / (2 MOST_OF_FILTER - 2 n), with n numbers q ≠ 0.

U' is U and what the products before it erred by, and the correction is for what errors of U make of the means of V:
see `wincook.quantisation.quantise`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import HIGHEST, IN_WORD, LANES, MOST, MOST_OF_FILTER
from wincook.kernels.codegen.body.lanes.vectors import (
    BYTES,
    I64,
    INTEGERS,
    VECTOR,
    all_lanes,
    at,
    constant,
    load,
    pointer,
    store,
)
from wincook.kernels.codegen.body.nested.transforms import ACROSS, DOWN, FILTERS, KEPT, PRODUCTS
from wincook.kernels.codegen.body.quantised.blocks import (
    AT_ONCE,
    block_floats,
    factor_floats,
    filters_of_U,
)
from wincook.kernels.codegen.body.quantised.dots import BITS
from wincook.kernels.codegen.body.quantised.scales import (
    POWERS,
    X_SCALE,
    X_ZERO,
    everywhere_at,
    in_kernel,
    nearest,
    product_at,
    put_factors,
    put_number,
    put_zero,
    tables_of,
)
from wincook.machine_code import c_function

FRACTION = (1 << 23) - 1  # of float32
MOST_CORRECTED = 1 << 20  # of a sum
LOSS_BITS = 16  # bits, of a step of the sums; whole numbers of them have the same sum in any order
LOSSES = ir.VectorType(I64, LANES)
ERRORS_OF_CHANNEL = PRODUCTS * FILTERS  # floats; of a channel they are read together
KEPT_PLACES = np.array([i * KEPT[1] + j for i in DOWN for j in ACROSS])  # of each product in U of float32


@intrinsic
def make_up(typingctx: Any, plain: Any, errors: Any, place: Any, given: Any, product: Any, channels: Any) -> Any:
    """U of one product of FILTERS filters with what those before it erred, into its place among the errors."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        plain, errors, place, given, product, channels = arguments
        read, erred, number = pointer(builder, plain), pointer(builder, errors), channels.type
        tables = tables_of(builder, pointer(builder, given), product, channels)
        shares = at(builder, tables.weights, builder.mul(place, number(PRODUCTS)))
        totals = [cgutils.alloca_once(builder, VECTOR) for _ in range(FILTERS // LANES)]
        with cgutils.for_range(builder, channels) as loop:
            of_channel = at(builder, erred, builder.mul(loop.index, number(ERRORS_OF_CHANNEL)))
            for total in totals:
                builder.store(constant(0.0), total)
            with cgutils.for_range(builder, place) as before:
                share = everywhere_at(builder, at(builder, shares, before.index))
                line = at(builder, of_channel, builder.mul(before.index, number(FILTERS)))
                for i, total in enumerate(totals):
                    more = builder.fmul(share, load(builder, at(builder, line, i * LANES)))
                    builder.store(builder.fadd(builder.load(total, typ=VECTOR), more), total)
            spread = everywhere_at(builder, at(builder, tables.spreads, loop.index))
            plain_line = at(builder, read, builder.mul(loop.index, number(FILTERS)))
            written = at(builder, of_channel, builder.mul(place, number(FILTERS)))
            for i, total in enumerate(totals):
                made_up = builder.fdiv(builder.load(total, typ=VECTOR), spread)
                plain_U = load(builder, at(builder, plain_line, i * LANES))
                store(builder, builder.fadd(plain_U, made_up), at(builder, written, i * LANES))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 6), generate


@intrinsic
def quantise_filter(
    typingctx: Any, plain: Any, source: Any, given: Any, product: Any, channels: Any, target: Any
) -> Any:
    """One product of LANES filters: starts, words and scales to lines FILTERS words apart.

    What is quantised is in `source`, and the errors of U, as `plain` has it, take its place.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        plain, source, given, product, channels, target = arguments
        exact, read, written = (pointer(builder, address) for address in (plain, source, target))
        tables, number = tables_of(builder, pointer(builder, given), product, channels), channels.type
        scale_of_x = everywhere_at(builder, at(builder, tables.ends, X_SCALE))

        def line_of(channel: ir.Value) -> ir.Value:
            return builder.mul(channel, number(FILTERS))

        def errors_of(channel: ir.Value) -> ir.Value:
            return at(builder, read, builder.mul(channel, number(ERRORS_OF_CHANNEL)))

        def divisor(channel: ir.Value) -> ir.Value:
            return in_kernel(builder, everywhere_at(builder, at(builder, tables.multipliers, channel)), scale_of_x)[1]

        def divided(channel: ir.Value) -> ir.Value:
            return builder.fdiv(load(builder, errors_of(channel)), divisor(channel))

        largest = cgutils.alloca_once_value(builder, constant(0.0))
        with cgutils.for_range(builder, channels) as loop:
            magnitude = _magnitude(builder, divided(loop.index))
            before = builder.load(largest, typ=VECTOR)
            is_larger = builder.fcmp_ordered(">", magnitude, before)
            builder.store(builder.select(is_larger, magnitude, before), largest)
        powers = at(builder, tables.ends, POWERS)
        scales = _scales(builder, builder.load(largest, typ=VECTOR), powers)
        scales = builder.fmul(scales, _raise_of(builder, divided, channels, scales))
        scales = _rounded_up(builder, scales, powers)
        total = cgutils.alloca_once_value(builder, all_lanes(0))
        words = builder.sdiv(builder.add(channels, number(IN_WORD - 1)), number(IN_WORD))
        with cgutils.for_range(builder, words) as loop:
            word: ir.Value = all_lanes(0)
            for i in range(IN_WORD):
                channel = builder.add(builder.mul(loop.index, number(IN_WORD)), number(i))
                is_there = builder.icmp_signed("<", channel, channels)
                numbers = _whole(builder, divided(builder.select(is_there, channel, number(0))), scales)
                numbers = builder.select(is_there, numbers, all_lanes(0))
                builder.store(builder.add(builder.load(total, typ=INTEGERS), numbers), total)
                bits = builder.and_(numbers, all_lanes((1 << BITS) - 1))
                word = builder.or_(word, builder.shl(bits, all_lanes(i * BITS)))
            line = line_of(builder.add(loop.index, number(1)))
            builder.store(word, at(builder, written, line), align=BYTES)
        lost = cgutils.alloca_once_value(builder, _all_losses(0))
        with cgutils.for_range(builder, channels) as loop:
            whole = builder.sitofp(_whole(builder, divided(loop.index), scales), VECTOR)
            stored = builder.fmul(builder.fmul(whole, scales), divisor(loop.index))
            error = builder.fsub(load(builder, at(builder, exact, line_of(loop.index))), stored)
            centre, spread = (
                everywhere_at(builder, at(builder, table, loop.index)) for table in (tables.centres, tables.spreads)
            )
            more = _as_losses(builder, builder.fdiv(builder.fmul(error, centre), scales))
            builder.store(builder.add(builder.load(lost, typ=LOSSES), more), lost)
            store(builder, builder.fmul(error, spread), errors_of(loop.index))
        zeros = builder.fptosi(everywhere_at(builder, tables.zero), INTEGERS)
        starts = builder.neg(builder.mul(builder.load(total, typ=INTEGERS), zeros))
        starts = builder.add(starts, _whole_steps(builder, builder.load(lost, typ=LOSSES)))
        builder.store(starts, written, align=BYTES)
        store(builder, scales, at(builder, written, line_of(builder.add(words, number(1)))))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 6), generate


def _magnitude(builder: ir.IRBuilder, vector: ir.Value) -> ir.Value:
    return builder.bitcast(builder.and_(builder.bitcast(vector, INTEGERS), all_lanes((1 << 31) - 1)), VECTOR)


def _scales(builder: ir.IRBuilder, largest: ir.Value, powers: ir.Value) -> ir.Value:
    """The scale of each filter, rounded up to a power of two if `powers` points to 1."""
    scales = _rounded_up(builder, builder.fdiv(largest, constant(float(MOST))), powers)
    return builder.select(builder.fcmp_ordered(">", largest, constant(0.0)), scales, constant(1.0))


def _rounded_up(builder: ir.IRBuilder, scales: ir.Value, powers: ir.Value) -> ir.Value:
    """The least powers of two that are not less, if `powers` points to 1."""
    bits = builder.add(builder.bitcast(scales, INTEGERS), all_lanes(FRACTION))
    power = builder.bitcast(builder.and_(bits, all_lanes(~FRACTION)), VECTOR)
    are_powers = builder.fcmp_ordered(">", everywhere_at(builder, powers), constant(0.0))
    return builder.select(are_powers, power, scales)


def _raise_of(builder: ir.IRBuilder, divided: Any, channels: ir.Value, scales: ir.Value) -> ir.Value:
    """What scales are multiplied by: 1 where sums fit, as they always do of few channels."""
    total, nonzero = (cgutils.alloca_once_value(builder, all_lanes(0)) for _ in range(2))
    are_many = builder.icmp_signed(">", channels, channels.type(MOST_OF_FILTER // MOST))
    with cgutils.for_range(builder, builder.select(are_many, channels, channels.type(0))) as loop:
        numbers = _whole(builder, divided(loop.index), scales)
        is_below = builder.icmp_signed("<", numbers, all_lanes(0))
        magnitudes = builder.select(is_below, builder.neg(numbers), numbers)
        there = builder.zext(builder.icmp_signed("!=", numbers, all_lanes(0)), INTEGERS)
        for sums, more in ((total, magnitudes), (nonzero, there)):
            builder.store(builder.add(builder.load(sums, typ=INTEGERS), more), sums)
    sum_of_magnitudes, number = (builder.load(sums, typ=INTEGERS) for sums in (total, nonzero))
    large = builder.add(builder.add(sum_of_magnitudes, sum_of_magnitudes), number)
    room = builder.sub(all_lanes(MOST_OF_FILTER), number)
    raised = builder.fdiv(builder.uitofp(large, VECTOR), builder.sitofp(builder.add(room, room), VECTOR))
    is_beyond = builder.icmp_signed(">", sum_of_magnitudes, all_lanes(MOST_OF_FILTER))
    return builder.select(is_beyond, raised, constant(1.0))


def _whole(builder: ir.IRBuilder, vector: ir.Value, scales: ir.Value) -> ir.Value:
    """Whole numbers up to MOST."""
    numbers = nearest(builder, builder.fdiv(vector, scales))
    low, high = constant(float(-MOST)), constant(float(MOST))
    numbers = builder.select(builder.fcmp_ordered(">", numbers, low), numbers, low)
    numbers = builder.select(builder.fcmp_ordered("<", numbers, high), numbers, high)
    return builder.fptosi(numbers, INTEGERS)


def _as_losses(builder: ir.IRBuilder, steps: ir.Value) -> ir.Value:
    """Floats, in steps, as whole numbers of their parts."""
    most = float(HIGHEST << LOSS_BITS)
    parts = nearest(builder, builder.fmul(steps, constant(float(1 << LOSS_BITS))))
    parts = builder.select(builder.fcmp_ordered(">", parts, constant(-most)), parts, constant(-most))
    parts = builder.select(builder.fcmp_ordered("<", parts, constant(most)), parts, constant(most))
    return builder.fptosi(parts, LOSSES)


def _whole_steps(builder: ir.IRBuilder, parts: ir.Value) -> ir.Value:
    """The nearest steps of 32 bits, ties upward, held within MOST_CORRECTED."""
    lifted = builder.add(parts, _all_losses(1 << (LOSS_BITS - 1)))
    steps = builder.ashr(lifted, _all_losses(LOSS_BITS))
    low, high = _all_losses(-MOST_CORRECTED), _all_losses(MOST_CORRECTED)
    steps = builder.select(builder.icmp_signed(">", steps, low), steps, low)
    return builder.trunc(builder.select(builder.icmp_signed("<", steps, high), steps, high), INTEGERS)


def _all_losses(number: int) -> ir.Constant:
    return ir.Constant(LOSSES, [number] * LANES)


@njit(inline="always", error_model="numpy")
def put_tables(given: int, zeros: int, said: int, factors: int, channels: int) -> None:
    """What stands behind the filters, from address `factors` on."""
    lifts = factors + factor_floats(channels) * BYTES
    for product in range(PRODUCTS):
        for first in range(0, channels, AT_ONCE):
            line = factors + (first // AT_ONCE * PRODUCTS + product) * LANES * BYTES
            number = min(AT_ONCE, channels - first)
            put_factors(given + (product * channels + first) * BYTES, number, said + X_SCALE * BYTES, line)
        put_zero(zeros + product * BYTES, lifts + product * BYTES)
    put_number(said + X_ZERO * BYTES, lifts + PRODUCTS * BYTES)


@njit(inline="always", error_model="numpy")
def error_floats(channels: int) -> int:
    """How many errors are kept at once: those of all products of FILTERS filters."""
    floats: int = PRODUCTS * channels * FILTERS
    return floats


@c_function(*[types.int64] * 6)
def quantise_filters(plain: int, errors: int, given: int, U: int, channels: int, filters: int) -> None:
    """All of U, of `plain` U of float32 and what a calibration says, as `scales` has it; `errors` is to work in."""
    blocks, floats = -(-filters // FILTERS), block_floats(-(-channels // IN_WORD))
    zeros = given + PRODUCTS * channels * BYTES
    said = zeros + PRODUCTS * BYTES
    for block in range(blocks):
        for place in range(PRODUCTS):
            product = product_at(given, place, channels)
            source = plain + (KEPT_PLACES[product] * blocks + block) * channels * FILTERS * BYTES
            target = U + (product * blocks + block) * floats * BYTES
            own = errors + place * FILTERS * BYTES
            make_up(source, errors, place, given, product, channels)
            for lane in range(0, FILTERS * BYTES, LANES * BYTES):
                quantise_filter(source + lane, own + lane, given, product, channels, target + lane)
    factors = U + filters_of_U(filters, channels) * BYTES
    put_tables(given, zeros, said, factors, channels)
