"""What an export shows, under which names: the matrices of every set, and the programs of every transform.

Where all axes are alike, AT, G, BT and `filter_transform`, `input_transform`, `output_transform` stand for all of them;
else the number of the axis follows each name. One joint set for several axes needs no number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import sympy

from wincook.bilinear import BilinearAlgorithm
from wincook.digest import digest
from wincook.program.ir import Program
from wincook.program.programs import Programs
from wincook.version import __version__

_FORMULAS = {"filter": "U = G g", "input": "V = BT d", "output": "y = AT M"}


class NamedMatrix(NamedTuple):
    """`letters` are AT, G or BT; the suffix is the axis."""

    letters: str
    suffix: str
    matrix: sympy.ImmutableMatrix

    @property
    def name(self) -> str:
        """Under which the matrix is exported."""
        return self.letters + self.suffix


class NamedProgram(NamedTuple):
    """`stage` is filter, input or output; the suffix is the axis."""

    stage: str
    suffix: str
    program: Program

    @property
    def name(self) -> str:
        """Under which the program is exported."""
        return f"{self.stage}_transform{self.suffix}"

    @property
    def formula(self) -> str:
        """What the program computes."""
        return _FORMULAS[self.stage]


@dataclass(frozen=True, slots=True)
class Document:
    """An algorithm, and its programs where these are wanted too."""

    algorithm: BilinearAlgorithm
    programs: Programs | None = None

    @property
    def suffixes(self) -> tuple[str, ...]:
        """One for each set that is shown: a single empty one if all axes are alike."""
        sets = self.algorithm.axes
        return ("",) if len(set(sets)) == 1 else tuple(map(str, range(len(sets))))

    @property
    def matrices(self) -> list[NamedMatrix]:
        """AT, G and BT of each set."""
        sets = zip(self.suffixes, self.algorithm.axes, strict=False)
        return [NamedMatrix(name, suffix, getattr(axis, name)) for suffix, axis in sets for name in ("AT", "G", "BT")]

    @property
    def named_programs(self) -> list[NamedProgram]:
        """The programs of each set, if they are wanted."""
        if self.programs is None:
            return []
        stages = {"filter": self.programs.filter, "input": self.programs.input, "output": self.programs.output}
        return [
            NamedProgram(stage, suffix, per_set[place])
            for place, suffix in enumerate(self.suffixes)
            for stage, per_set in stages.items()
        ]

    def header(self, contents: str) -> list[str]:
        """Lines that say what the contents are: all that follows them and a blank line."""
        algorithm = self.algorithm
        modulo = f" modulo {algorithm.modulus}" if algorithm.modulus else ""
        along = ", along each axis" if len(algorithm.axes) > 1 else ", for all axes at once" if algorithm.joint else ""
        return [
            f"{algorithm.tile}, a {algorithm.kind}{modulo}: y = AT [(G g) * (BT d)]{along}",
            f"points           {algorithm.point_names if algorithm.points else 'unknown'}",
            f"multiplications  {algorithm.multiplications}; direct: {algorithm.tile.direct_multiplications}",
            f"made by          wincook {__version__}",
            f"digest           {digest(contents)}, first digits of the SHA-256 of all below the blank line",
        ]
