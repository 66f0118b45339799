"""The products with the channels last: lines of terms times blocks of filters, finished in registers.

As in `gemm`, a micro-kernel holds some pixels × VECTORS vectors of filters, every sum is one chain of fmas from zero,
and there is one for each number of pixels. A line is a pixel's terms, one after another: in V, or in x itself.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import LANES, RESIDUAL, ROWS, VECTORS
from wincook.kernels.codegen.body.job import Job
from wincook.kernels.codegen.body.lanes.finish import SIDE, finished, numbers_of_filters
from wincook.kernels.codegen.body.lanes.partial import lanes_of
from wincook.kernels.codegen.body.lanes.vectors import (
    BYTES,
    F32,
    I64,
    VECTOR,
    at,
    broadcast,
    constant,
    fma,
    load,
    masked_load,
    masked_store,
    pointer,
    prefetch,
    store,
    words_as,
)
from wincook.machine_code import c_function

ARGUMENTS = 9
NEAR = 3  # lines that are read from one register

job_at = words_as(Job, 0)


@lru_cache(maxsize=ROWS)
def line_kernel(rows: int) -> Any:
    """The C function for so many pixels at once.

    It is told V, floats from one line to the next, U and the terms; where the sums go, and floats from one pixel's to
    the next; the job, which filter is the first, and how many there are. Where squares of pixels are pooled, the sums
    go to M as they are.
    """
    multiply = _lines(rows)

    def line_kernel(
        V: int, line: int, U: int, terms: int, target: int, stride: int, job: int, first: int, filters: int
    ) -> None:
        work = job_at(job)
        residual = target + (work.residual - work.y)  # which lies as y does
        multiply(V, line, U, terms, target, stride, (work.bias + first * BYTES, work.apart, residual, filters))

    line_kernel.__name__ = line_kernel.__qualname__ = f"line_kernel_{rows}"
    return c_function(*[types.int64] * ARGUMENTS)(line_kernel)


def _lines(rows: int) -> Any:
    @intrinsic
    def multiply(
        typingctx: Any, V: Any, line: Any, U: Any, terms: Any, target: Any, stride: Any, of_filters: Any
    ) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            V, line, U, terms, target, stride, of_filters = arguments
            sums = [[cgutils.alloca_once(builder, VECTOR) for _ in range(VECTORS)] for _ in range(rows)]
            for row in sums:
                for total in row:
                    builder.store(constant(0.0), total)
            _walk_terms(builder, pointer(builder, V), line, pointer(builder, U), terms, sums)
            places = [at(builder, pointer(builder, target), builder.mul(stride, I64(i))) for i in range(rows)]
            if SIDE == 1:
                _finish_lines(builder, sums, places, stride, cgutils.unpack_tuple(builder, of_filters))
            else:
                for row, place in zip(sums, places, strict=True):
                    for j, total in enumerate(row):
                        store(builder, builder.load(total, typ=VECTOR), at(builder, place, j * LANES))
            return context.get_dummy_value()

        return types.void(*[types.int64] * 6, of_filters), generate

    return multiply


def _walk_terms(
    builder: ir.IRBuilder, V: ir.Value, line: ir.Value, U: ir.Value, terms: ir.Value, sums: list[list[ir.Value]]
) -> None:
    """One fma for every sum and term; the filters that come next are fetched on the way."""
    U_next = at(builder, U, builder.mul(terms, I64(VECTORS * LANES)))
    places = [
        cgutils.alloca_once_value(builder, at(builder, V, builder.mul(line, I64(i)))) for i in range(0, len(sums), NEAR)
    ]
    steps = [builder.mul(line, I64(i)) for i in range(NEAR)]
    with cgutils.for_range(builder, terms) as loop:
        offset = builder.mul(loop.index, I64(VECTORS * LANES))
        row, row_next = at(builder, U, offset), at(builder, U_next, offset)
        for j in range(VECTORS):
            prefetch(builder, at(builder, row_next, j * LANES))
        weights = [load(builder, at(builder, row, j * LANES)) for j in range(VECTORS)]
        for i, totals in enumerate(sums):
            place = builder.load(places[i // NEAR], typ=ir.PointerType())
            value = broadcast(builder, builder.load(at(builder, place, steps[i % NEAR]), typ=F32, align=BYTES))
            for total, weight in zip(totals, weights, strict=True):
                builder.store(fma(builder, value, weight, builder.load(total, typ=VECTOR)), total)
        for place in places:
            builder.store(_as_it_is(builder, at(builder, builder.load(place, typ=ir.PointerType()), 1)), place)


def _as_it_is(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """The place, in a register of its own: LLVM would keep one for each line, and have too few for the sums."""
    kind = ir.FunctionType(ir.PointerType(), [ir.PointerType()])
    return builder.call(ir.InlineAsm(kind, "", "=r,0"), [place])


def _finish_lines(
    builder: ir.IRBuilder,
    sums: list[list[ir.Value]],
    places: list[ir.Value],
    stride: ir.Value,
    of_filters: list[ir.Value],
) -> None:
    """Write y: what follows the products, for the filters that there are."""
    bias, apart, residual, filters = of_filters
    masks = [lanes_of(builder, I64(0), builder.sub(filters, I64(j * LANES))) for j in range(VECTORS)]
    numbers = [
        numbers_of_filters(builder, at(builder, pointer(builder, bias), j * LANES), apart, load) for j in range(VECTORS)
    ]
    vectors: list[list[ir.Value]] = []
    for i, row in enumerate(sums):
        added = at(builder, pointer(builder, residual), builder.mul(stride, I64(i)))
        vectors.append([])
        for j, total in enumerate(row):
            other = masked_load(builder, at(builder, added, j * LANES), masks[j]) if RESIDUAL else None
            vectors[i].append(finished(builder, builder.load(total, typ=VECTOR), numbers[j], other))
    with builder.if_else(builder.icmp_signed(">=", filters, I64(VECTORS * LANES))) as (whole, part):
        with whole:
            for place, row in zip(places, vectors, strict=True):
                for j, vector in enumerate(row):
                    store(builder, vector, at(builder, place, j * LANES))
        with part:
            for place, row in zip(places, vectors, strict=True):
                for j, vector in enumerate(row):
                    masked_store(builder, vector, at(builder, place, j * LANES), masks[j])
