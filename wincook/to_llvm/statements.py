"""The statements of a function, which becomes part of the one that calls it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import lru_cache
from inspect import signature
from typing import Any, NamedTuple

from llvmlite import ir

from wincook.to_llvm.expressions import Expressions
from wincook.to_llvm.values import in_llvm, is_known, is_true, items_of, place_for, read_place, write_place


class Loop(NamedTuple):
    """Where the next turn of a loop begins, and what follows the loop."""

    again: ir.Block
    behind: ir.Block


class Statements(Expressions):
    """The statements of one call of a function.

    `find` finds the definition of a function.
    """

    def __init__(self, builder: ir.IRBuilder, function: Any, find: Callable[[Any], ast.FunctionDef]) -> None:
        code = function.__code__
        closure = (cell.cell_contents for cell in function.__closure__ or ())
        super().__init__(builder, {**function.__globals__, **dict(zip(code.co_freevars, closure, strict=True))})
        self._function, self._find, self._node = function, find, find(function)
        self._loops: list[Loop] = []
        self._end: ir.Block | None = None
        self._result: Any = None  # or the place of it, where there is an end to go to

    def result(self, arguments: list[Any], by_name: dict[str, Any]) -> Any:
        """What the function returns, after all that it does."""
        bound = signature(self._function).bind(*arguments, **by_name)
        bound.apply_defaults()
        stored = names_stored(self._node)
        for name, value in bound.arguments.items():
            if name in stored:
                self._assign_name(name, value)
            else:
                self.names[name] = value
        self._run(self._node.body)
        if self._end is None:
            return self._result
        if not self.builder.block.is_terminated:
            self.builder.branch(self._end)
        self.builder.position_at_end(self._end)
        return None if self._result is None else read_place(self.builder, self._result)

    def value_of_call(self, function: Any, arguments: list[Any], by_name: dict[str, Any]) -> Any:
        """What a function returns, whose statements stand here."""
        return Statements(self.builder, function, self._find).result(arguments, by_name)

    def visit_Expr(self, node: ast.Expr) -> None:
        """A call for what it does, or words about the function."""
        self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        """A value to names, or to tuples of them."""
        value = self.visit(node.value)
        for target in node.targets:
            self._assign(target, value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """A value to a name, whatever its annotation says."""
        if node.value is not None:
            self._assign(node.target, self.visit(node.value))

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """What an operation makes of a variable, to the variable."""
        self._assign(node.target, self.visit(ast.BinOp(node.target, node.op, node.value)))

    def visit_If(self, node: ast.If) -> None:
        """One of two lists of statements."""
        truth = is_true(self.builder, self.visit(node.test))
        if is_known(truth):
            self._run(node.body if truth else node.orelse)
            return
        with self.builder.if_else(truth) as (if_true, if_false):
            with if_true:
                self._run(node.body)
            with if_false:
                self._run(node.orelse)

    def visit_While(self, node: ast.While) -> None:
        """A loop on a condition."""
        test, inside, behind = (self.builder.append_basic_block() for _ in range(3))
        self._go_on_at(test)
        truth = in_llvm(is_true(self.builder, self.visit(node.test)))
        self.builder.cbranch(truth, inside, behind)
        self.builder.position_at_end(inside)
        self._turn(Loop(test, behind), node.body)

    def visit_For(self, node: ast.For) -> None:
        """A loop over a range that counts up: what is not known of its step is taken to be so.

        Raises:
            NotImplementedError: it counts down, or it is a loop over something else.
        """
        if not isinstance(node.iter, ast.Call) or self.visit(node.iter.func) is not range:
            raise NotImplementedError(f"compiled code has no loop over {ast.unparse(node.iter)}")
        limits = self.values(node.iter.args)
        start, stop, step = {1: (0, *limits, 1), 2: (*limits, 1), 3: limits}[len(limits)]
        if is_known(step) and step < 1:
            raise NotImplementedError(f"compiled code has no loop that counts by {step}")
        builder, last, step = self.builder, in_llvm(stop), in_llvm(step)
        place = place_for(builder, start)
        write_place(builder, place, start)
        test, inside, again, behind = (builder.append_basic_block() for _ in range(4))
        self._go_on_at(test)
        number = read_place(builder, place)
        builder.cbranch(builder.icmp_signed("<", number, last), inside, behind)
        builder.position_at_end(again)
        builder.store(builder.add(number, step, flags=["nsw"]), place)
        builder.branch(test)
        builder.position_at_end(inside)
        self._assign(node.target, number)
        self._turn(Loop(again, behind), node.body)

    def visit_Continue(self, _node: ast.Continue) -> None:
        """The next turn of the innermost loop."""
        self.builder.branch(self._loops[-1].again)

    def visit_Break(self, _node: ast.Break) -> None:
        """The end of the innermost loop."""
        self.builder.branch(self._loops[-1].behind)

    def visit_Return(self, node: ast.Return) -> None:
        """The end of the function, with a value; its last statement is there unless others go there, too."""
        value = None if node.value is None else self.visit(node.value)
        if self._end is None and node is self._node.body[-1]:
            self._result = value
            return
        if self._end is None:
            self._end = self.builder.append_basic_block()
        if value is not None:
            if self._result is None:
                self._result = place_for(self.builder, value)
            write_place(self.builder, self._result, value)
        self.builder.branch(self._end)

    def _run(self, nodes: list[ast.stmt]) -> None:
        for node in nodes:
            if not self.builder.block.is_terminated:
                self.visit(node)

    def _assign(self, target: ast.expr, value: Any) -> None:
        if isinstance(target, ast.Tuple):
            for part, item in zip(target.elts, items_of(value), strict=True):
                self._assign(part, item)
        elif isinstance(target, ast.Name):
            self._assign_name(target.id, value)
        else:
            self.generic_visit(target)

    def _assign_name(self, name: str, value: Any) -> None:
        if name not in self.variables:
            self.variables[name] = place_for(self.builder, value)
        write_place(self.builder, self.variables[name], value)

    def _go_on_at(self, block: ir.Block) -> None:
        self.builder.branch(block)
        self.builder.position_at_end(block)

    def _turn(self, loop: Loop, body: list[ast.stmt]) -> None:
        """One turn of a loop, and on to what follows it."""
        self._loops.append(loop)
        self._run(body)
        self._loops.pop()
        if not self.builder.block.is_terminated:
            self.builder.branch(loop.again)
        self.builder.position_at_end(loop.behind)


@lru_cache(maxsize=512)
def names_stored(node: ast.FunctionDef) -> frozenset[str]:
    """The variables that a function assigns to."""
    names = (name for name in ast.walk(node) if isinstance(name, ast.Name))
    return frozenset(name.id for name in names if isinstance(name.ctx, ast.Store))
