"""Arrays as the command line names them: of a model as FILE:NAME, or in a file of numpy's."""

from __future__ import annotations

from wincook.arrays import Array
from wincook.data.array_file import read_array
from wincook.integrations.weights import holds_a_model, read_weights


def array_named(name: str) -> Array:
    """The array of a name; errors are those of the readers."""
    return read_weights(name) if holds_a_model(name) else read_array(name)
