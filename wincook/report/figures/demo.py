"""The demo as one picture: what the filters see, how wrong the kernels are, what theory says, how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from wincook.demo import views
from wincook.demo.run import BankRun, DemoResult
from wincook.report.figures.demo_charts import CHARTS, algorithm_table, brief, error_curve, name_of, time_bars
from wincook.report.figures.sheet import Sheet
from wincook.report.figures.theme import Theme

Array = NDArray[Any]

_WIDTH, _MARGIN, _GUTTER = 16.0, 0.45, 0.16  # inches, like all lengths here
_STYLE = {"font.size": 9.5, "axes.grid": False}


@dataclass(frozen=True, slots=True, eq=False)
class DemoPicture:
    """All that the demo found, on one sheet 16 inches wide, 2000 pixels as a PNG."""

    result: DemoResult

    @property
    def title(self) -> str:
        """Over the whole sheet."""
        return "One photo, fast convolution, every error measured"

    @property
    def line(self) -> str:
        """What was computed."""
        outputs = sum(len(bank.outputs) for bank in self.result.banks)
        kernels = sum(len(bank.kernels) for bank in self.result.banks)
        return (
            f"{kernels} algorithms F(m×m, r×r), proven exactly, compiled to float32 kernels, run for {outputs} filter "
            "outputs; each pixel compared with direct convolution in float64."
        )

    def compose(self, theme: Theme) -> Figure:
        """The sheet, made in the style of the theme."""
        height, width = self.result.photo.size
        inner = _WIDTH - 2 * _MARGIN
        large = (inner - 4 * _GUTTER) / 5
        small = (inner - 4 * _GUTTER - 1.25) / 6
        first = 1.75
        second = first + large * height / width + 1.5
        third = second + small * height / width + 0.75
        with matplotlib.style.context(_STYLE):
            sheet = Sheet(Figure(figsize=(_WIDTH, third + 0.35 + CHARTS + 1.0)), theme)
            sheet.text(_MARGIN, 0.62, self.title, fontsize=23, fontweight="bold")
            sheet.text(_MARGIN, 0.95, self.line, color=theme.faint, fontsize=11.5)
            _outputs(sheet, self.result, first, large)
            _formats(sheet, self.result, second, small)
            _error_maps(sheet, self.result, second, small)
            error_curve(sheet, self.result, third, _MARGIN)
            time_bars(sheet, self.result, third)
            algorithm_table(sheet, self.result, third)
            foot = sheet.height - 0.28
            sheet.note(_MARGIN, foot, f"{self.result.photo.caption}.")
            sheet.note(_WIDTH - _MARGIN, foot, "wincook demo", ha="right")
        return sheet.figure


def _outputs(sheet: Sheet, result: DemoResult, top: float, width: float) -> None:
    three, five, seven = result.banks
    height, across = result.photo.size
    gradient = np.concatenate([three.output("Scharr ∂x"), three.output("Scharr ∂y")])
    panels = (
        (views.picture(result.photo.pixels), "The photo", f"{across} × {height} pixels, three channels"),
        (views.edges(gradient), "Edges", _by(three, "length of Scharr’s gradient")),
        (views.picture(five.output("unsharp mask")), "Unsharp mask", _by(five, "each colour by itself")),
        (views.textures(five), "Textures", _by(five, "Laws’ edges, spots, ripples")),
        (views.orientations(seven), "Orientations", _by(seven, "energy of 16 Gabor filters")),
    )
    for number, (pixels, title, line) in enumerate(panels):
        sheet.image(_MARGIN + number * (width + _GUTTER), top, width, pixels, title, line)
    size = 0.55
    wheel = sheet.axes(_WIDTH - _MARGIN - size - 0.08, top + width * height / across - size - 0.08, size, size)
    wheel.imshow(views.wheel(96))
    wheel.set_axis_off()


def _by(bank: BankRun, line: str) -> str:
    return f"{name_of(bank.kernels[-1].tile)}: {line}"


def _formats(sheet: Sheet, result: DemoResult, top: float, width: float) -> None:
    sheet.heading(
        _MARGIN,
        top - 0.86,
        "What 16 bits do to large tiles",
        "The same edges with every operation rounded to a 16-bit format, emulated.",
    )
    for number, emulation in enumerate(result.emulations):
        sheet.image(
            _MARGIN + number * (width + _GUTTER),
            top,
            width,
            views.edges(emulation.gradient),
            f"{name_of(emulation.algorithm.tile)} in {emulation.format}",
            f"RMS error {brief(emulation.rms_error)}",
        )


def _error_maps(sheet: Sheet, result: DemoResult, top: float, width: float) -> None:
    bank = result.banks[0]
    left = _WIDTH - _MARGIN - 0.75 - 3 * width - 2 * _GUTTER
    sheet.heading(
        left,
        top - 0.86,
        "What float32 kernels get wrong",
        f"|kernel − float64| at each pixel, RMS over {len(bank.outputs)} outputs; brightness is 0 to 1.",
    )
    maps = np.stack([kernel.error_map for kernel in bank.kernels])
    least, most = np.percentile(maps[maps > 0], (1, 99.9))
    images = [
        sheet.image(
            left + number * (width + _GUTTER),
            top,
            width,
            np.maximum(kernel.error_map, least),
            f"{name_of(kernel.tile)} in float32",
            f"RMS {brief(kernel.rms_error)}, largest {brief(kernel.max_error)}",
            norm=LogNorm(least, most),
            cmap="magma",
        )
        for number, kernel in enumerate(bank.kernels)
    ]
    height, across = result.photo.size
    scale = sheet.axes(_WIDTH - _MARGIN - 0.62, top, 0.14, width * height / across)
    bar = sheet.figure.colorbar(images[0], cax=scale)
    bar.outline.set(visible=False)
