"""Changes in place: followed where they surely happen once, else what is changed is not known any more."""

from __future__ import annotations

import ast

from wincook.errors import DataError, one_line
from wincook.interchange.read.syntax.python.expressions import Evaluator, dotted
from wincook.interchange.read.syntax.python.in_place import carry_out, changed_name, sharing
from wincook.interchange.read.syntax.python.kept import Kept, Scope, TooMuchError
from wincook.interchange.read.tables import Change

_MOST_FOLLOWED, _MOST_COMPARED = 1000, 1 << 20
_LONGEST_SHOWN = 60


class Following:
    """Follows changes of what the evaluator knows, and notes those that cannot be followed.

    `locals` are the names that live in the functions around, the innermost last.
    """

    def __init__(self, evaluator: Evaluator, kept: Kept) -> None:
        self.evaluator = evaluator
        self.kept = kept
        self.locals: list[tuple[Scope, set[str]]] = []
        self._holders: dict[str, set[str]] = {}
        self._followed = self._compared = 0

    def is_part(self, name: str) -> bool:
        """Whether a name may stand for a part of what another holds."""
        return bool(self._holders.get(name))

    def note_part(self, name: str, *holders: str) -> None:
        """A name that may stand for a part of what others hold: `row = BT[k]`, `for row in BT`."""
        self._holders[name] = {holder for holder in holders if holder in self.evaluator.names}

    def change(self, target: ast.expr, node: ast.AST, scope: Scope) -> None:
        """Follow a change in place, or forget what is changed."""
        name = changed_name(target, self.evaluator.names)
        shown = one_line(ast.unparse(node), _LONGEST_SHOWN)
        if isinstance(node, ast.Assign | ast.AugAssign) and self.kept.given_here(name, scope):
            try:
                self._follow(name, target, node, scope)
            except TooMuchError:
                raise
            except DataError:
                pass
            else:
                return
        self.forget(name, node, shown, is_key=name not in map(dotted, ast.walk(target)))

    def forget(self, name: str, node: ast.AST, statement: str, *, is_key: bool = False) -> None:
        """Note that what a name holds is not known from here on, nor what it shares; a key is that of any scope."""
        self._compared += len(self.evaluator.names)
        if self._compared > _MOST_COMPARED:
            raise TooMuchError("it changes too many of its arrays")
        shown, line = one_line(statement, _LONGEST_SHOWN), getattr(node, "lineno", 0)
        for changed in sorted({name, *self._holders.get(name, ()), *sharing(self.evaluator, name)} - {""}):
            scope = next((scope for scope, names in reversed(self.locals) if changed in names), ())
            self.kept.findings.changes.append(Change(changed, shown, line, None if is_key else scope))
            self.evaluator.names.pop(changed, None)

    def _follow(self, name: str, target: ast.expr, node: ast.Assign | ast.AugAssign, scope: Scope) -> None:
        """Carry out a change.

        Raises:
            DataError: it is not understood, or what it makes is no matrix.
        """
        self._followed += 1
        if self._followed > _MOST_FOLLOWED:
            raise TooMuchError(f"it has more than {_MOST_FOLLOWED} changes of arrays")
        self.evaluator.arrays.remarks = []
        value = carry_out(self.evaluator, node, target)
        shown = one_line(ast.unparse(node), _LONGEST_SHOWN)
        remark = f"line {node.lineno} changes {name[:40]}, and is followed: {shown}"
        self.kept.keep(name, value, node.lineno, scope, [*self.evaluator.arrays.remarks, remark], again=True)
