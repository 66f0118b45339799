"""The grammar of initialisers of other languages than Python: numbers, lists in brackets or braces, rows parted by `;`.

The words are made before. What the grammar does not take as a whole is not understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.lexer import Lexer

from wincook.errors import DataError, quoted
from wincook.interchange.read.syntax.words import Word

_GRAMMAR = """
start: sum
?sum: product | sum _PLUS product -> add | sum _MINUS product -> subtract
?product: unary | product _STAR unary -> multiply | product _SLASH unary -> divide | product _RATIO unary -> ratio
?unary: power | _MINUS unary -> negate | _PLUS unary | CAST unary -> converted
?power: postfix | postfix _POW unary -> raised
?postfix: atom | postfix _LSQB rows _RSQB -> indexed | postfix _QUOTE -> transposed
?atom: NUMBER -> number | NAME -> constant | _LPAR sum _RPAR | NAME _LPAR items _RPAR -> called
     | list | HEAD list -> converted | HEAD _LPAR items _RPAR -> constructed
list: _LBRACE items _RBRACE -> braced | _LSQB rows _RSQB -> bracketed
rows: items (_SEMI items)*
items: | _some | _some _COMMA
_some: sum | _some _COMMA sum
%declare NUMBER NAME HEAD CAST _PLUS _MINUS _STAR _SLASH _RATIO _POW _QUOTE _LSQB _RSQB _LBRACE _RBRACE _LPAR _RPAR
%declare _SEMI _COMMA
"""
_SIGNS = {
    "+": "_PLUS",
    "-": "_MINUS",
    "*": "_STAR",
    ".*": "_STAR",
    "·": "_STAR",
    "/": "_SLASH",
    "./": "_SLASH",
    "//": "_RATIO",
    "**": "_POW",
    "^": "_POW",
    "'": "_QUOTE",
    "[": "_LSQB",
    "]": "_RSQB",
    "{": "_LBRACE",
    "}": "_RBRACE",
    "(": "_LPAR",
    ")": "_RPAR",
    ";": "_SEMI",
    ",": "_COMMA",
}
_CLOSING = {"_RBRACE": "}", "_RSQB": "]", "_RPAR": ")"}
_DEEPEST = 20
_MOST_IN_ONE = 60  # operations in one entry
_OPERATIONS = {"+", "-", "*", "/", "//", "**", "^", ".*", "./", "·"}


def tree_of(listed: Sequence[Word]) -> Tree[Token]:
    """The tree of the words of one value.

    Raises:
        DataError: they are not understood as a whole; the message names the first that does not fit.
    """
    try:
        return _parser().parse(listed)
    except UnexpectedToken as error:
        raise DataError(_unexpected(error)) from error
    except UnexpectedInput as error:
        raise DataError("it breaks off") from error


def check_size(listed: Sequence[Word]) -> None:
    """Refuse what would go too deep: brackets, signs one after another, and operations in one entry.

    Raises:
        DataError: it does.
    """
    depth = signs = operations = 0
    for word in listed:
        if word.kind == "SIGN":
            depth += (word.text in "([{") - (word.text in ")]}")
            signs = signs + 1 if word.text in {"-", "+", "**", "^"} else 0
            operations = operations + 1 if word.text in _OPERATIONS else 0 if word.text in {",", ";"} else operations
            if depth > _DEEPEST or signs > _DEEPEST or operations > _MOST_IN_ONE:
                raise DataError("too deeply nested")
        else:
            signs = 0


def _unexpected(error: UnexpectedToken) -> str:
    if error.token.type == "$END":
        return "it breaks off"
    closing = sorted(_CLOSING[name] for name in _CLOSING.keys() & error.expected)
    after = f"where a comma or {' or '.join(closing)} should be" if closing else "where no value begins"
    return f"{quoted(str(error.token), 40)} {after}"


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer=_Words)


class _Words(Lexer):
    """Hands the parser words that were made before."""

    def __init__(self, _: object) -> None:
        pass

    def lex(self, listed: Any, parser_state: Any = None) -> Iterator[Token]:  # noqa: ARG002 (lark's signature)
        for word in listed:
            kind = _SIGNS.get(word.text, "UNKNOWN") if word.kind == "SIGN" else word.kind
            yield Token(kind, word.text, line=word.line)
