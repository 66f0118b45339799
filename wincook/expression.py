"""Exact numbers and polynomials in text: 1/2, 0.3, √2/2, (1+√5)/2, 1-i, 2a/3, x^2-x+1.

    sum = [sign] product {sign product}        product = power {[* · /] power}
    power = symbol [^ integer] | atom          atom = number | √ atom | sqrt(sum) | (sum)

A sign of multiplication may be left out before a symbol, a root or a bracket. `i` (or `I`) is the imaginary unit, `x`
the indeterminate of polynomials, any other letter a symbol. Text is read token by token; nothing is evaluated.
"""

from __future__ import annotations

import re
from fractions import Fraction

import sympy
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from wincook.errors import NotationError

X = sympy.Symbol("x")

_LONGEST, _DEEPEST, _LARGEST_POWER = 400, 20, 64
_TOKEN = re.compile(r"\s*(\d{1,99}(?:\.\d{1,99})?|\.\d{1,99}|[A-Za-z]+|[-+*·/^()√])")
SUPERSCRIPTS = str.maketrans({"²": "^2", "³": "^3", "⁴": "^4", "⁵": "^5", "⁶": "^6", "\N{MINUS SIGN}": "-"})
_MULTIPLIED = re.compile(r"\*(?=\d)|(?<=[A-Za-z])\*(?=[A-Za-z])")


def read(words: str) -> sympy.Expr:
    """The exact value of the text.

    Raises:
        NotationError: it cannot be read, divides by zero, or is longer than any point is.

    >>> read("(1+√5)/2"), read("0.3"), read("1/2a")
    (1/2 + sqrt(5)/2, 3/10, a/2)
    """
    if len(words) > _LONGEST:
        raise NotationError(f"cannot read {words[:20]!r}…: it is longer than {_LONGEST} characters")
    return _Reader(words).whole()


def text(value: sympy.Expr) -> str:
    """A value as people write it, and as `read` takes it: √2/2 for sqrt(2)/2, x^2+1 for x**2 + 1.

    >>> text(read("√√8a*b")), text(1 / read("1+√2i"))
    ('√√8a·b', '1/(1+√2i)')
    """
    plain = _Printer().doprint(value).replace("**", "^").replace(" ", "")
    return _MULTIPLIED.sub("·", plain).replace("*", "").replace("sqrt", "√")


class _Printer(StrPrinter):  # type: ignore[misc]  # sympy has no types
    """sympy's printer, but for i, and for roots of order 2, 4, 8, …, which are square roots within one another."""

    def _print_ImaginaryUnit(self, _: sympy.Expr) -> str:
        return "i"

    def _print_Pow(self, power: sympy.Pow, **options: bool) -> str:
        base, exponent = power.args
        if exponent.is_Rational and exponent < 0:
            return f"1/{self.parenthesize(base**-exponent, PRECEDENCE['Pow'], strict=False)}"
        depth = exponent.q.bit_length() - 1 if exponent.is_Rational else 0
        if not depth or exponent.q != 1 << depth:
            return str(super()._print_Pow(power, **options))
        radicand = self._print(sympy.expand(base**exponent.p))
        return "√" * depth + (radicand if radicand.isdecimal() else f"({radicand})")


class _Reader:
    """A recursive descent over the tokens; `place` is the next one."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.tokens: list[str] = []
        plain, end = words.translate(SUPERSCRIPTS).rstrip(), 0
        while end < len(plain):
            match = _TOKEN.match(plain, end)
            if match is None:
                raise self.refused()
            self.tokens.append(match[1])
            end = match.end()
        self.place = self.depth = 0

    def refused(self, why: str = "") -> NotationError:
        return NotationError(f"cannot read {self.words!r} as a number or polynomial{': ' * bool(why)}{why}")

    def next(self, *wanted: str) -> str | None:
        """Take the next token, if it is one of those wanted."""
        if self.place < len(self.tokens) and self.tokens[self.place] in wanted:
            self.place += 1
            return self.tokens[self.place - 1]
        return None

    def whole(self) -> sympy.Expr:
        value = self.sum()
        if self.place < len(self.tokens):
            raise self.refused()
        return value

    def sum(self) -> sympy.Expr:
        sign = self.next("+", "-")
        total = self.product() * (-1 if sign == "-" else 1)
        while sign := self.next("+", "-"):
            total += self.product() * (-1 if sign == "-" else 1)
        return sympy.expand(total) if total.is_polynomial() else total

    def product(self) -> sympy.Expr:
        value = self.power()
        while self.place < len(self.tokens):
            if self.next("/"):
                divisor = sympy.expand(self.power())
                if not divisor:
                    raise NotationError(f"{self.words!r} divides by zero; write ∞ for infinity")
                value /= divisor
            elif self.next("*", "·") or self.tokens[self.place][0].isalpha() or self.tokens[self.place] in "√(":
                value *= self.power()
            else:
                break
        return value

    def power(self) -> sympy.Expr:
        base = self.atom()
        if not self.next("^"):
            return base
        exponent = self.tokens[self.place] if self.place < len(self.tokens) else ""
        if not base.is_Symbol or not exponent.isdecimal():
            raise self.refused("only a symbol has powers, like x^2")
        if int(exponent) > _LARGEST_POWER:
            raise self.refused(f"a power is at most {_LARGEST_POWER}")
        self.place += 1
        return base ** int(exponent)

    def atom(self) -> sympy.Expr:
        if self.next("(", "√", "sqrt") is None:
            return self.number_or_symbol()
        opened = self.tokens[self.place - 1]
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.refused(f"more than {_DEEPEST} brackets and roots within one another")
        if opened == "√":
            value = sympy.sqrt(self.atom())
        else:
            if opened == "sqrt" and not self.next("("):
                raise self.refused("write sqrt(2) or √2")
            value = self.sum() if opened == "(" else sympy.sqrt(self.sum())
            if not self.next(")"):
                raise self.refused("a bracket is not closed")
        self.depth -= 1
        return value

    def number_or_symbol(self) -> sympy.Expr:
        word = self.tokens[self.place] if self.place < len(self.tokens) else ""
        self.place += 1
        if word[:1].isdecimal() or word.startswith("."):
            value = Fraction(word)
            return sympy.Rational(value.numerator, value.denominator)
        if word in {"i", "I"}:
            return sympy.I
        if len(word) == 1 and word.isalpha():
            return sympy.Symbol(word)
        raise self.refused()
