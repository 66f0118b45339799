"""The matrices and the programs of an algorithm, as a page or a notebook shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wincook.bilinear import Transforms
from wincook.program.ir import Program
from wincook.program.programs import Programs
from wincook.report.html.pieces import Code, Matrix


def matrices_of(axes: Sequence[Transforms]) -> Iterator[Matrix]:
    """AT, G and BT of each different axis; numbered, where there are several."""
    different = list(dict.fromkeys(axes))
    for number, axis in enumerate(different):
        suffix = f", set {number}" if len(different) > 1 else ""
        for letter in ("AT", "G", "BT"):
            yield Matrix(letter + suffix, getattr(axis, letter))


def codes_of(programs: Programs) -> Iterator[tuple[Code, Program]]:
    """The straight-line code of each different program; numbered, where there are several of a transform."""
    transforms = {
        "filter, U = G g": programs.filter,
        "input, V = BT d": programs.input,
        "output, y = AT M": programs.output,
    }
    for name, per_axis in transforms.items():
        different = list(dict.fromkeys(per_axis))
        for number, program in enumerate(different):
            yield Code(f"{name}, set {number}" if len(different) > 1 else name, str(program)), program
