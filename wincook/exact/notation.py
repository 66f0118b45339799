"""Exact numbers and polynomials in text: 1/2, 0.3, 1e-1, √2/2, (1+√5)/2, 1-i, 2a/3, x^2-x+1.

    sum = [sign] product {sign product}        product = power {[* · × /] power}
    power = symbol [^ integer] | atom          atom = numeral | √ atom | sqrt(sum) | (sum)

A sign of multiplication may be left out before a symbol, a root or a bracket, if no blank stands there. `i` (or `I`) is
the imaginary unit, `x` the indeterminate of polynomials. A symbol is one of the letters that cannot be mistaken for a
constant (e, j), for a part of a numeral (2f, 1d5, 0x10, 1L) or for the indeterminate. Text is read token by token;
nothing is evaluated.
"""

from __future__ import annotations

import re

import sympy
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from wincook.arguments import words as text_argument
from wincook.errors import NotationError, quoted
from wincook.exact.expansion import check_terms, expression
from wincook.exact.numeral import NUMERAL, numeral

X = sympy.Symbol("x")
SYMBOLS = "abcgkmnpqrstvwyzABCGKMNPQRSTVWYZ"

_LONGEST, _DEEPEST, _LARGEST_POWER, _LARGEST_NUMBER = 400, 20, 64, 10**99
_TOKEN = re.compile(rf"(\s*)({NUMERAL}|[A-Za-z]+|[-+*·×/^()√])")
_ONE_SIDED = re.compile(r"[^\s(*·×/^+-]\s+[-+](?=\S)")
SUPERSCRIPTS = str.maketrans({"²": "^2", "³": "^3", "⁴": "^4", "⁵": "^5", "⁶": "^6", "\N{MINUS SIGN}": "-"})
_MULTIPLIED = re.compile(r"\*(?=\d)|(?<=[A-Za-z])\*(?=[A-Za-z])")
_INSTEAD = {
    "e": "e is no exact number: write 1e-3 for a power of ten, or a fraction",
    "pi": "π is no algebraic number: write a fraction, or a root such as √2",
    "j": "write i for the imaginary unit",
    "f": "a suffix of numbers, as in 2f, is not read, and f is no symbol; write 2",
    "d": "an exponent is written with e, as in 1e5, and d is no symbol",
    "inf": "∞ is a point by itself, and part of no number",
    "nan": "nan is no number",
}
_INSTEAD |= {"oo": _INSTEAD["inf"], "infinity": _INSTEAD["inf"]}


def read(words: str) -> sympy.Expr:
    """The exact value of the text.

    Raises:
        NotationError: it cannot be read, divides by zero, or is longer than any point is.

    >>> read("(1+√5)/2"), read("0.3"), read("1e-1"), read("1/2a")
    (1/2 + sqrt(5)/2, 3/10, 1/10, a/2)
    """
    words = text_argument("number", words, "√2/2")
    if len(words) > _LONGEST:
        raise NotationError(f"cannot read {quoted(words, 30)}: it is longer than {_LONGEST} characters")
    return _Reader(words).all_of_it()


def text(value: sympy.Expr) -> str:
    """A value as people write it, and as `read` takes it: √2/2 for sqrt(2)/2, x^2+1 for x**2 + 1.

    Raises:
        NotationError: it is no expression of sympy.

    >>> text(read("√√8a*b")), text(1 / read("1+√2i"))
    ('√√8a·b', '1/(1+√2i)')
    """
    value = expression("value", value, NotationError)
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
        self.place = self.depth = 0
        self.tokens: list[str] = []
        self.blanks: list[str] = []
        plain, end = words.translate(SUPERSCRIPTS).strip(), 0
        while end < len(plain):
            match = _TOKEN.match(plain, end)
            if match is None:
                raise self.refused(f"{plain[end:].lstrip()[0]} is no part of one")
            self.blanks.append(match[1])
            self.tokens.append(match[2])
            end = match.end()
        if _ONE_SIDED.search(plain):
            raise self.refused("a blank stands on one side of a sign only; write 1-a or 1 - a, or a comma")

    def refused(self, why: str = "") -> NotationError:
        reason = f": {why}" if why else ""
        return NotationError(f"cannot read {quoted(self.words)} as a number or polynomial{reason}")

    def next(self, *wanted: str) -> str | None:
        """Take the next token, if it is one of those wanted."""
        if self.place < len(self.tokens) and self.tokens[self.place] in wanted:
            self.place += 1
            return self.tokens[self.place - 1]
        return None

    def all_of_it(self) -> sympy.Expr:
        value = self.sum()
        if self.place < len(self.tokens):
            raise self.refused(self.surplus())
        check_terms(value, self.words)
        return value

    def surplus(self) -> str:
        """What is wrong at the token after which no other may stand."""
        before, here = self.tokens[self.place - 1], self.tokens[self.place]
        if here[0].isdecimal() and before[-1].isalpha():
            return "after a letter stands no number; write 2a, a^2, or 16 for 0x10"
        if here[0] in "0123456789.":
            return "two numbers stand side by side; write 2*3, or a comma"
        return ""

    def sum(self) -> sympy.Expr:
        sign = self.next("+", "-")
        total = self.product() * (-1 if sign == "-" else 1)
        while sign := self.next("+", "-"):
            total += self.product() * (-1 if sign == "-" else 1)
        return self.expanded(total) if total.is_polynomial() else total

    def product(self) -> sympy.Expr:
        value = self.power()
        while self.place < len(self.tokens):
            if self.next("/"):
                divisor = self.expanded(self.power())
                if not divisor:
                    raise NotationError(f"{quoted(self.words)} divides by zero; write ∞ for infinity")
                value /= divisor
            elif self.next("*", "·", "×"):
                value *= self.power()
            elif self.tokens[self.place][0].isalpha() or self.tokens[self.place] in "√(":
                if self.tokens[self.place - 1] == "0":
                    raise self.refused("0 times something is 0; a number in another base is written as 16 for 0x10")
                if self.blanks[self.place]:
                    raise self.refused("between factors with a blank stands a sign; write 2a or 2*a, or a comma")
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
            value = numeral(word)
            if max(value.numerator, value.denominator) >= _LARGEST_NUMBER:
                raise self.refused("a number has at most 99 digits")
            return sympy.Rational(value.numerator, value.denominator)
        if word in {"i", "I"}:
            return sympy.I
        if word == "x" or (len(word) == 1 and word in SYMBOLS):
            return sympy.Symbol(word)
        if word in {"+", "-"}:
            raise self.refused("two signs stand side by side; write ± or +- for both")
        raise self.refused(_why_not(word) if word else "something is missing")

    def expanded(self, value: sympy.Expr) -> sympy.Expr:
        """As a sum, unless it has too many terms."""
        check_terms(value, self.words)
        return sympy.expand(value)


def _why_not(word: str) -> str:
    """What is wrong with a token that is no symbol, and what would be right."""
    if word.lower() in _INSTEAD:
        return _INSTEAD[word.lower()]
    if not word.isalpha():
        return ""
    if all(letter in f"{SYMBOLS}xiI" for letter in word) and len(word) > 1:
        return f"write {'*'.join(word)} for a product; a symbol is one letter"
    return f"{word} is no symbol; symbols are the letters {SYMBOLS[:16]} and their capitals, i is √-1, x is for factors"
