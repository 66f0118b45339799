"""What convolutions of a model may do: how much error, which algorithm, how many threads; and which of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from wincook.arguments import instance, mapping, whole_number, words
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as construct
from wincook.construct.subject import algorithm_of
from wincook.errors import AlgorithmError
from wincook.formats import Format
from wincook.kernels.choice.error_limit import DEFAULT_LIMIT, error_limit
from wincook.kernels.plans.formats import product_format

FAMILIES = ("direct", "depthwise")
"""Names of what computes layers as they stand, in place of a tile."""

_MOST_THREADS = 1 << 12


@dataclass(frozen=True, slots=True)
class WinogradConfig:
    """How convolutions are computed.

    `max_error` is the predicted RMS of the error over the RMS of y that is allowed, as a number, or as decibels in
    text, such as "110 dB": the quickest algorithm within it is chosen for each layer. Or `tile` is an algorithm for
    all of them, such as `F(4x4,3x3)` or `F(4x4,3x3) on {0, ±1, x^2+1, ∞}`, or `direct`, and `extra` how many products
    more than the fewest a tile has along each axis. `format` is that of the products, float32, bfloat16, int8 or int16;
    the narrow ones have the tile, or the quickest algorithm, whatever `max_error` is. `threads` are those of torch if
    left out. `overrides` has other settings for modules by name, or by a pattern such as `layer4.*`; None leaves them
    as they are, and the first that fits counts.

    >>> config = WinogradConfig(1e-5, overrides={"stem": None, "layer4.*": WinogradConfig(tile="F(2x2,3x3)")})
    >>> config.of("stem"), config.of("layer4.0.conv1").tile, config.of("layer1.0.conv1").max_error
    (None, 'F(2x2,3x3)', 1e-05)

    Raises:
        NotationError: no number above 0 and no decibels; no tile; overrides that are no mapping of names to settings.
        AlgorithmError: `extra` without a tile, or more than is known of.
        FormatError: a format without kernels.
        ShapeError: numbers that are not whole or out of range.
    """

    max_error: float | str = DEFAULT_LIMIT
    format: Format | str = "float32"
    extra: int = 0
    tile: str | None = None
    threads: int | None = None
    overrides: Mapping[str, WinogradConfig | None] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "format", product_format(self.format))
        object.__setattr__(self, "max_error", error_limit(self.max_error))
        object.__setattr__(self, "extra", whole_number("extra", self.extra, 0))
        if self.threads is not None:
            object.__setattr__(self, "threads", whole_number("threads", self.threads, most=_MOST_THREADS))
        if self.tile is not None:
            words("tile", self.tile, "F(4x4,3x3)")
            _ = self.algorithm  # a tile that is none is told now
        elif self.extra:
            raise AlgorithmError("extra is for a tile; give one with it, such as tile='F(4x4,3x3)'")
        known = mapping("overrides", self.overrides, "{'layer4.*': None}")
        for pattern, settings in known.items():
            words("a name in overrides", pattern, "layer4.*")
            if settings is not None:
                instance(f"overrides[{pattern!r}]", settings, WinogradConfig, "give a WinogradConfig, or None")
        object.__setattr__(self, "overrides", dict(known))

    @property
    def algorithm(self) -> BilinearAlgorithm | str | None:
        """What computes all convolutions; None where it is chosen for each."""
        if self.tile is None or self.tile in FAMILIES:
            return self.tile
        return construct(self.tile, extra=self.extra) if self.extra else algorithm_of(self.tile)

    def of(self, name: str) -> WinogradConfig | None:
        """The settings of a module, by its name in the model; None where it is to stay as it is."""
        fitting = (settings for pattern, settings in self.overrides.items() if fnmatchcase(name, pattern))
        return next(fitting, self)


def config_of(config: WinogradConfig | None) -> WinogradConfig:
    """The settings themselves, or the default ones for None.

    Raises:
        NotationError: anything else.
    """
    return WinogradConfig() if config is None else instance("config", config, WinogradConfig, "give a WinogradConfig")
