"""What a library is given beside plans: a calibration, and scales of elements of 8 bits, each for a layer.

Of a single layer a value stands alone; of several, behind the key of its layer: KEY=VALUE.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from wincook.cli.elements import SCALE, SUCH_AS, read_affine
from wincook.errors import NotationError, quoted
from wincook.kernels.plans.formats import Formats
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.quantisation import Affine, Calibration, read_calibration
from wincook.quantisation.affine import KINDS
from wincook.quantisation.integers import INTEGERS

_FORMATS = ("input_format", "output_format", "residual_format")
Value = TypeVar("Value", Affine, Calibration)


@dataclass(frozen=True, slots=True)
class Beside:
    """The values of --calibration, --x-scale, --y-scale and --residual-scale, as they are typed."""

    calibrations: tuple[str, ...]
    x_scales: tuple[str, ...]
    y_scales: tuple[str, ...]
    residual_scales: tuple[str, ...]

    def check(self, kind: str, formats: Formats, *, is_folder: bool) -> None:
        """See, before anything is planned, that there is what the formats take, and nothing else.

        Raises:
            NotationError: there is not.
        """
        format = formats.format
        scaled = (
            ("--x-scale", self.x_scales, "--input-format", formats.input_format),
            ("--y-scale", self.y_scales, "--output-format", formats.output_format),
            ("--residual-scale", self.residual_scales, "--residual-format", formats.residual_format),
        )
        for option, given in (("--calibration", self.calibrations), *(each[:2] for each in scaled)):
            if given and not is_folder:
                raise NotationError(f"{option} is for a library, and the kind is {kind}; leave it out")
        for option, given, of_format, elements in scaled:
            if given and elements not in KINDS:
                raise NotationError(
                    f"{option} is for elements of {' or '.join(KINDS)}, and {of_format} is {elements}; leave it out"
                )
        if is_folder and not self.calibrations and format in INTEGERS:
            raise NotationError(
                f"--format {format} takes scales; give --calibration FILE, as int8 --calibrate IMAGES --to FILE has it"
            )
        if self.calibrations and format not in INTEGERS:
            raise NotationError(f"--calibration is for {' or '.join(INTEGERS)}, and --format is {format}; leave it out")

    def of(self, plans: Mapping[str, LayerPlan]) -> dict[str, Any]:
        """The arguments of `emit_library` and `emit_c` for plans by their keys, an empty one for a single plan.

        Raises:
            NotationError: a value without a key, or with one that no layer has; none for a layer that takes one, or one
                for a layer that takes none.
            DataError: a scale that can be none, or a file that holds no calibration.
            OutputError: a file that cannot be read.
        """
        of_x, of_y, of_residual = (
            {key for key, plan in plans.items() if getattr(plan, name) in KINDS} for name in _FORMATS
        )
        quantised = {key for key, plan in plans.items() if plan.plans[0].quantised}
        if self.x_scales and of_x <= quantised:
            raise NotationError("--calibration has the scale of x; leave --x-scale out")
        keys = tuple(plans)
        calibrations = _each("--calibration", "FILE", self.calibrations, keys, quantised, read_calibration)
        known = {key for key, calibration in calibrations.items() if calibration.y is not None}
        given: dict[str, dict[str, Any]] = {
            "calibration": calibrations,
            "x": _each("--x-scale", SCALE, self.x_scales, keys, of_x - quantised, partial(read_affine, "--x-scale")),
            "y": _each("--y-scale", SCALE, self.y_scales, keys, of_y, partial(read_affine, "--y-scale"), known),
            "residual": _each(
                "--residual-scale",
                SCALE,
                self.residual_scales,
                keys,
                of_residual,
                partial(read_affine, "--residual-scale"),
            ),
        }
        if "" in plans:
            return {name: values.get("") for name, values in given.items()}
        return {name: values or None for name, values in given.items()}


def _each(
    option: str,
    what: str,
    words: tuple[str, ...],
    keys: tuple[str, ...],
    takers: set[str],
    read: Callable[[str], Value],
    known: Container[str] = (),
) -> dict[str, Value]:
    """The value of each layer: of those that take one, and that have none already unless it is given."""
    found: dict[str, Value] = {}
    for word in words:
        key, text = _parted(option, what, word, keys)
        of_key = f" of {key}" if key else ""
        if key in found:
            raise NotationError(f"{option}{of_key} is given twice; give it once")
        if key not in takers:
            raise NotationError(f"{option}{of_key} is for kernels that take none; leave it out")
        found[key] = read(text)
    for key in keys:
        if key in takers and key not in found and key not in known:
            example = f", {SUCH_AS}" if what == SCALE else ""
            raise NotationError(f"{key or 'the layer'} has no scale; give {option} {key and f'{key}='}{what}{example}")
    return found


def _parted(option: str, what: str, word: str, keys: tuple[str, ...]) -> tuple[str, str]:
    """The key of a layer, and what is given for it."""
    if keys == ("",):
        return "", word
    key, equals, text = word.partition("=")
    if not equals or key not in keys:
        raise NotationError(
            f"{option} {quoted(word)} must be KEY={what}, with the key of one of the layers: {', '.join(keys)}"
        )
    return key, text
