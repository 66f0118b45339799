"""The texts of a library: header, test, example, Makefile and package files, from `templates/`."""

from __future__ import annotations

import re
from importlib import resources

from wincook.arrays import Array
from wincook.emit.library.accuracy import accuracy_of
from wincook.emit.library.trial import Trial, trials_of
from wincook.kernels.codegen.body.exported.structures import Dims
from wincook.kernels.codegen.body.exported.words import ALIGNMENT
from wincook.kernels.codegen.native.dispatch import ABI_VERSION
from wincook.kernels.codegen.native.machine import Machine, Variant
from wincook.kernels.plans.plan import Plan
from wincook.layers import Layer
from wincook.version import __version__

_NAMED = re.compile(r"@(\w+)@")
_NUMBERS_A_LINE = 8
_STRIDES = {
    False: "This code takes no strides",
    True: "Of other strides, that of {neighbours} must be 1",
}


def texts_of(name: str, plan: Plan, machine: Machine, stems: tuple[str, ...]) -> dict[str, str]:
    """Each text by the name of its file, for a library with object files of such stems."""
    facts = _facts(name, plan, machine) | {"objects": " ".join(f"{stem}.o" for stem in stems)}
    trials = trials_of(plan)
    facts |= {
        "test_arrays": "\n\n".join(f"{_array(f'expected_{i}', trial.y)}" for i, trial in enumerate(trials)),
        "test_layers": "\n".join(_test_layer(trial, i) for i, trial in enumerate(trials)),
    }
    files = {
        f"{name}.h": "library.h",
        "test.c": "test.c",
        "test-data.h": "test-data.h",  # which is the header of no library
        "example.c": "example.c",
        f"{name}.pc": "library.pc",
    }
    if machine.is_wasm:  # no threads, and no shared library
        files |= {"Makefile": "wasm/Makefile", "run.mjs": "wasm/run.mjs"}
    else:
        files |= {"Makefile": "Makefile", "threads.cpp": "threads.cpp", f"{name}Config.cmake": "Config.cmake"}
    return {file: _filled(template, facts) for file, template in files.items()}


def _filled(template: str, facts: dict[str, str]) -> str:
    text = resources.files(__package__).joinpath("templates", template).read_text(encoding="utf-8")
    return _NAMED.sub(lambda match: facts[match[1]], text)


def _facts(name: str, plan: Plan, machine: Machine) -> dict[str, str]:
    """What stands between @ in the templates."""
    algorithm, epilogue = plan.algorithm, plan.epilogue
    is_nested, is_last = plan.family == "nested", plan.layer.layout == "NHWC"
    method = str(algorithm.tile) if is_nested else plan.family
    after = f", then {epilogue}" if epilogue else ""
    return {
        "name": name,
        "NAME": name.upper(),
        "title": f"Convolution in float32 by {method}, {plan.layer.layout}{after}.",
        "version": __version__,
        "machine": machine.name,
        "arch": machine.arch,
        "abi_version": str(ABI_VERSION),
        "method": method,
        "points": algorithm.point_names if is_nested and algorithm.points else "",
        "layout": plan.layer.layout,
        "channels_last": str(int(is_last)),
        "epilogue": str(epilogue),
        "scaled": str(int(epilogue.scale)),
        "residual": str(int(epilogue.residual)),
        "pools": str(int(epilogue.pool is not None)),
        "alignment": str(ALIGNMENT),
        "accuracy": _accuracy(name.upper(), plan),
        "variants": ",\n".join(f"  {_constant(name, variant)} = {variant.level}" for variant in machine.variants),
        "variant_names": ", ".join(f'{{{_constant(name, variant)}, "{variant.name}"}}' for variant in machine.variants),
        "dims": _dims(plan.layer),
        "strides": _STRIDES[is_nested].format(neighbours="channels" if is_last else "columns") + ".",
    }


def _constant(name: str, variant: Variant) -> str:
    return f"{name}_{variant.name}".replace("-", "_").upper()


def _accuracy(prefix: str, plan: Plan) -> str:
    """The constants of the header that say how exact y is."""
    accuracy = accuracy_of(plan)
    number = len(accuracy.channels)
    return f"""
/* Before what follows, |y - exact| <= bound max|x| max|w| wherever y is finite, without bias, for data whose largest
   magnitudes are at least 1e-12. Bounds are for so many channels of a group; one for more holds for fewer. */
#define {prefix}_BOUNDS {number}
#define {prefix}_BOUND_CHANNELS {{ {", ".join(map(str, accuracy.channels))} }}
#define {prefix}_BOUND_VALUES {{ {", ".join(accuracy.bounds)} }}

/* Predicted for the layer that the library was planned for, with uniform data: the RMS of the error over the RMS of y,
   and the same in units in the last place. */
#define {prefix}_RELATIVE_RMS {accuracy.relative_rms:.2g}
#define {prefix}_RMS_ULPS {accuracy.ulps:.2g}
"""


def _dims(layer: Layer) -> str:
    """The initialiser of a layer's dims, for any variant, with panels as the library thinks best."""
    down, across = layer.axes
    dims = Dims(
        variant=0,
        batch=layer.batch,
        channels=layer.channels,
        height=down.size,
        width=across.size,
        filters=layer.filters,
        groups=layer.groups,
        taps_down=down.kernel,
        taps_across=across.kernel,
        stride_down=down.stride,
        stride_across=across.stride,
        dilation_down=down.dilation,
        dilation_across=across.dilation,
        top=down.before,
        bottom=down.after,
        left=across.before,
        right=across.after,
        panel=0,
    )
    return ", ".join(map(str, dims))


def _array(name: str, values: Array) -> str:
    numbers = [f"{value!s}f" for value in values.ravel()]
    rows = (numbers[i : i + _NUMBERS_A_LINE] for i in range(0, len(numbers), _NUMBERS_A_LINE))
    lines = ",\n".join(f"  {', '.join(row)}" for row in rows)
    return f"static const float {name}[] = {{\n{lines}\n}};"


def _test_layer(trial: Trial, number: int) -> str:
    return f"  {{ {{ {_dims(trial.layer)} }}, {trial.bound:.3g}, {trial.y.size}, expected_{number} }},"
