"""A converted model: each convolution with its kernel, error and time, and what the whole comes to."""

from __future__ import annotations

from math import isnan
from typing import Any

from wincook.errors import escaped
from wincook.integrations.onnx.converted.convert import Conversion, ConvertedLayer
from wincook.layers.notation.text import layer_text
from wincook.report.table import View, number, remark, table, words

_MILLI = 1e3


def conversion_view(conversion: Conversion) -> View:
    """The table of the convolutions, and sentences on the whole."""
    columns = [words("node"), words("layer"), words("then"), remark("algorithm"), words("kernel")]
    columns += [number("predicted error", ".2g"), number("error", ".2g")]
    columns += [number("predicted ms", ".3g"), number("measured ms", ".3g")]
    rows = [_row(each) for each in conversion.layers]
    convolutions = table("convolutions", "The convolutions of the model, and their kernels", columns, rows)
    return View((convolutions, *_sentences(conversion)))


def _row(each: ConvertedLayer) -> tuple[Any, ...]:
    return (
        each.name,
        layer_text(each.layer),
        each.epilogue,
        each.algorithms,
        each.kernel,
        each.predicted_error,
        each.measured_error,
        _MILLI * each.predicted_seconds,
        _MILLI * each.measured_seconds,
    )


def _sentences(conversion: Conversion) -> tuple[str, ...]:
    layers = conversion.layers
    taken_over = sum(len(each.nodes) for each in layers) - len(layers)
    counts = f"{len(layers)} convolutions by {conversion.kernels} kernels, which take over {taken_over} more nodes"
    times = (
        f"together: {_MILLI * conversion.predicted_seconds:.3g} ms predicted, "
        f"{_MILLI * conversion.measured_seconds:.3g} ms measured"
    )
    engine = f"the whole model by {conversion.engine}"
    if isnan(conversion.output_error):
        error = f"no output holds floating-point numbers to be compared with those of {engine}"
    else:
        error = f"the outputs differ from those of {engine} by {conversion.output_error:.2g} of the largest number"
    written = f"wrote {escaped(str(conversion.graph))} and {len(conversion.files) - 1} more files"
    return ("", counts, times, error, f"{written}; {escaped(conversion.unlinked)}" if conversion.unlinked else written)
