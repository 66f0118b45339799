"""The one family of errors.

Each message names the value at fault and says what would be valid, in one line, so that the CLI can print
it as it is.
"""


class WincookError(Exception):
    """Anything that a caller can put right: bad notation, points, shapes, data, options or places."""


class NotationError(WincookError, ValueError):
    """Text that is no tile, no point set or no option of a named kind."""


class PointsError(WincookError, ValueError):
    """Points that repeat, or whose number does not fit the tile."""


class AlgorithmError(WincookError, ValueError):
    """Matrices that are not the convolution they claim to be."""


class FormatError(WincookError, ValueError):
    """An unknown number format, or a value that a format cannot hold."""


class ShapeError(WincookError, ValueError):
    """Sizes that do not fit one another, or a layer."""


class DataError(WincookError, ValueError):
    """Array contents or element types that cannot be convolved: NaN, infinities, text, complex numbers."""


class TargetError(WincookError, ValueError):
    """An instruction set or thread count that this machine, or this kernel, does not have."""


class MissingExtraError(WincookError, ImportError):
    """A package that only some of wincook needs, and that is not installed."""


class OutputError(WincookError, OSError):
    """A file or folder that cannot be read or written."""
