"""A converted model, ready for JSON; times in seconds."""

from __future__ import annotations

from math import isnan

from wincook.integrations.onnx.converted.convert import Conversion, ConvertedLayer
from wincook.interchange.write.plain import Plain
from wincook.layers.notation.text import layer_text


def plain_conversion(conversion: Conversion) -> Plain:
    """The folder, each convolution, and what the whole comes to; no error of the outputs where none can be compared."""
    error = conversion.output_error
    return {
        "path": str(conversion.folder),
        "graph": str(conversion.graph),
        "files": list(conversion.files),
        "kernels": conversion.kernels,
        "engine": conversion.engine,
        "output_error": None if isnan(error) else error,
        "predicted_seconds": conversion.predicted_seconds,
        "measured_seconds": conversion.measured_seconds,
        "unlinked": conversion.unlinked,
        "convolutions": [_plain_layer(each) for each in conversion.layers],
    }


def _plain_layer(each: ConvertedLayer) -> Plain:
    return {
        "name": each.name,
        "nodes": list(each.nodes),
        "layer": layer_text(each.layer),
        "epilogue": each.epilogue,
        "algorithm": each.algorithms,
        "kernel": each.kernel,
        "predicted_error": each.predicted_error,
        "measured_error": each.measured_error,
        "predicted_seconds": each.predicted_seconds,
        "measured_seconds": each.measured_seconds,
    }
