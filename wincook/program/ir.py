"""The one language of wincook: straight-line programs for linear transforms.

A `Program` is a list of operations in single-assignment form. Values are numbered: first the inputs, then one per
operation. Constants are exact: fractions, or real algebraic numbers. The same object is interpreted exactly (to prove
it), in rounded arithmetic (to measure it), over magnitudes (to bound it), and written out as kernel code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from wincook.arguments import whole_number, words
from wincook.errors import NotationError, quoted
from wincook.exact.number import Algebraic, Number
from wincook.shown import Shown


@dataclass(frozen=True, slots=True)
class Add:
    """a + b."""

    a: int
    b: int


@dataclass(frozen=True, slots=True)
class Sub:
    """a - b."""

    a: int
    b: int


@dataclass(frozen=True, slots=True)
class Neg:
    """-a, exact in every format."""

    a: int


@dataclass(frozen=True, slots=True)
class Mul:
    """a · constant."""

    a: int
    constant: Number


@dataclass(frozen=True, slots=True)
class Fma:
    """a · constant + b, with one rounding."""

    a: int
    constant: Number
    b: int


Op = Add | Sub | Neg | Mul | Fma
Terms = tuple[tuple[int, Number], ...]  # values, each with its coefficient

ONE = Fraction(1)
MADE_BY = "take one of those that wincook.program.programs_of makes, such as programs_of('F(2,3)').input[0]"


@dataclass(frozen=True, slots=True)
class Program(Shown):
    """y = T x as straight-line code.

    `inputs` is the length of x; operation i defines value `inputs + i`; `outputs` are the values that make y.
    `source` and `target` are the letters under which x and y print.

    Raises:
        NotationError: an operation or an output that reads what is not there, or a constant that is not exact.
    """

    source: str
    target: str
    inputs: int
    ops: tuple[Op, ...]
    outputs: tuple[int, ...]

    def __post_init__(self) -> None:
        words("source", self.source, "d")
        words("target", self.target, "V")
        inputs = whole_number("inputs", self.inputs, error=NotationError)
        if not (isinstance(self.ops, tuple) and isinstance(self.outputs, tuple)):
            raise NotationError(f"ops and outputs of a program must be tuples, not {quoted((self.ops, self.outputs))}")
        for value, op in enumerate(self.ops, start=inputs):
            if not isinstance(op, Op) or not are_terms(terms(op), value):
                raise NotationError(
                    f"operation {value - inputs} = {quoted(op)} of a program must be an Add, Sub, Neg, Mul or Fma of "
                    f"values from 0 to {value - 1}, with a Fraction or an Algebraic number for its constant"
                )
        if not all(is_value(output, inputs + len(self.ops)) for output in self.outputs):
            raise NotationError(
                f"outputs {quoted(self.outputs)} of a program must be values from 0 to {inputs + len(self.ops) - 1}"
            )

    def __repr__(self) -> str:
        outputs = f"{len(self.outputs)} outputs {self.target}"
        return f"<Program {self.inputs} inputs {self.source}, {len(self.ops)} operations, {outputs}>"

    @property
    def constants(self) -> tuple[Number, ...]:
        """The distinct constants, in order of first use."""
        return tuple(dict.fromkeys(op.constant for op in self.ops if isinstance(op, (Mul, Fma))))

    def __str__(self) -> str:
        last_output = {value: index for index, value in enumerate(self.outputs)}
        repeated = Counter(self.outputs)

        def name(value: int) -> str:
            if value < self.inputs:
                return f"{self.source}{value}"
            if value in last_output and repeated[value] == 1:
                return f"{self.target}{last_output[value]}"
            return f"t{value - self.inputs}"

        lines = [f"{name(self.inputs + i)} = {_expression(op, name)}" for i, op in enumerate(self.ops)]
        lines += [
            f"{self.target}{index} = {name(value)}"
            for index, value in enumerate(self.outputs)
            if value < self.inputs or repeated[value] > 1
        ]
        return "\n".join(lines)


def terms(op: Op) -> Terms:
    """What an operation sums: the values that it reads, each with its coefficient, in the order in which they stand."""
    match op:
        case Add(a, b):
            return ((a, ONE), (b, ONE))
        case Sub(a, b):
            return ((a, ONE), (b, -ONE))
        case Neg(a):
            return ((a, -ONE),)
        case Mul(a, constant):
            return ((a, constant),)
        case Fma(a, constant, b):
            return ((a, constant), (b, ONE))


def is_value(value: object, end: int) -> bool:
    """Whether it numbers one of the first `end` values."""
    return type(value) is int and 0 <= value < end


def are_terms(summands: object, end: int) -> bool:
    """Whether these are terms of some of the first `end` values, with exact coefficients."""
    return isinstance(summands, tuple) and all(
        isinstance(term, tuple)
        and len(term) == 2  # noqa: PLR2004 (a value and its coefficient)
        and is_value(term[0], end)
        and isinstance(term[1], (Fraction, Algebraic))
        for term in summands
    )


def operands(op: Op) -> tuple[int, ...]:
    """The values that an operation reads."""
    return tuple(value for value, _ in terms(op))


def reading(op: Op, values: Sequence[int]) -> Op:
    """The same operation on other values: on values[a] where it read a."""
    match op:
        case Add(a, b) | Sub(a, b):
            return replace(op, a=values[a], b=values[b])
        case Fma(a, constant, b):
            return Fma(values[a], constant, values[b])
        case Neg(a) | Mul(a, _):
            return replace(op, a=values[a])


def _expression(op: Op, name: Callable[[int], str]) -> str:
    match op:
        case Add(a, b):
            return f"{name(a)} + {name(b)}"
        case Sub(a, b):
            return f"{name(a)} - {name(b)}"
        case Neg(a):
            return f"-{name(a)}"
        case Mul(a, constant):
            return f"{name(a)} · {constant}"
        case Fma(a, constant, b):
            return f"fma({name(a)}, {constant}, {name(b)})"
