"""LLVM into object files: here, or each in a process of its own, as many at once as there are cores.

`python -m wincook.kernels.codegen.native.apart TRIPLE PROCESSOR FEATURES RELOCATION ABI` reads bitcode, and writes an
object file. The bytes are the same either way.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from llvmlite import binding

from wincook.errors import OutputError
from wincook.to_llvm.optimise import HARDEST, optimise


class Processor(NamedTuple):
    """What LLVM is told of the processors that an object file is for."""

    triple: str
    name: str
    features: str
    relocation: str
    abi: str


def object_files_of(modules: Iterable[tuple[bytes, Processor]], cores: int) -> list[bytes]:
    """The object files of modules, told as bitcode and what they are for, in the same order.

    Modules are asked for one by one, while those before them are on their way.

    Raises:
        OutputError: a process failed.
    """
    if cores == 1 or not sys.executable:
        return [object_file_of(*module) for module in modules]
    with ThreadPoolExecutor(cores) as pool:
        return [made.result() for made in [pool.submit(_apart, *module) for module in modules]]


def _apart(bitcode: bytes, processor: Processor) -> bytes:
    """The same as `object_file_of`, in another process."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", __name__, *processor]
    done = subprocess.run(command, env=environment, input=bitcode, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise OutputError(f"LLVM failed on code for {processor.name}: {words[-1] if words else 'it said nothing'}")
    return done.stdout


def object_file_of(bitcode: bytes, processor: Processor) -> bytes:
    """The object file of a module, after all passes; what is seen in it alone is counted from 0."""
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    binding.initialize_native_asmparser()
    target = binding.Target.from_triple(processor.triple).create_target_machine(
        cpu=processor.name,
        features=processor.features,
        opt=HARDEST,
        reloc=processor.relocation,
        codemodel="default",
        abiname=processor.abi,
    )
    module = optimise(binding.parse_bitcode(bitcode), target)
    hidden = (value for value in (*module.functions, *module.global_variables))
    for number, value in enumerate(value for value in hidden if value.linkage == binding.Linkage.internal):
        value.name = f"local.{number}"
    return bytes(target.emit_object(module))


if __name__ == "__main__":
    sys.stdout.buffer.write(object_file_of(sys.stdin.buffer.read(), Processor(*sys.argv[1:])))
