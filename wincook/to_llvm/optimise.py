"""LLVM after all of its passes."""

from __future__ import annotations

from typing import Any

from llvmlite import binding

HARDEST = 3  # of the levels of optimisation


def optimise(module: binding.ModuleRef, target: Any) -> binding.ModuleRef:
    """A module after all passes of LLVM, for a target machine."""
    module.triple, module.data_layout = target.triple, str(target.target_data)
    options = binding.create_pipeline_tuning_options(HARDEST)
    options.loop_vectorization = options.slp_vectorization = True
    passes = binding.create_pass_builder(target, options)
    passes.getModulePassManager().run(module, passes)
    return module
