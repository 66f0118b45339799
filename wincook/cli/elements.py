"""Options that say what the elements of x and y are: formats, and the scales of those of 8 bits."""

from __future__ import annotations

from typing import Annotated, Any, get_args

import typer

from wincook.cli.completion import among
from wincook.errors import NotationError, WincookError, quoted
from wincook.exact.numeral import numeral, whole
from wincook.kernels.plans.formats import ElementFormat
from wincook.quantisation.affine import KINDS, Affine

SCALE, SUCH_AS = "SCALE[,ZERO]", "such as 0.05,128"
_OF_8_BITS = " or ".join(KINDS)
_MEANING = "the scale, and the zero point if it is not 0: 0.05,128 for 0.05 (q - 128)"


def _format_option(name: str, words: str) -> Any:
    formats = get_args(ElementFormat)
    return typer.Option(name, metavar="FORMAT", autocompletion=among(formats), help=words.format(", ".join(formats)))


def _scale_option(name: str, words: str) -> Any:
    return typer.Option(name, metavar=SCALE, help=words, show_default=False)


InputFormatOption = Annotated[
    str,
    _format_option(
        "--input-format", "Of the elements of x: {}; those of 8 bits have a scale, of --calibration or --x-scale."
    ),
]
OutputFormatOption = Annotated[
    str,
    _format_option("--output-format", "Of the elements of y, likewise; the scale is of --calibration or --y-scale."),
]
ResidualFormatOption = Annotated[
    str,
    _format_option("--residual-format", "Of the elements of a residual, likewise; the scale is of --residual-scale."),
]
XScalesOption = Annotated[
    list[str] | None,
    _scale_option(
        "--x-scale",
        f"What an x of {_OF_8_BITS} stands for where there is no --calibration: {_MEANING}. Of several layers, one for "
        f"each: KEY={SCALE}.",
    ),
]
YScalesOption = Annotated[
    list[str] | None,
    _scale_option(
        "--y-scale",
        f"What a y of {_OF_8_BITS} stands for, likewise; in place of that of --calibration, if there is one.",
    ),
]
ResidualScalesOption = Annotated[
    list[str] | None,
    _scale_option("--residual-scale", f"What a residual of {_OF_8_BITS} stands for, likewise."),
]
XScaleOption = Annotated[
    str | None,
    _scale_option(
        "--x-scale",
        f"What images of {_OF_8_BITS} stand for, or kernels' x if images are floats: {_MEANING}. Left out, it covers "
        "images of floats.",
    ),
]
YScaleOption = Annotated[
    str | None,
    _scale_option(
        "--y-scale", f"What a y of {_OF_8_BITS} is to stand for, likewise, to be kept with the other scales."
    ),
]


def read_affine(option: str, text: str) -> Affine:
    """A scale, and the zero point behind a comma, or 0.

    Raises:
        NotationError: another text, or numbers that are none of a scale; the message names the option.
    """
    scale, comma, zero = text.partition(",")
    try:
        return Affine(float(numeral(scale)), whole(zero) if comma else 0)
    except OverflowError:
        reason = "numbers are below 1.8e308"
    except WincookError as error:
        reason = str(error)
    raise NotationError(f"{option} {quoted(text)} must be {SCALE}, {SUCH_AS}: {reason}")
