"""The texts of a library: header, test, example, Makefile and package files, from `templates/`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources

import numpy as np

from wincook.arrays import Array
from wincook.digest import digest
from wincook.emit.library.accuracy import accuracy_of
from wincook.emit.library.contents import Contents, Member
from wincook.emit.library.trial import Trial, trials_of
from wincook.kernels.codegen.body.exported.structures import Dims
from wincook.kernels.codegen.body.exported.words import ALIGNMENT
from wincook.kernels.codegen.native.dispatch import ABI_VERSION
from wincook.kernels.codegen.native.machine import Variant
from wincook.kernels.plans.direct import with_two_axes
from wincook.kernels.plans.formats import ElementFormat
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.layers import Layer
from wincook.quantisation.affine import Affine
from wincook.quantisation.stored import as_json
from wincook.version import __version__

_NAMED = re.compile(r"@(\w+)@")
_NUMBERS_A_LINE = 8
TYPES: dict[ElementFormat, str] = {
    "float32": "float",
    "bfloat16": "uint16_t",
    "float16": "uint16_t",
    "uint8": "uint8_t",
    "int8": "int8_t",
}
_NO_SCALE = Affine(1.0)  # of x or y that has floats
_IN_TABLE = (
    *("DIMS", "CHANNELS_LAST", "SCALED", "RESIDUAL", "POOLS"),
    *(f"{what}_OF_{array}" for what in ("ELEMENTS", "SCALE", "ZERO") for array in ("X", "Y", "RESIDUAL")),
)
_SERVES = {
    "composed": "Only the number of images may be another one.",
    "sparse": "Any other sizes do as well.",
    "nested": "Any other sizes do as well{calibrated}.",
    "shallow": "Any other sizes do as well, of up to {channels} channels.",
    "direct": "Any other sizes, taps and steps do as well{calibrated}.",
    "depthwise": "Any other sizes do as well.",
}


@dataclass(frozen=True, slots=True)
class Objects:
    """Where make has object files from: a rule, the options unless others are given, and the kind of processor."""

    rule: str
    options: str
    arch: str


def texts_of(contents: Contents, stems: tuple[str, ...], objects: Objects | None = None) -> dict[str, str]:
    """Each text by the name of its file, for a library with object files of such stems, which make may have to make."""
    name, members = contents.name, contents.members
    made = "".join(f" {stem}.o" for stem in stems) if objects else ""
    objects = objects or Objects("%.o: %.c # object files are not made here", "-O2", contents.machine.arch)
    facts = _facts(contents) | {"objects": " ".join(f"{stem}.o" for stem in stems), "made": made}
    facts |= {"object_rule": objects.rule, "options": objects.options, "arch": objects.arch}
    facts |= _facts_of_layer(members[0])  # the one that examples are about
    facts |= _expected([trials_of(member) for member in members])
    facts["layers"] = "".join(_layer(facts | _facts_of_layer(member)) for member in members)
    facts["table"] = ", \\\n".join(_row(member, has_masks=contents.has_masks) for member in members)
    files = {
        f"{name}.h": "library.h",
        "test.c": "test.c",
        "test-data.h": "test-data.h",  # which is the header of no library
        "once.h": "once.h",
        "elements.h": "elements.h",
        "example.c": "example.c",
        f"{name}.pc": "library.pc",
    }
    if contents.machine.is_wasm:  # no threads, and no shared library
        files |= {file: f"wasm/{file}" for file in ("Makefile", "run.mjs")}
    else:
        files |= {file: f"linux/{file}" for file in ("Makefile", "threads.cpp", "torch.cpp")}
        files |= {f"{name}Config.cmake": "linux/Config.cmake"}
    formats = ", ".join(dict.fromkeys(member.plan.plans[0].format for member in members))
    title = f"Convolutions in {formats}, {len(members)} layers." if contents.keyed else facts["title"]
    return {file: _filled(template, facts | {"title": title}) for file, template in files.items()}


def _layer(facts: dict[str, str]) -> str:
    """What a header says of one layer."""
    more = facts["pack_sparse"]
    return _filled("layer.h", facts | {"pack_sparse": _filled(more, facts) if more else ""})


def filled_template(package: str, template: str, facts: dict[str, str]) -> str:
    """A file of the folder `templates` of a package, with facts in the places of their names."""
    text = resources.files(package).joinpath("templates", template).read_text(encoding="utf-8")
    return _NAMED.sub(lambda match: facts[match[1]], text)


def title_of(decided: LayerPlan) -> str:
    """What code computes."""
    after = f", then {decided.epilogue}" if decided.epilogue else ""
    return f"Convolution in {decided.plans[0].format} by {decided.algorithms}, {decided.layer.layout}{after}."


def _filled(template: str, facts: dict[str, str]) -> str:
    return filled_template(__package__, template, facts)


def _facts(contents: Contents) -> dict[str, str]:
    """What stands between @ in the templates."""
    name, variants = contents.name, contents.variants
    named = (f'{{{_constant(name, variant)}, "{variant.name}"}}' for variant in variants)
    return {
        "name": name,
        "NAME": name.upper(),
        "version": __version__,
        "machine": contents.machine.name,
        "abi_version": str(ABI_VERSION),
        "alignment": str(ALIGNMENT),
        "variants": ",\n".join(f"  {_constant(name, variant)} = {variant.level}" for variant in variants),
        "variant_names": ", ".join(named),
        "mask": _filled("mask.h", {"name": name}) if contents.has_masks else "",
        "in_table": _filled("in_table.h", {"name": name}) if contents.has_masks else "",
        "test_pack": _filled(
            "test_pack_sparse.c" if contents.has_masks else "test_pack.c", {"name": name, "NAME": name.upper()}
        ),
        "element": "float" if all(member.in_floats for member in contents.members) else "void",
    }


def _facts_of_layer(member: Member) -> dict[str, str]:
    """The same of one layer."""
    decided, prefix, single = member.plan, member.prefix, member.plan.plans[0]
    layer, epilogue = with_two_axes(decided.layer), decided.epilogue
    return {
        "layer": prefix,
        "LAYER": prefix.upper(),
        "title": title_of(decided),
        "method": decided.algorithms,
        "format": single.format,
        "points": single.algorithm.point_names if single.tiled and single.algorithm.points else "",
        "layout": layer.layout,
        "channels_last": str(int(layer.layout == "NHWC")),
        "epilogue": str(epilogue),
        "scaled": str(int(epilogue.scale)),
        "residual": str(int(epilogue.residual)),
        "pools": str(int(epilogue.pool is not None)),
        "accuracy": _accuracy(prefix.upper(), decided),
        **_facts_of_elements(member),
        "pack_sparse": "pack_sparse.h" if decided.sparse else "",
        "code": member.kind.digest,
        "calibrated": _calibrated(member),
        "dims": _dims(layer),
        "serves": _SERVES["composed" if member.kind.calls else single.family].format(
            channels=single.rows,
            calibrated=f", of {layer.channels} channels, which are calibrated" if member.calibration else "",
        ),
        "strides": _strides(member),
    }


def _facts_of_elements(member: Member) -> dict[str, str]:
    """The same of the elements of x and y."""
    facts: dict[str, str] = {}
    for name, elements, affine in member.elements:
        scale = affine or _NO_SCALE
        facts |= {
            f"{name}_format": elements,
            f"{name.upper()}_FORMAT": elements.upper(),
            f"{name}_type": TYPES[elements],
            f"{name}_scale": f"{np.float32(scale.scale)!s}f",
            f"{name}_zero": str(scale.zero_point),
        }
    return facts


def _calibrated(member: Member) -> str:
    """The constant that names the calibration, where there is one."""
    if member.calibration is None:
        return ""
    named = digest(as_json(member.calibration))
    return (
        f'\n#define {member.prefix.upper()}_CALIBRATION "{named}" /* the digest of what the code was calibrated with */'
    )


def _strides(member: Member) -> str:
    """Which strides of arrays the code takes."""
    kernel = member.plan.plans[0]
    is_last = member.plan.layer.layout == "NHWC"
    if not member.kind.calls and (kernel.family == "direct" or (kernel.family == "shallow" and is_last)):
        return "This code takes no strides."
    return f"Of other strides, that of {'channels' if is_last else 'columns'} must be 1."


def _row(member: Member, *, has_masks: bool) -> str:
    """A layer in the table of all."""
    prefix, constants = member.prefix, _IN_TABLE
    words = [f'"{member.key}"', *(f"{prefix.upper()}_{word}" for word in constants)]
    functions = [f"{prefix}_{entry}" for entry in member.kind.entries]
    if has_masks and not member.plan.sparse:
        functions.append("0")
    return f"  {{ {', '.join([*words, *functions])} }}"


def _constant(name: str, variant: Variant) -> str:
    return f"{name}_{variant.name}".replace("-", "_").upper()


def _accuracy(prefix: str, decided: LayerPlan) -> str:
    """The constants of the header that say how exact y is."""
    accuracy = accuracy_of(decided)
    number = len(accuracy.channels)
    if not number:
        return f"""
/* Predicted for the layer that the code was planned for, with x normal after a ReLU and weights as He has them, after
   calibration where there is one: the RMS of the error over the RMS of y. */
#define {prefix}_RELATIVE_RMS {accuracy.relative_rms:.2g}
#define {prefix}_SNR {accuracy.decibels:.1f} /* the same in decibels */
"""
    return f"""
/* Before what follows, |y - exact| <= bound max|x| max|w| wherever y is finite, without bias, for data whose largest
   magnitudes are at least 1e-12. Bounds are for so many channels of a group; one for more holds for fewer. */
#define {prefix}_BOUNDS {number}
#define {prefix}_BOUND_CHANNELS {{ {", ".join(map(str, accuracy.channels))} }}
#define {prefix}_BOUND_VALUES {{ {", ".join(accuracy.bounds)} }}

/* Predicted for the layer that the code was planned for, with uniform data: the RMS of the error over the RMS of y,
   and the same in units in the last place. */
#define {prefix}_RELATIVE_RMS {accuracy.relative_rms:.2g}
#define {prefix}_RMS_ULPS {accuracy.ulps:.2g}
#define {prefix}_SNR {accuracy.decibels:.1f} /* in decibels */
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


def _expected(several: list[tuple[Trial, ...]]) -> dict[str, str]:
    """The arrays of the trials of each layer, those that are alike once, and the rows that tell of them."""
    arrays: dict[str, int] = {}
    rows = []
    for code, trials in enumerate(several):
        for trial in trials:
            number = arrays.setdefault(_numbers(trial.y), len(arrays))
            dims = _dims(trial.layer)
            numbers = (f"{trial.bound:.3g}", trial.products, trial.count, trial.step, f"expected_{number}")
            rows.append(f"  {{ {code}, {{ {dims} }}, {', '.join(map(str, numbers))} }},")
    texts = (f"static const float expected_{number}[] = {{\n{text}\n}};" for text, number in arrays.items())
    return {"test_arrays": "\n\n".join(texts), "test_layers": "\n".join(rows)}


def _numbers(values: Array) -> str:
    numbers = [f"{value!s}f" for value in values.ravel()]
    lines = (numbers[i : i + _NUMBERS_A_LINE] for i in range(0, len(numbers), _NUMBERS_A_LINE))
    return ",\n".join(f"  {', '.join(line)}" for line in lines)
