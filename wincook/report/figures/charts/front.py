"""Error against speed-up: every algorithm as a numbered dot, a star where nothing beats it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from wincook.report.figures.canvas import Framed, Legend, sign, words
from wincook.report.figures.scales import logarithmic
from wincook.report.figures.theme import Theme

_PLACES = (  # of a number, in points from its dot: first where a rising line does not pass
    (0, 12, "center"),
    (0, -12, "center"),
    (10, -4, "left"),
    (-10, 4, "right"),
    (10, 5, "left"),
    (-10, -5, "right"),
    (22, 0, "left"),
    (-22, 0, "right"),
    (34, 0, "left"),
    (-34, 0, "right"),
)
_SURPRISE = 1.5
_APART = 9.0  # points between numbers, and between numbers and dots


@dataclass(frozen=True, slots=True)
class Dot:
    """An algorithm in one precision, whose rivals are those of the same `group`."""

    name: str
    group: str
    speedup: float
    predicted: float
    measured: float | None
    on_front: bool

    @property
    def overflows(self) -> bool:
        """Whether the sample has no finite error."""
        return self.measured is not None and isinf(self.measured)

    @property
    def surprises(self) -> bool:
        """Whether the sample is so far off that theory is worth drawing beside it."""
        return not 1 / _SURPRISE < self.height / self.predicted < _SURPRISE

    @property
    def height(self) -> float:
        """Where it lies: at the measured error if there is one."""
        return self.predicted if self.measured is None or self.overflows else self.measured


@dataclass(frozen=True, slots=True)
class FrontChart(Framed):
    """Dots of one or more groups; the legend names the numbers."""

    title: str
    line: str
    dots: tuple[Dot, ...]
    height: float = 4.2

    def paint(self, panels: Sequence[Axes], theme: Theme) -> Legend:
        """Dots, their numbers, and a line through the stars of each group."""
        (axes,) = panels
        axes.set(yscale="log", xlabel="speed-up in products, direct / fast", ylabel="relative RMS error")
        numbers = {name: number for number, name in enumerate(dict.fromkeys(dot.name for dot in self.dots), start=1)}
        groups = list(dict.fromkeys(dot.group for dot in self.dots))
        colours = {group: theme.series[number % len(theme.series)] for number, group in enumerate(groups)}
        for group, colour in colours.items():
            self._group(axes, theme, group, colour)
        axes.margins(0.07)
        logarithmic(axes.yaxis)
        self._numbers(axes, numbers, colours)
        return [self._explained(theme, colours), [words(f"{number}  {name}") for name, number in numbers.items()]]

    def _group(self, axes: Axes, theme: Theme, group: str, colour: str) -> None:
        dots = [dot for dot in self.dots if dot.group == group]
        front = sorted((dot.speedup, dot.height) for dot in dots if dot.on_front)
        axes.plot([x for x, _ in front], [y for _, y in front], color=colour, linewidth=1, alpha=0.6)
        for dot in sorted(dots, key=lambda dot: dot.on_front):  # stars last, so that no dot hides them
            if dot.surprises:
                axes.plot([dot.speedup] * 2, [dot.predicted, dot.height], color=colour, linewidth=1)
                axes.plot(dot.speedup, dot.predicted, "_", color=colour, markersize=11, markeredgewidth=2)
            marker, size = ("X", 9) if dot.overflows else ("*", 14) if dot.on_front else ("o", 7)
            axes.plot(dot.speedup, dot.height, marker, color=colour, markersize=size, markeredgecolor=theme.paper)

    def _numbers(self, axes: Axes, numbers: dict[str, int], colours: dict[str, str]) -> None:
        """Beside each dot, at the first place where there is nothing else."""
        figure = axes.get_figure(root=True)
        assert figure is not None  # noqa: S101 (it has been drawn into)
        figure.draw_without_rendering()  # settles where the data lie
        scale = 72 / figure.dpi
        taken = [tuple(axes.transData.transform((dot.speedup, dot.height)) * scale) for dot in self.dots]
        for dot, (x, y) in zip(self.dots, list(taken), strict=True):
            free = [
                place
                for place in _PLACES
                if all(
                    max(abs(x + place[0] - u), abs(y + place[1] - v)) >= _APART for u, v in taken if (u, v) != (x, y)
                )
            ]
            right, up, side = (free or _PLACES)[0]
            taken.append((x + right, y + up))
            axes.annotate(
                str(numbers[dot.name]),
                (dot.speedup, dot.height),
                (right, up),
                textcoords="offset points",
                ha=side,
                va="center",
                fontsize=9,
                color=colours[dot.group],
            )

    def _explained(self, theme: Theme, colours: dict[str, str]) -> list[Artist]:
        entries: list[Artist] = [sign("o", colour, group) for group, colour in colours.items()]
        entries.append(sign("*", theme.faint, "on the Pareto front", 13))
        if any(dot.surprises for dot in self.dots):
            entries.append(sign("_", theme.faint, "predicted, where the sample is far off", 11))
        if any(dot.overflows for dot in self.dots):
            entries.append(sign("X", theme.faint, "overflows"))
        return entries
