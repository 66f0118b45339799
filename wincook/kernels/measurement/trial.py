"""Plans of a layer on the clock: the time of a call, and the error of what it computes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import sqrt

import numpy as np

from wincook.arguments import real_number
from wincook.arrays import Array
from wincook.direct import convolve, convolve_transposed
from wincook.kernels.compile import kernel_of
from wincook.kernels.measurement.interleaved import LONGEST, Timing, timings
from wincook.kernels.plans.direct import with_two_axes
from wincook.kernels.plans.formats import ElementFormat, dtype_of
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Plan
from wincook.kernels.run.calibrated import Scales
from wincook.layers import Layer
from wincook.quantisation.affine import KINDS, Affine
from wincook.quantisation.calibrate import calibrate
from wincook.quantisation.calibration import Calibration

_MOST_PRODUCTS = 2e9  # of a layer whose error is measured


@dataclass(frozen=True, slots=True)
class Trial:
    """A plan, the time of its calls, and the RMS of its error over the RMS of y, where that was measured."""

    plan: LayerPlan
    timing: Timing
    error: float | None


def trials(plans: Sequence[LayerPlan], seconds: float = 1.0, *, errors: bool = True) -> tuple[Trial, ...]:
    """Time the kernels of plans of one layer in turn, for so many seconds in all, on random data.

    Raises:
        NotationError: no time.
        TargetError, OutputError: as for `wincook.compile`.
    """
    seconds = real_number("seconds", seconds, above=0, most=LONGEST)
    if not plans:
        return ()
    layer = plans[0].layer
    x, weights = random_data(layer)
    calls = [call_of(plan, x, weights) for plan in plans]
    outputs = [call().copy() for call in calls]
    exact = exact_output(layer, x, weights) if errors and layer.multiplications <= _MOST_PRODUCTS else None
    found = [None if exact is None else _relative_rms(output, exact) for output in outputs]
    taken = timings(calls, seconds)
    return tuple(Trial(*each) for each in zip(plans, taken, found, strict=True))


def random_data(layer: Layer) -> tuple[Array, Array]:
    """Inputs and weights of a layer, uniform between -1 and 1."""
    rng = np.random.default_rng(0)
    x, weights = (rng.uniform(-1, 1, shape).astype(np.float32) for shape in (layer.input_shape, layer.weight_shape))
    return x, weights


def call_of(plan: LayerPlan, x: Array, weights: Array) -> Callable[[], Array]:
    """A call of the kernel of a plan, which is compiled, with its weights packed, and calibrated on x if need be."""
    kernel, (given, known, scales) = kernel_of(plan), given_to(plan, x)
    packed = kernel.pack(weights, calibration=known, x=scales.x, y=scales.y)
    out = np.empty(plan.output_shape, dtype_of(plan.output_format))
    return lambda: kernel(given, packed, out)


def given_to(plan: LayerPlan | Plan, x: Array) -> tuple[Array, Calibration | None, Scales]:
    """x between -1 and 1 in the elements that a plan reads, the calibration for it, and the scales of x and y."""
    of_x = scale_of(plan.input_format)
    given = x.astype(dtype_of(plan.input_format)) if of_x is None else of_x.quantised(x, plan.input_format)
    single = plan.plans[0] if isinstance(plan, LayerPlan) else plan
    if not single.quantised:
        return given, None, Scales(of_x, scale_of(plan.output_format))
    layer = with_two_axes(plan.layer)  # of which the algorithm is
    images = x.reshape(-1, *layer.input_shape[1:])
    known = calibrate(layer, single.algorithm, images, format=single.format, x=of_x)
    return given, known, Scales(y=scale_of(plan.output_format))


def scale_of(elements: ElementFormat) -> Affine | None:
    """The scale of numbers between -1 and 1, if these elements have one."""
    return Affine.covering(-1, 1, elements) if elements in KINDS else None


def exact_output(layer: Layer, x: Array, weights: Array) -> Array:
    """The convolution of a layer in float64, (N, K, *out), with its channels first."""
    first = (np.moveaxis(x, -1, 1) if layer.layout == "NHWC" else x).astype(float)
    stride, dilation, more = (
        tuple(getattr(axis, name) for axis in layer.axes) for name in ("stride", "dilation", "output_padding")
    )
    if layer.transposed:
        convolve_as = partial(convolve_transposed, output_padding=more)
    else:
        convolve_as = partial(convolve, padding_mode=layer.padding_mode)
    return convolve_as(first, weights.astype(float), layer.pads, stride=stride, dilation=dilation, groups=layer.groups)


def _relative_rms(y: Array, exact: Array) -> float:
    first = y if y.shape == exact.shape else np.moveaxis(y, -1, 1)
    return sqrt(float(np.mean((first - exact) ** 2) / np.mean(exact**2)))
