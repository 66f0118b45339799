"""Kernels as files to ship."""

from wincook.emit.module import emit

__all__ = ["emit"]
