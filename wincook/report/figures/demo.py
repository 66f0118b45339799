"""The demo as one picture: what the filters see, how wrong the kernels are, what theory says, how long it takes."""

from __future__ import annotations

from pathlib import Path

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm

from wincook.analysis.analyse import ErrorReport
from wincook.demo import views
from wincook.demo.run import CURVE, FORMATS, BankRun, DemoResult
from wincook.formats import FLOAT32
from wincook.report.figures.page import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    GUTTER,
    INK,
    MARGIN,
    PAPER,
    STYLE,
    VERMILION,
    WIDTH,
    Page,
)
from wincook.tile import Tile

_COLOURS = dict(zip(map(str, FORMATS), (BLUE, VERMILION, GREEN), strict=True))
_CHARTS = 4.1  # inches, like all lengths here
_PLAIN = 1e-3  # numbers from here to its inverse are written without an exponent
_SURPRISE = 3.0  # a measurement so many times its prediction gets an explanation


def draw(result: DemoResult, path: str | Path) -> Path:
    """Draw what the demo found into a PNG file, which is written whole or not at all.

    Raises:
        OutputError: the file cannot be written.
    """
    path = Path(path)
    with matplotlib.style.context(["default", STYLE]):
        _page(result).save(path)
    return path


def _page(result: DemoResult) -> Page:
    height, width = result.photo.size
    inner = WIDTH - 2 * MARGIN
    large = (inner - 4 * GUTTER) / 5
    small = (inner - 4 * GUTTER - 1.25) / 6
    first = 1.75
    second = first + large * height / width + 1.5
    third = second + small * height / width + 0.75
    page = Page(third + 0.35 + _CHARTS + 1.0)
    _head(page, result)
    _outputs(page, result, first, large)
    _formats(page, result, second, small)
    _error_maps(page, result, second, small)
    _curve(page, result, third)
    _times(page, result, third)
    _table(page, result, third)
    page.text(MARGIN, page.height - 0.28, result.photo.caption + ".", color=FAINT, fontsize=8.5)
    page.text(WIDTH - MARGIN, page.height - 0.28, "wincook demo", color=FAINT, fontsize=8.5, ha="right")
    return page


def _head(page: Page, result: DemoResult) -> None:
    outputs = sum(len(bank.outputs) for bank in result.banks)
    kernels = sum(len(bank.kernels) for bank in result.banks)
    page.text(MARGIN, 0.62, "One photo, fast convolution, every error measured", fontsize=23, fontweight="bold")
    page.text(
        MARGIN,
        0.95,
        f"{kernels} algorithms F(m×m, r×r), proven exactly, compiled to float32 kernels, run for {outputs} filter "
        "outputs; each pixel compared with direct convolution in float64.",
        color=FAINT,
        fontsize=11.5,
    )


def _outputs(page: Page, result: DemoResult, top: float, width: float) -> None:
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
        page.image(MARGIN + number * (width + GUTTER), top, width, pixels, title, line)
    size = 0.55
    wheel = page.axes(WIDTH - MARGIN - size - 0.08, top + width * height / across - size - 0.08, size, size)
    wheel.imshow(views.wheel(96))
    wheel.set_axis_off()


def _by(bank: BankRun, line: str) -> str:
    return f"{_name(bank.kernels[-1].tile)}: {line}"


def _formats(page: Page, result: DemoResult, top: float, width: float) -> None:
    page.heading(
        MARGIN,
        top - 0.86,
        "What 16 bits do to large tiles",
        "The same edges with every operation rounded to a 16-bit format, emulated.",
    )
    for number, one in enumerate(result.emulations):
        page.image(
            MARGIN + number * (width + GUTTER),
            top,
            width,
            views.edges(one.gradient),
            f"{_name(one.algorithm.tile)} in {one.format}",
            f"RMS error {_scientific(one.rms_error)}",
        )


def _error_maps(page: Page, result: DemoResult, top: float, width: float) -> None:
    bank = result.banks[0]
    left = WIDTH - MARGIN - 0.75 - 3 * width - 2 * GUTTER
    page.heading(
        left,
        top - 0.86,
        "What float32 kernels get wrong",
        f"|kernel − float64| at each pixel, RMS over {len(bank.outputs)} outputs; brightness is 0 to 1.",
    )
    maps = np.stack([kernel.error_map for kernel in bank.kernels])
    least, most = np.percentile(maps[maps > 0], (1, 99.9))
    images = [
        page.image(
            left + number * (width + GUTTER),
            top,
            width,
            np.maximum(kernel.error_map, least),
            f"{_name(kernel.tile)} in float32",
            f"RMS {_scientific(kernel.rms_error)}, largest {_scientific(kernel.max_error)}",
            norm=LogNorm(least, most),
            cmap="magma",
        )
        for number, kernel in enumerate(bank.kernels)
    ]
    height, across = result.photo.size
    scale = page.axes(WIDTH - MARGIN - 0.62, top, 0.14, width * height / across)
    bar = page.figure.colorbar(images[0], cax=scale)
    bar.outline.set(visible=False)


def _curve(page: Page, result: DemoResult, top: float) -> None:
    page.heading(
        MARGIN,
        top,
        "Larger tiles, larger errors",
        "Relative RMS error of F(m×m,3×3), three channels, uniform data.",
    )
    axes = page.axes(MARGIN + 0.5, top + 0.45, 4.75, _CHARTS - 0.45)
    for fmt in FORMATS:
        reports, colour = result.curve(fmt), _COLOURS[fmt.name]
        m = [report.algorithm.tile.outputs[0] for report in reports]
        predicted = [report.predicted.relative_rms for report in reports]
        measured = [report.measured.relative_rms for report in reports]
        axes.plot(m, predicted, color=colour, linewidth=1.8)
        axes.plot(m, measured, "o", color=colour, markersize=6.5, markeredgecolor=PAPER)
        axes.text(m[-1] + 0.25, predicted[-1], str(fmt), color=colour, fontweight="bold", va="center")
        for report in reports:
            _explain(axes, report)
    axes.plot([], [], color=GREY, linewidth=1.8, label="predicted in closed form")
    axes.plot([], [], "o", color=GREY, label=f"measured on {result.reports[0].samples} random tiles")
    axes.legend(frameon=False, loc="upper left", labelcolor=FAINT)
    axes.set(yscale="log", xlim=(0.7, 9.6), xlabel="m, outputs per tile and axis")
    axes.set_xticks(CURVE, [f"{m}\ndirect" if m == 1 else str(m) for m in CURVE])
    axes.grid(axis="y")
    axes.tick_params(which="both", length=0)


def _explain(axes: Axes, report: ErrorReport) -> None:
    m, colour = report.algorithm.tile.outputs[0], _COLOURS[str(report.precision)]
    predicted, measured = report.predicted.relative_rms, report.measured.relative_rms
    if measured > _SURPRISE * predicted:
        axes.plot([m, m], [predicted, measured], ":", color=colour)
        axes.text(m + 0.25, measured, "underflow,\nnot in theory", color=colour, va="center", fontsize=8.5)


def _times(page: Page, result: DemoResult, top: float) -> None:
    left, step = 6.35, 1.0
    threads = max(kernel.plan.threads for bank in result.banks for kernel in bank.kernels)
    page.heading(left, top, "How long it takes", f"Milliseconds on one thread; in brackets, the kernel on {threads}.")
    axes = page.axes(left + 1.7, top + 0.45, 2.3, _CHARTS - 0.15)
    ticks: dict[float, str] = {}
    for bank in result.banks:
        axes.text(0, step, f" {len(bank.outputs)} outputs, {bank.size}×{bank.size}", fontweight="bold", va="center")
        others = [(f"scipy.{one.name}", one.seconds, "", GREY) for one in bank.scipy]
        own = [
            (_name(one.tile), one.seconds_one_thread, f" ({_milliseconds(one.seconds)})", BLUE) for one in bank.kernels
        ]
        for name, seconds, more, colour in others + own:
            step += 1
            ticks[step] = name
            axes.barh(step, seconds, color=colour, height=0.72)
            axes.text(seconds, step, f" {_milliseconds(seconds)}{more}", va="center", fontsize=8.5)
        step += 1.5
    axes.set_yticks([*ticks], [*ticks.values()])
    axes.set(xticks=[], ylim=(step - 0.8, 0.4))
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelcolor=INK)


def _table(page: Page, result: DemoResult, top: float) -> None:
    left, columns = 11.2, (0.0, 1.75, 2.45, 3.05, 3.7, 4.35)
    page.heading(left, top, "The algorithms", "κ₂ of the transforms; relative RMS error predicted for float32.")
    kernels = [kernel.tile for bank in result.banks for kernel in bank.kernels]
    rows = [("", "products", "AT", "G", "BT", "error")] + [
        (
            _name(one.algorithm.tile),
            f"1 / {one.algorithm.speedup:.1f}",
            *(f"{float(f'{kappa.kappa_2:.3g}'):,g}" for kappa in (one.condition.AT, one.condition.G, one.condition.BT)),
            _scientific(one.predicted.relative_rms),
        )
        for one in result.reports
        if str(one.precision) == FLOAT32.name and one.algorithm.tile in kernels
    ]
    for number, row in enumerate(rows):
        for column, text in zip(columns, row, strict=True):
            page.text(
                left + column,
                top + 0.62 + 0.25 * number,
                text,
                fontsize=9,
                ha="right" if column else "left",
                color=INK if number else FAINT,
            )
    below = top + 0.62 + 0.25 * len(rows)
    page.text(left, below + 0.28, "Speed against scipy’s quicker way", fontweight="bold", fontsize=10.5)
    page.text(left, below + 0.48, "one thread each; filters transformed beforehand", color=FAINT, fontsize=8.5)
    for number, bank in enumerate(result.banks):
        _gain(page, bank, left + 1.55 * number, below + 0.98)


def _gain(page: Page, bank: BankRun, left: float, top: float) -> None:
    kernel, other = bank.quickest_kernel, bank.quickest_scipy
    page.text(
        left, top, f"{other.seconds / kernel.seconds_one_thread:.1f}×", fontsize=24, fontweight="bold", color=BLUE
    )
    page.text(left, top + 0.25, f"{_name(kernel.tile)}", fontsize=9, fontweight="bold")
    page.text(left, top + 0.43, f"scipy.{other.name}, {other.format}", fontsize=8.5, color=FAINT)


def _name(tile: Tile) -> str:
    return str(tile).replace("x", "×")


def _milliseconds(seconds: float) -> str:
    return f"{1e3 * seconds:.1f}"


def _scientific(value: float) -> str:
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{value:.2g}" if _PLAIN <= value < 1 / _PLAIN else f"{mantissa}·10$^{{{int(exponent)}}}$"
