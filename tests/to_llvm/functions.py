"""Functions that Python and LLVM both run, with whole numbers a and b."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, types  # noqa: F401

from wincook.kernels.codegen.body.exported.words import put_words  # noqa: F401
from wincook.machine_code import c_function  # noqa: F401

SQUARES = (0, 1, 4, 9)
CUBES = np.array([0, 1, 8, 27])
HALVES = (0.5, 1.5, 3)
IS_SET, IS_CLEAR = True, False


class Pair(NamedTuple):
    first: int
    second: int = 5


@njit
def rounded(a: int, b: int) -> int:
    return a // b * 1000 + a % b if b else 7


@njit
def by_constants(a: int, b: int) -> int:
    return (a // 4, a % 4, -(-a // 7), a % -3, -a // 2)[2] + a % -3 * 10 + a // 4 * 100


@njit
def bits(a: int, b: int) -> int:
    return (a & b) + (a | b) * 3 + (a ^ 5) * 7 + (~a) + (a << 2) + (a >> 1)


@njit
def extremes(a: int, b: int) -> int:
    return min(a, b, 3) + max(a, -b) * 100 + abs(-4)


@njit
def chained(a: int, b: int) -> int:
    return (0 <= a < b) + 2 * (a == b != 4) + 4 * (not a) + 8 * (a > 3 >= b)


@njit
def either(a: int, b: int) -> int:
    return (a or b) * 10 + (a and b) + (IS_SET and a) + (IS_CLEAR or b)


@njit
def guarded(a: int, b: int) -> int:
    return 1 if b != 0 and a // b > 1 else 2


@njit
def chosen(a: int, b: int) -> int:
    x, y = (a, b) if a < b else (b, a)
    return x * 10 + y


@njit
def early(a: int, b: int) -> int:
    if a > b:
        return 1
    if a == b:
        return 2
    return 3


@njit
def one_way(a: int, b: int) -> int:
    if IS_CLEAR:
        return -1 if a is b else 0  # of which nothing is written
    x = 1
    if a > 0:
        x = 2 * b
    return x


@njit
def tables(a: int, b: int) -> int:
    total: int = SQUARES[a % 4] + CUBES[b % 4] * 10 + SQUARES[-1]
    return total


@njit
def real_tables(a: int, b: int) -> int:
    return (HALVES[a % 3] + HALVES[b % 3] == 2.0) + 2 * (HALVES[a % 3] > 2.5)


@njit
def pairs(a: int, b: int) -> int:
    p = Pair(a)
    q = Pair(second=b, first=a * p.second)
    p = q
    return p.first * 3 + p.second + sum(q) + len(q)


@njit
def counted(a: int, b: int) -> int:
    total = 0
    for i in range(max(a, -9), b, 2):
        if i % 3 == 0:
            continue
        if total > 40:
            break
        total += i
    return total


@njit
def nested(a: int, b: int) -> int:
    total = 0
    for i in range(b):
        for j in range(i):
            total += i * j
        i += 100  # noqa: PLW2901
    return total + len(SQUARES)


@njit
def repeated(a: int, b: int) -> int:
    total = n = 0
    while n < 9 and total < 30:
        n += 1
        if n == 4:
            continue
        total += n * (a % 3 + 1)
    return total * 10 + n


@njit
def returned_from_loops(a: int, b: int) -> int:
    for i in range(50):
        if i * i >= a:
            return i
    return -1


@njit
def floats(a: int, b: int) -> int:
    x = float(a) * 0.5 + b
    return (x > 1.5) + 2 * (x != x) + 4 * (min(x, 2.5) < 2.25) + 8 * bool(x)  # noqa: PLR0124


@njit
def called(a: int, b: int) -> int:
    total: int = rounded(a, b) + rounded(b, a) * 3 + changed(a, b)
    return total


@njit
def changed(a: int, b: int) -> int:
    a += 1
    a, b = b, a
    return a - b


@njit
def starred(a: int, b: int) -> int:
    pair = (a, b)
    for i in range(*(0, 3)):
        pair = (pair[1], pair[0] + i)
    return max(*pair) + Pair(*pair).second
