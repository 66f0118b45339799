"""Programs as functions of C: of arrays along one axis, and of tiles with strides along all axes."""

from __future__ import annotations

from collections.abc import Sequence

from wincook.exact.number import Number
from wincook.interchange.write.c.numbers import NumberType
from wincook.interchange.write.listing import Listing
from wincook.program.ir import Program


def function(name: str, comment: str, program: Program, number: NumberType) -> str:
    """A function of arrays. All is read before anything is written, so source and target may be one array."""
    listing = _CListing(program, number)
    source, target, spelt = program.source, program.target, number.spelt
    arguments = f"const {spelt} {source}[{len(listing.inputs)}], {spelt} {target}[{len(listing.outputs)}]"
    lines = [
        f"/* {comment} */",
        f"static void {name}({arguments})",
        "{",
        *(f"    const {spelt} {n} = {source}[{i}];" for i, n in enumerate(listing.inputs) if n in listing.read),
        *(f"    const {spelt} {n} = {words};" for n, words in listing.statements),
        *(f"    {target}[{place}] = {n};" for place, n in enumerate(listing.outputs)),
        "}",
    ]
    return "\n".join(lines)


def tile_function(
    name: str, comment: Sequence[str], per_axis: Sequence[tuple[str, Program]], number: NumberType
) -> str:
    """A function of tiles: along each axis in turn, the function of its program, which is told by name."""
    programs = [program for _, program in per_axis]
    source, target, spelt, axes = programs[0].source, programs[0].target, number.spelt, len(programs)
    before, after = [program.inputs for program in programs], [len(program.outputs) for program in programs]
    largest = [max(sizes) for sizes in zip(before, after, strict=True)]
    tile = "".join(f"[{size}]" for size in largest)
    lines = [
        f"/* {f'{chr(10)}   '.join(comment)} */",
        f"static void {name}(const {spelt} *{source}, const ptrdiff_t {source}_steps[{axes}],",
        f"{' ' * len(f'static void {name}(')}{spelt} *{target}, const ptrdiff_t {target}_steps[{axes}])",
        "{",
        f"    {spelt} tile{tile}, line[{max(largest)}];",
        *_loops(before, range(axes), [f"{_place('tile', axes)} = {source}[{_steps(source, axes)}];"]),
    ]
    for axis, (called, program) in enumerate(per_axis):
        sizes = after[:axis] + before[axis:]
        place = _place("tile", axes)
        read = _loops([program.inputs] * axes, [axis], [f"line[i{axis}] = {place};"], depth=0)
        written = _loops([len(program.outputs)] * axes, [axis], [f"{place} = line[i{axis}];"], depth=0)
        others = [other for other in range(axes) if other != axis]
        lines += _loops(sizes, others, [*read, f"{called}(line, line);", *written])
    lines += _loops(after, range(axes), [f"{target}[{_steps(target, axes)}] = {_place('tile', axes)};"])
    return "\n".join([*lines, "}"])


def _loops(sizes: Sequence[int], axes: Sequence[int], body: list[str], depth: int = 1) -> list[str]:
    """The body in a loop over each of some axes, the last one innermost."""
    *indents, inner = ["    " * (depth + level) for level in range(len(axes) + 1)]
    heads = [
        f"{indent}for (int i{axis} = 0; i{axis} < {sizes[axis]}; ++i{axis}) {{"
        for indent, axis in zip(indents, axes, strict=True)
    ]
    return [*heads, *(f"{inner}{line}" for line in body), *(f"{indent}}}" for indent in reversed(indents))]


def _place(array: str, axes: int) -> str:
    return array + "".join(f"[i{axis}]" for axis in range(axes))


def _steps(array: str, axes: int) -> str:
    return " + ".join(f"i{axis} * {array}_steps[{axis}]" for axis in range(axes))


class _CListing(Listing):
    def __init__(self, program: Program, number: NumberType) -> None:
        self._number = number
        super().__init__(program)

    def product(self, a: str, constant: Number) -> str:
        return f"{a} * {self._number.literal(constant)}"

    def fused(self, a: str, constant: Number, b: str) -> str:
        factor = self._number.literal(constant)
        return f"{self._number.fma}({a}, {factor}, {b})" if self._number.fma else f"{a} * {factor} + {b}"
