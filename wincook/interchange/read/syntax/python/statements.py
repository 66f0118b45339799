"""Matrices in Python: whatever is assigned, given a name or returned, and is understood as a whole.

    BT = np.array([[1, 0, -1, 0], …])      self.register_buffer("BT", torch.tensor(…))      {"BT": ((1, 0, -1, 0), …)}

The file is parsed by Python's own parser and not executed. Names hold what they were given last. A change in place is
followed where it surely happens once: in the block that gives the array. Any other leaves the array unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from wincook.errors import DataError
from wincook.interchange.read.numbers.cell import Cell
from wincook.interchange.read.syntax.python.expressions import Evaluator, dotted
from wincook.interchange.read.syntax.python.following import Following
from wincook.interchange.read.syntax.python.in_place import as_assignment, changed_by_call, changed_name, entry_name
from wincook.interchange.read.syntax.python.kept import Kept, Scope, TooMuchError
from wincook.interchange.read.syntax.python.parsed import parsed
from wincook.interchange.read.syntax.python.shapes import shows_matrix
from wincook.interchange.read.tables import Findings, Unread, reason

_NAMED_BY_TEXT = {"register_buffer", "register_parameter", "setattr", "set_value", "setdefault"}
_MOST_TARGETS, _MOST_STATEMENTS = 16, 30_000


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
    return walk.kept.findings


class _Walk:
    """Goes through the statements of a module in their order."""

    def __init__(self, text: str) -> None:
        self.kept = Kept()
        self.evaluator = Evaluator([line.encode() for line in text.splitlines()] or [b""])
        self.following = Following(self.evaluator, self.kept)

    def statements(self, body: Sequence[ast.stmt], scope: Scope) -> None:
        """Read the statements of a block, and those within them."""
        around = self.kept.block
        self.kept.begin_block()
        for statement in body:
            self._statement(statement, scope)
            if _may_leave(statement):
                self.kept.begin_block()  # what follows may not be reached
        self.kept.block = around

    def _statement(  # noqa: C901, PLR0912 (one case for each kind of statement)
        self, node: ast.stmt, scope: Scope
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
                self.following.change(target, node, scope)
            case ast.Return(value=ast.expr() as value):
                self._returned(value, scope)
            case ast.Delete(targets=targets):
                for target in targets:
                    self.following.change(target, node, scope)
            case ast.Expr(value=ast.Constant(value=str() as text)):
                self.kept.findings.prose.append(text)
            case ast.With(body=body):
                for inner in body:
                    self._statement(inner, scope)
            case _ if assignment := as_assignment(node):
                self.following.change(assignment.target, assignment, scope)
            case _:
                if isinstance(node, ast.For):
                    for name in filter(None, map(dotted, ast.walk(node.target))):
                        self.following.note_part(name, *map(dotted, ast.walk(node.iter)))
                for expression in _expressions(node):
                    self._nested(expression, scope)
                    self._effects(expression, scope)
                for block in ("body", "orelse", "finalbody"):
                    self.statements(getattr(node, block, []), scope)
                for inner in (*getattr(node, "handlers", []), *getattr(node, "cases", [])):
                    self.statements(inner.body, scope)

    def _defined(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: Scope) -> None:
        """A function or a class; what it changes in place is not known after it either."""
        known, inner, before = dict(self.evaluator.names), (*scope, node.name), len(self.kept.findings.changes)
        if isinstance(node, ast.ClassDef):
            self.statements(node.body, inner)
        else:
            self._defaults(node.args, inner)
            self.following.locals.append((inner, _local_names(node)))
            self.statements(node.body, inner)
            self.following.locals.pop()
        changed = {change.name for change in self.kept.findings.changes[before:] if change.scope != inner}
        self.evaluator.names = {name: value for name, value in known.items() if name not in changed}

    def _assign(self, target: ast.expr, node: ast.Assign, scope: Scope) -> None:
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
                self.following.change(target, node, scope)
        elif name := dotted(target):
            self._named(name, node.value, scope)

    def _new_entry(self, target: ast.Subscript) -> str:
        """The name for an entry of a dictionary; empty if what is assigned to is a part of an array."""
        base = dotted(target.value)
        is_array = isinstance(self.evaluator.names.get(base), np.ndarray | list) or self.following.is_part(base)
        return "" if is_array or base != changed_name(target.value) else entry_name(target)

    def _named(self, name: str, node: ast.expr, scope: Scope) -> None:
        """Note what a name is given: a value, a matrix, or something that is not understood."""
        names = self.evaluator.names
        self.kept.findings.given.add(name)
        again = not isinstance(node, ast.Constant) and name in set(map(dotted, ast.walk(node)))
        if again and self.kept.given_elsewhere(name, scope):
            self.following.forget(name, node, f"{name} = {ast.unparse(node)}")
            return
        self.evaluator.arrays.remarks = []
        try:
            value = self.evaluator.value(node)
            self.kept.keep(name, value, node.lineno, scope, self.evaluator.arrays.remarks, again=again)
        except TooMuchError:
            raise
        except DataError as error:
            names.pop(name, None)
            self.following.note_part(name, changed_name(node, names))
            before = len(self.kept.findings.tables) + len(self.kept.findings.unread)
            self._nested(node, (*scope, name))
            shows = shows_matrix(node) and before == len(self.kept.findings.tables) + len(self.kept.findings.unread)
            self.kept.findings.unread.append(Unread(name, _reason(name, error), shows, scope, node.lineno))
            if again:
                self.following.forget(name, node, f"{name} = {ast.unparse(node)}")
        else:
            names[name] = value

    def _returned(self, node: ast.expr, scope: Scope) -> None:
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

    def _defaults(self, arguments: ast.arguments, scope: Scope) -> None:
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = [
            *zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        for argument in (*positional, *arguments.kwonlyargs):
            self.kept.findings.given.add(argument.arg)
            self.evaluator.names.pop(argument.arg, None)
        for argument, default in pairs:
            if isinstance(default, ast.List | ast.Tuple | ast.Call):
                self._named(argument.arg, default, scope)

    def _nested(  # noqa: C901, PLR0912 (one case for each kind of expression)
        self, node: ast.expr, scope: Scope
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

    def _effects(self, node: ast.expr, scope: Scope) -> None:
        """Calls that change an array: G.fill(2), np.negative(G, out=G), np.copyto(G, …)."""
        for call in ast.walk(node):
            if isinstance(call, ast.Call):
                for target in changed_by_call(call):
                    self.following.change(target, call, scope)


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
