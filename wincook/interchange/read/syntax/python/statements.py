"""Matrices in Python: whatever is assigned, given a name or returned, and is understood as a whole.

    BT = np.array([[1, 0, -1, 0], …])      self.register_buffer("BT", torch.tensor(…))      {"BT": ((1, 0, -1, 0), …)}

The file is parsed by Python's own parser and not executed. Names hold what they were given last. A change in place is
followed where it surely happens once: in the block that gives the array. Any other leaves the array unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from wincook.errors import DataError, one_line
from wincook.interchange.read.numbers.cell import Cell, grid
from wincook.interchange.read.syntax.python.arrays import Fill, TypeName, Value, listed
from wincook.interchange.read.syntax.python.expressions import Evaluator, dotted
from wincook.interchange.read.syntax.python.in_place import (
    as_assignment,
    carry_out,
    changed_by_call,
    changed_name,
    entry_name,
    sharing,
)
from wincook.interchange.read.syntax.python.parsed import parsed
from wincook.interchange.read.syntax.python.shapes import shows_matrix
from wincook.interchange.read.tables import Change, Findings, Unread, reason, table

_NAMED_BY_TEXT = {"register_buffer", "register_parameter", "setattr", "set_value", "setdefault"}
_MOST_TARGETS, _MOST_FOLLOWED, _MOST_COMPARED = 16, 1000, 1 << 20
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
    text, tree = parsed(text)
    walk = _Walk(text)
    walk.evaluator.names |= constants or {}
    walk.statements(tree.body, ())
    return walk.findings


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
        self.parts: dict[str, set[str]] = {}  # names that may stand for a part of what others hold
        self.followed = self.compared = 0  # changes in place, and names that were asked whether they share an array

    def statements(self, body: Sequence[ast.stmt], scope: tuple[str, ...]) -> None:
        """Read the statements of a block, and those within them."""
        around = self.block
        self._begin_block()
        for statement in body:
            self._statement(statement, scope)
            if _may_leave(statement):
                self._begin_block()  # what follows may not be reached
        self.block = around

    def _begin_block(self) -> None:
        self.blocks += 1
        self.block = self.blocks

    def _statement(  # noqa: C901, PLR0912 (one case for each kind of statement)
        self, node: ast.stmt, scope: tuple[str, ...]
    ) -> None:
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return):
            for expression in _expressions(node):
                if not isinstance(expression, ast.Constant | ast.Name):
                    self._effects(expression, scope)
        match node:
            case ast.ImportFrom(names=imported):
                self.evaluator.aliases |= {alias.asname: alias.name for alias in imported if alias.asname}
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._defined(node, scope)
            case ast.Assign(targets=targets):
                for target in targets[:_MOST_TARGETS]:
                    self._assign(target, node, scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, ast.copy_location(ast.Assign([target], value), node), scope)
            case ast.AugAssign(target=target):
                self._change(target, node, scope)
            case ast.Return(value=ast.expr() as value):
                self._returned(value, scope)
            case ast.Delete(targets=targets):
                for target in targets:
                    self._change(target, node, scope)
            case ast.Expr(value=ast.Constant(value=str() as text)):
                self.findings.prose.append(text)
            case ast.With(body=body):
                for inner in body:
                    self._statement(inner, scope)
            case _ if assignment := as_assignment(node):
                self._change(assignment.target, assignment, scope)
            case _:
                if isinstance(node, ast.For):
                    held = {name for part in ast.walk(node.iter) if (name := dotted(part)) in self.evaluator.names}
                    self.parts |= {name: held for part in ast.walk(node.target) if (name := dotted(part))}
                for expression in _expressions(node):
                    self._nested(expression, scope)
                    self._effects(expression, scope)
                for block in ("body", "orelse", "finalbody"):
                    self.statements(getattr(node, block, []), scope)
                for inner in (*getattr(node, "handlers", []), *getattr(node, "cases", [])):
                    self.statements(inner.body, scope)

    def _defined(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: tuple[str, ...]) -> None:
        """A function or a class; what it changes in place is not known after it either."""
        known, inner, before = dict(self.evaluator.names), (*scope, node.name), len(self.findings.changes)
        if isinstance(node, ast.ClassDef):
            self.statements(node.body, inner)
        else:
            self._defaults(node.args, inner)
            self.locals.append((inner, _local_names(node)))
            self.statements(node.body, inner)
            self.locals.pop()
        changed = {change.name for change in self.findings.changes[before:] if change.scope != inner}
        self.evaluator.names = {name: value for name, value in known.items() if name not in changed}

    def _assign(self, target: ast.expr, node: ast.Assign, scope: tuple[str, ...]) -> None:
        """Give one target what stands right of the sign."""
        if isinstance(target, ast.Tuple | ast.List):
            if isinstance(node.value, ast.Tuple | ast.List) and len(node.value.elts) == len(target.elts):
                for inner, part in zip(target.elts, node.value.elts, strict=True):
                    self._assign(inner, ast.copy_location(ast.Assign([inner], part), node), scope)
            else:
                self._nested(node.value, scope)
        elif isinstance(target, ast.Subscript):
            if name := self._new_entry(target):
                self._named(name, node.value, scope)
            else:
                self._change(target, node, scope)
        elif name := dotted(target):
            self._named(name, node.value, scope)

    def _new_entry(self, target: ast.Subscript) -> str:
        """The name for an entry of a dictionary; empty if what is assigned to is a part of an array."""
        base = dotted(target.value)
        is_array = isinstance(self.evaluator.names.get(base), np.ndarray | list) or bool(self.parts.get(base))
        return "" if is_array or base != changed_name(target.value) else entry_name(target)

    def _named(self, name: str, node: ast.expr, scope: tuple[str, ...]) -> None:
        """Note what a name is given: a value, a matrix, or something that is not understood."""
        names = self.evaluator.names
        self.findings.given.add(name)
        again = not isinstance(node, ast.Constant) and name in set(map(dotted, ast.walk(node)))
        if again and self.given_in.get((name, scope), self.block) != self.block:
            self._forget(name, node, f"{name} = {ast.unparse(node)}")
            return
        self.evaluator.arrays.remarks = []
        try:
            value = self.evaluator.value(node)
            self._keep(name, value, node.lineno, scope, again=again)
        except TooMuchError:
            raise
        except DataError as error:
            names.pop(name, None)
            self.parts[name] = {changed_name(node, names)} & names.keys()
            before = len(self.findings.tables) + len(self.findings.unread)
            self._nested(node, (*scope, name))
            shows = shows_matrix(node) and before == len(self.findings.tables) + len(self.findings.unread)
            self.findings.unread.append(Unread(name, _reason(name, error), shows, scope, node.lineno))
            if again:
                self._forget(name, node, f"{name} = {ast.unparse(node)}")
        else:
            names[name] = value

    def _keep(self, name: str, value: Value, line: int, scope: tuple[str, ...], *, again: bool = False) -> None:
        """Note a value that is a matrix; one that is made of its own name takes its place."""
        if isinstance(value, Fill | TypeName | Cell | str | bool | None):
            return
        if isinstance(value, list | tuple) and all(isinstance(part, np.ndarray) and part.ndim > 1 for part in value):
            for place, part in enumerate(value):
                self._keep(f"{name}[{place}]", part, line, scope, again=again)
            return
        array = value if isinstance(value, np.ndarray) else grid(listed(value))
        if array.ndim == 0 or not array.size:
            return
        self.numbers += array.size
        if len(self.findings.tables) >= _MOST_TABLES or self.numbers > _MOST_NUMBERS:
            raise TooMuchError(f"it has more than {_MOST_TABLES} lists or {_MOST_NUMBERS} numbers in them")
        tables = self.findings.tables
        key = (name, scope)
        before = [remark for other in tables if again and (other.name, other.scope) == key for remark in other.remarks]
        remarks = dict.fromkeys([*before, *self.evaluator.arrays.remarks])
        given = table(name, array, remarks=list(remarks), scope=scope, line=line)
        key = (given.name, scope)
        if again:
            tables[:] = [other for other in tables if (other.name, other.scope) != key]
        elif self.given_in.get(key) == self.block:
            tables[:] = [
                replace(other, superseded=True) if (other.name, other.scope) == key else other for other in tables
            ]
        self.given_in[key] = self.block
        tables.append(given)

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
                    if word.arg and shows_matrix(word.value):
                        self._named(word.arg, word.value, scope)
                for argument in arguments:
                    self._nested(argument, scope)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                for element in elements:
                    if isinstance(element, ast.Dict | ast.Call | ast.List | ast.Tuple):
                        self._nested(element, scope)
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                self._named(name, value, scope)

    def _effects(self, node: ast.expr, scope: tuple[str, ...]) -> None:
        """Calls that change an array: G.fill(2), np.negative(G, out=G), np.copyto(G, …)."""
        for call in ast.walk(node):
            if isinstance(call, ast.Call):
                for target in changed_by_call(call):
                    self._change(target, call, scope)

    def _change(self, target: ast.expr, node: ast.AST, scope: tuple[str, ...]) -> None:
        """Follow a change in place, or forget what is changed."""
        name = changed_name(target, self.evaluator.names)
        shown = one_line(ast.unparse(node), _LONGEST_SHOWN)
        if isinstance(node, ast.Assign | ast.AugAssign) and self.given_in.get((name, scope)) == self.block:
            self.followed += 1
            if self.followed > _MOST_FOLLOWED:
                raise TooMuchError(f"it has more than {_MOST_FOLLOWED} changes of arrays")
            self.evaluator.arrays.remarks = []
            try:
                value = carry_out(self.evaluator, node, target)
                self.evaluator.arrays.remarks.append(
                    f"line {node.lineno} changes {name[:40]}, and is followed: {shown}"
                )
                self._keep(name, value, node.lineno, scope, again=True)
            except TooMuchError:
                raise
            except DataError:
                pass
            else:
                return
        self._forget(name, node, shown, is_key=name not in map(dotted, ast.walk(target)))

    def _forget(self, name: str, node: ast.AST, statement: str, *, is_key: bool = False) -> None:
        """Note that what a name holds is not known from here on, nor what it shares; a key is that of any scope."""
        self.compared += len(self.evaluator.names)
        if self.compared > _MOST_COMPARED:
            raise TooMuchError("it changes too many of its arrays")
        for changed in {name, *self.parts.get(name, ()), *sharing(self.evaluator, name)} - {""}:
            scope = next((scope for scope, names in reversed(self.locals) if changed in names), ())
            shown = one_line(statement, _LONGEST_SHOWN)
            line = getattr(node, "lineno", 0)
            self.findings.changes.append(Change(changed, shown, line, None if is_key else scope))
            self.evaluator.names.pop(changed, None)


class TooMuchError(DataError):
    """More than is read of any file."""


def _reason(name: str, error: DataError) -> str:
    return str(error) if str(error).startswith(name[:40]) else reason(name, str(error))


def _local_names(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The names that live in a function: its arguments, and what it assigns to."""
    stored = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    return stored | {part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg)}


def _may_leave(node: ast.stmt) -> bool:
    """Whether a statement may end its function, or the round of a loop, before the next one."""
    ends = (ast.Return, ast.Break, ast.Continue) if isinstance(node, ast.If) else ast.Return
    branches = isinstance(node, ast.If | ast.For | ast.While | ast.Try | ast.Match | ast.With)
    return branches and any(isinstance(part, ends) for part in ast.walk(node))


def _expressions(node: ast.stmt) -> Iterator[ast.expr]:
    return (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
