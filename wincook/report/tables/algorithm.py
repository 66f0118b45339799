"""An algorithm: its counts, its matrices, and the programs of its transforms."""

from __future__ import annotations

from collections.abc import Iterator

from wincook.bilinear import BilinearAlgorithm
from wincook.exact.notation import text
from wincook.program.cost import Cost, cost
from wincook.program.programs import Programs, operations_per_tile
from wincook.report.table import Heading, Part, Table, View, grid, number, table, words


def algorithm_view(algorithm: BilinearAlgorithm) -> View:
    """Tile, points, counts, and the matrices of each axis that differs from the one before."""
    direct = algorithm.tile.direct_multiplications
    head = (
        f"{algorithm.name}: {algorithm.multiplications} multiplications, at least {algorithm.least_multiplications}, "
        f"direct {direct} ({algorithm.speedup:.2f}× fewer)"
    )
    head += f"; symbols: {', '.join(algorithm.symbols)}" if algorithm.symbols else ""
    return View((Heading(head), *_axes(algorithm)))


def _axes(algorithm: BilinearAlgorithm) -> Iterator[Part]:
    several = len(algorithm.axes) > 1
    for number_of_axis, axis in enumerate(algorithm.axes):
        if number_of_axis and axis == algorithm.axes[number_of_axis - 1]:
            yield f"axis {number_of_axis}: as axis {number_of_axis - 1}"
            continue
        yield f"axis {number_of_axis}\n" if several else ""
        for letter in ("AT", "G", "BT"):
            matrix = getattr(axis, letter)
            name = f"{letter} of axis {number_of_axis}" if several else letter
            yield grid(name, f"{letter} ({matrix.rows}×{matrix.cols})", matrix.tolist(), text)
            yield ""


def programs_view(programs: Programs) -> View:
    """The straight-line programs, each different one once, and what a tile costs."""
    parts: list[Part] = []
    stages = {"filter": programs.filter, "input": programs.input, "output": programs.output}
    for name, per_axis in stages.items():
        for program in dict.fromkeys(per_axis):
            parts.append(Heading(f"{name} transform: {_cost_text(cost(program))}"))
            parts.append("\n".join(f"    {line}" for line in str(program).splitlines()) + "\n")
    counts = ", ".join(f"{name} {operations_per_tile(per_axis)}" for name, per_axis in stages.items())
    return View((*parts, f"operations per tile and channel: {counts}"))


def costs_table(costs: dict[str, Cost]) -> Table:
    """The operations of one run of each program, under what it computes."""
    counts = ("additions", "multiplications", "fmas", "negations", "live")
    return table(
        "operations",
        "Operations of one run",
        [words("transform"), *(number(name, "d") for name in counts)],
        [(heading, *(getattr(counted, name) for name in counts)) for heading, counted in costs.items()],
        caption="live: values alive at once, at most.",
    )


def _cost_text(counted: Cost) -> str:
    counts = [
        (counted.additions, "additions"),
        (counted.multiplications, "multiplications"),
        (counted.fmas, "fmas"),
        (counted.negations, "negations"),
    ]
    named = [f"{count} {word}" for count, word in counts if count]
    return f"{', '.join(named) or 'no operations'}; {counted.live} values alive at most"
