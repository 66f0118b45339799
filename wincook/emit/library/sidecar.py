"""All that a library was made from, as JSON: points, matrices, programs, plans, versions, and digests of its files."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from wincook.digest import digest
from wincook.emit.library.accuracy import accuracy_of
from wincook.emit.library.contents import Contents, Member
from wincook.interchange.read.stated.seal import document_text
from wincook.interchange.write.document import Document
from wincook.interchange.write.json import plain_document
from wincook.kernels.codegen.native.dispatch import ABI_VERSION
from wincook.kernels.codegen.native.kinds import Kind
from wincook.kernels.codegen.native.machine import Variant
from wincook.kernels.plans.plan import Plan
from wincook.kernels.run.listing import compilers
from wincook.program.programs import programs_of
from wincook.quantisation.stored import as_json
from wincook.version import __version__


def sidecar(contents: Contents, files: dict[str, bytes], *, is_text: bool) -> str:
    """The document of a library. Its digest is that of the text of all but the digest and the version.

    Code as text is for no processor in particular, and compiled by others.
    """
    machine = contents.machine
    stated: dict[str, Any] = {
        "library": contents.name,
        "abi_version": ABI_VERSION,
        "machine": machine.name,
        **({} if is_text else {"triple": machine.triple, "compilers": compilers()}),
        "layers": {member.key: _layer(member, contents.kinds.index(member.kind)) for member in contents.members},
        "kernels": [_kernel(kind, contents.kinds, is_text=is_text) for kind in contents.kinds],
        "files": {file: hashlib.sha256(text).hexdigest() for file, text in files.items()},
    }
    return document_text({"made_by": f"wincook {__version__}", "digest": digest(document_text(stated)), **stated})


def _layer(member: Member, kernel: int) -> dict[str, Any]:
    """A layer, with the number of its kernel among all."""
    return {
        "functions": member.prefix,
        "layer": str(member.plan.layer),
        "layout": member.plan.layer.layout,
        "epilogue": list(member.plan.epilogue.words),
        **{
            name: {"elements": format} | ({} if affine is None else asdict(affine))
            for name, format, affine in member.elements
            if name != "residual" or member.plan.epilogue.residual
        },
        **({"calibration": digest(as_json(member.calibration))} if member.calibration else {}),
        "accuracy": asdict(accuracy_of(member.plan)),
        "kernel": kernel,
    }


def _kernel(kind: Kind, kinds: tuple[Kind, ...], *, is_text: bool) -> dict[str, Any]:
    """A kind of kernels; one that calls others is told by their numbers."""
    if kind.calls:
        return {"label": kind.label, "family": "composed", "kernels": [kinds.index(call) for call in kind.calls]}
    plan = next(iter(kind.plans.values()))
    return {
        "label": kind.label,
        "family": plan.family,
        "format": plan.format,
        "algorithm": plain_document(Document(plan.algorithm, programs_of(plan.algorithm))),
        **({} if is_text else {"variants": [_variant(variant, single) for variant, single in kind.plans.items()]}),
    }


def _variant(variant: Variant, plan: Plan) -> dict[str, Any]:
    isa = plan.target.isa
    return {
        "name": variant.name,
        "level": variant.level,
        "instruction_set": isa.name,
        "lanes": isa.lanes,
        "rows": plan.rows,
        "vectors": plan.vectors,
        "half_filters": plan.half_filters,
        "l2": plan.target.l2,
    }
