"""Matrices in Python: whatever is assigned, given a name or returned, and is understood as a whole.

    BT = np.array([[1, 0, -1, 0], …])      self.register_buffer("BT", torch.tensor(…))      {"BT": ((1, 0, -1, 0), …)}

The file is parsed by Python's own parser and not executed. Names hold what they were given last; a statement that
changes an array in place is told, not followed.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from wincook.errors import DataError, one_line
from wincook.interchange.read.numbers.cell import Cell, grid
from wincook.interchange.read.syntax.python.arrays import Fill, TypeName, Value, listed
from wincook.interchange.read.syntax.python.expressions import Evaluator, dotted
from wincook.interchange.read.tables import Change, Findings, Unread, reason, table

_NAMED_BY_TEXT = {"register_buffer", "register_parameter", "setattr", "set_value", "setdefault"}
_IN_PLACE = re.compile(
    r"append|extend|insert|pop|remove|reverse|sort|fill|fill_diagonal|itemset|put|resize|(?!_)\w+(?<!requires_grad)_"
)
_INTO_FIRST = {"copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis", "shuffle"}
_INTO_THIRD = {"multiply", "divide", "add", "subtract", "true_divide", "power"}
_KEY = re.compile(r"\(?[0-9]+(?:, ?[0-9]+)*\)?")
_PYTHON_2 = re.compile(r"\s*(?:print\b|exec\b|[!%?]|raise \w+,|except \w+,).*")
_MOST_REPAIRS, _MOST_TARGETS = 40, 16
_FEWEST_IN_A_ROW, _FEWEST_IN_ALL = 2, 4
_MOST_TABLES, _MOST_NUMBERS, _MOST_STATEMENTS = 500, 50_000, 30_000
_LONGEST_SHOWN = 60


def python_findings(text: str, constants: Mapping[str, Cell] | None = None) -> Findings:
    """All matrices of a module, and what could not be read; `constants` are known from before.

    Raises:
        SyntaxError: it is no Python.
        DataError: it holds too many lists or numbers.
    """
    if text.count(";") + text.count("\n") > _MOST_STATEMENTS:  # before any of it is parsed
        raise TooMuchError(f"it has more than {_MOST_STATEMENTS} statements; keep the part with the matrices")
    text, tree = _parsed(text)
    walk = _Walk(text)
    walk.evaluator.names |= constants or {}
    walk.statements(tree.body, ())
    return walk.findings


def _parsed(text: str) -> tuple[str, ast.Module]:
    """The tree of a module; lines that only Python 2 or a notebook has are left out."""
    lines = text.split("\n")
    for _ in range(_MOST_REPAIRS):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the file's own, such as invalid escapes
                return "\n".join(lines), ast.parse("\n".join(lines))
        except SyntaxError as error:
            place = (error.lineno or 0) - 1
            if not 0 <= place < len(lines) or not _PYTHON_2.fullmatch(lines[place]):
                raise
            indent = len(lines[place]) - len(lines[place].lstrip())
            lines[place] = lines[place][:indent] + "pass"
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(str(error)) from error
    raise SyntaxError("it is no Python")


class _Walk:
    """Goes through the statements of a module in their order."""

    def __init__(self, text: str) -> None:
        self.findings = Findings()
        self.evaluator = Evaluator([line.encode() for line in text.splitlines()] or [b""])
        self.numbers = 0
        self.block = 0  # of the statements that are being read
        self.blocks = 0
        self.given_in: dict[tuple[str, tuple[str, ...]], int] = {}
        self.locals: list[tuple[tuple[str, ...], set[str]]] = []  # of the functions around

    def statements(self, body: Sequence[ast.stmt], scope: tuple[str, ...]) -> None:
        """Read the statements of a block, and those within them."""
        around, self.blocks = self.block, self.blocks + 1
        self.block = self.blocks
        for statement in body:
            self._statement(statement, scope)
        self.block = around

    def _statement(  # noqa: C901, PLR0912 (one case for each kind of statement)
        self, node: ast.stmt, scope: tuple[str, ...]
    ) -> None:
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return):
            for expression in _expressions(node):
                if not isinstance(expression, ast.Constant | ast.Name):
                    self._effects(expression)
        match node:
            case ast.ImportFrom(names=imported):
                self.evaluator.aliases |= {alias.asname: alias.name for alias in imported if alias.asname}
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                known = dict(self.evaluator.names)
                inner = (*scope, node.name)
                if not isinstance(node, ast.ClassDef):
                    self._defaults(node.args, inner)
                    self.locals.append((inner, _local_names(node)))
                self.statements(node.body, inner)
                if not isinstance(node, ast.ClassDef):
                    self.locals.pop()
                self.evaluator.names = known
            case ast.Assign(targets=targets, value=value):
                for target in targets[:_MOST_TARGETS]:
                    self._assign(target, value, scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, value, scope)
            case ast.AugAssign():
                self._augment(node, scope)
            case ast.Return(value=ast.expr() as value):
                self._returned(value, scope)
            case ast.Delete(targets=targets):
                for target in targets:
                    self._change(target, node)
            case ast.Expr(value=ast.Constant(value=str() as text)):
                self.findings.prose.append(text)
            case _:
                for expression in _expressions(node):
                    self._nested(expression, scope)
                    self._effects(expression)
                for block in ("body", "orelse", "finalbody"):
                    self.statements(getattr(node, block, []), scope)
                for inner in (*getattr(node, "handlers", []), *getattr(node, "cases", [])):
                    self.statements(inner.body, scope)

    def _assign(self, target: ast.expr, value: ast.expr, scope: tuple[str, ...]) -> None:
        if isinstance(target, ast.Subscript):
            key = ast.unparse(target.slice)
            base = dotted(target.value)
            if isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str):
                self._named(target.slice.value, value, scope)
            elif base and not isinstance(self.evaluator.names.get(base), np.ndarray | list) and _KEY.fullmatch(key):
                self._named(f"{base}_{'x'.join(re.findall(r'[0-9]+', key))}", value, scope)  # an entry of a dictionary
            else:
                self._change(target, target, ast.unparse(target) + " = " + ast.unparse(value))
            return
        if isinstance(target, ast.Tuple | ast.List):
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
                for inner, part in zip(target.elts, value.elts, strict=True):
                    self._assign(inner, part, scope)
            else:
                self._nested(value, scope)
            return
        if name := dotted(target):
            self._named(name, value, scope)

    def _named(self, name: str, node: ast.expr, scope: tuple[str, ...]) -> None:
        """Note what a name is given: a value, a matrix, or something that is not understood."""
        names = self.evaluator.names
        self.findings.given.add(name)
        again = not isinstance(node, ast.Constant) and name in set(map(dotted, ast.walk(node)))
        self.evaluator.arrays.remarks = []
        try:
            value = self.evaluator.value(node)
            self._keep(name, value, node.lineno, scope, again=again)
        except TooMuchError:
            raise
        except DataError as error:
            names.pop(name, None)
            before = len(self.findings.tables) + len(self.findings.unread)
            self._nested(node, (*scope, name))
            shows = _shows_matrix(node) and before == len(self.findings.tables) + len(self.findings.unread)
            self.findings.unread.append(Unread(name, _reason(name, error), shows, scope, node.lineno))
            if again:
                self._change(ast.parse(name, mode="eval").body, node, f"{name} = {ast.unparse(node)}")
        else:
            names[name] = value

    def _keep(self, name: str, value: Value, line: int, scope: tuple[str, ...], *, again: bool = False) -> None:
        """Note a value that is a matrix; one that is made of its own name takes its place."""
        if isinstance(value, Fill | TypeName | Cell | str | bool | None):
            return
        array = value if isinstance(value, np.ndarray) else grid(listed(value))
        if array.ndim == 0 or not array.size:
            return
        self.numbers += array.size
        if len(self.findings.tables) >= _MOST_TABLES or self.numbers > _MOST_NUMBERS:
            raise TooMuchError(f"it has more than {_MOST_TABLES} lists or {_MOST_NUMBERS} numbers in them")
        found = table(name, array, remarks=self.evaluator.arrays.remarks, scope=scope, line=line)
        tables = self.findings.tables
        key = (found.name, scope)
        if again:
            tables[:] = [other for other in tables if (other.name, other.scope) != key]
        elif self.given_in.get(key) == self.block:
            tables[:] = [
                replace(other, superseded=True) if (other.name, other.scope) == key else other for other in tables
            ]
        self.given_in[key] = self.block
        tables.append(found)

    def _augment(self, node: ast.AugAssign, scope: tuple[str, ...]) -> None:
        name = dotted(node.target)
        names = self.evaluator.names
        if name in names and isinstance(names[name], np.ndarray):
            self.evaluator.arrays.remarks = []
            try:
                names[name] = self.evaluator.arrays.operated(node.op, names[name], self.evaluator.value(node.value))
                self.evaluator.arrays.remarks.append(
                    f"{one_line(ast.unparse(node), _LONGEST_SHOWN)} (line {node.lineno}) is followed"
                )
                self._keep(name, names[name], node.lineno, scope, again=True)
            except TooMuchError:
                raise
            except DataError:
                names.pop(name, None)
            else:
                return
        self._change(node.target, node)

    def _returned(self, node: ast.expr, scope: tuple[str, ...]) -> None:
        """What a function returns has the name of the function, or of its place in what is returned."""
        if not scope or isinstance(node, ast.Name | ast.Attribute):
            return
        if isinstance(node, ast.Tuple):
            for place, part in enumerate(node.elts):
                if not isinstance(part, ast.Name | ast.Attribute | ast.Constant):
                    self._named(f"{scope[-1]}[{place}]", part, scope[:-1])
        else:
            self._named(scope[-1], node, scope[:-1])
        self.evaluator.names.pop(scope[-1], None)

    def _defaults(self, arguments: ast.arguments, scope: tuple[str, ...]) -> None:
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = [
            *zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        for argument in (*positional, *arguments.kwonlyargs):
            self.findings.given.add(argument.arg)
            self.evaluator.names.pop(argument.arg, None)
        for argument, default in pairs:
            if isinstance(default, ast.List | ast.Tuple | ast.Call):
                self._named(argument.arg, default, scope)

    def _nested(  # noqa: C901, PLR0912 (one case for each kind of expression)
        self, node: ast.expr, scope: tuple[str, ...]
    ) -> None:
        """Named values within an expression: in dictionaries, as arguments, in register_buffer("BT", …)."""
        match node:
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    name = str(key.value) if isinstance(key, ast.Constant) else ""
                    if isinstance(value, ast.Dict):
                        self._nested(value, (*scope, name))
                    elif name:
                        self._named(name, value, scope)
            case ast.Call(func=function, args=arguments, keywords=words):
                names = [place for place, word in enumerate(arguments) if _is_text(word)]
                place = names[0] if names else len(arguments)
                if dotted(function).rsplit(".", maxsplit=1)[-1] in _NAMED_BY_TEXT and place + 1 < len(arguments):
                    self._named(str(getattr(arguments[place], "value", "")), arguments[place + 1], scope)
                    return
                for word in words:
                    if word.arg and _shows_matrix(word.value):
                        self._named(word.arg, word.value, scope)
                for argument in arguments:
                    self._nested(argument, scope)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                for element in elements:
                    if isinstance(element, ast.Dict | ast.Call | ast.List | ast.Tuple):
                        self._nested(element, scope)
            case ast.NamedExpr(target=target, value=value):
                self._assign(target, value, scope)

    def _effects(self, node: ast.expr) -> None:
        """Calls that change an array: G.mul_(2), rows.append(…), np.negative(G, out=G), np.copyto(G, …)."""
        for call in ast.walk(node):
            if not isinstance(call, ast.Call):
                continue
            last = dotted(call.func).rsplit(".", maxsplit=1)[-1]
            if isinstance(call.func, ast.Attribute) and _IN_PLACE.fullmatch(call.func.attr):
                self._change(call.func.value, call)
            for target in [word.value for word in call.keywords if word.arg == "out"]:
                self._change(target, call)
            places = {**dict.fromkeys(_INTO_FIRST, 0), **dict.fromkeys(_INTO_THIRD, 2)}
            if last in places and len(call.args) > places[last]:
                self._change(call.args[places[last]], call)

    def _change(self, target: ast.expr, node: ast.AST, statement: str = "") -> None:
        base = target
        while isinstance(base, ast.Subscript):
            base = base.value
        if name := dotted(base):
            line = getattr(node, "lineno", getattr(target, "lineno", 0))
            scope = next((scope for scope, names in reversed(self.locals) if name in names), ())
            shown = one_line(statement or ast.unparse(node), _LONGEST_SHOWN)
            self.findings.changes.append(Change(name, shown, line, scope))
            self.evaluator.names.pop(name, None)


class TooMuchError(DataError):
    """More than is read of any file."""


def _reason(name: str, error: DataError) -> str:
    return str(error) if str(error).startswith(name[:40]) else reason(name, str(error))


def _local_names(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The names that live in a function: its arguments, and what it assigns to."""
    stored = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    return stored | {part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg)}


def _expressions(node: ast.stmt) -> Iterator[ast.expr]:
    return (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _shows_matrix(node: ast.expr) -> bool:
    """Whether an expression holds a list of rows of numbers, or a row of enough numbers for a matrix."""
    for part in ast.walk(node):
        if isinstance(part, ast.List | ast.Tuple):
            rows = [
                row for row in part.elts if isinstance(row, ast.List | ast.Tuple) and _numbers(row) >= _FEWEST_IN_A_ROW
            ]
            if len(rows) >= _FEWEST_IN_A_ROW or (len(part.elts) >= _FEWEST_IN_ALL and _numbers(part)):
                return True
    return False


def _numbers(row: ast.List | ast.Tuple) -> int:
    """How many entries are numbers, or begin with one."""
    return sum(
        any(isinstance(part, ast.Constant) and isinstance(part.value, int | float) for part in ast.walk(entry))
        for entry in row.elts
        if not isinstance(entry, ast.List | ast.Tuple | ast.Call)
    )
