"""What the demo measured, ready for JSON."""

from __future__ import annotations

from dataclasses import asdict

from wincook.demo.run import BankRun, DemoResult, KernelRun
from wincook.interchange.write.plain import Plain
from wincook.report.data.plain.errors import plain_report


def plain_demo(result: DemoResult) -> Plain:
    """All of it; times in seconds, errors in the units of the photo (brightness 0 to 1)."""
    return {
        "photo": {"caption": result.photo.caption, "size": list(result.photo.size)},
        "reports": [plain_report(report) for report in result.reports],
        "banks": [_bank(bank) for bank in result.banks],
    }


def _bank(bank: BankRun) -> Plain:
    return {
        "filter_size": bank.size,
        "filters": [kernel.name for kernel in bank.filters],
        "outputs": len(bank.outputs),
        "kernels": [_kernel(kernel) for kernel in bank.kernels],
        "scipy": [asdict(rival) | {"format": rival.format.name} for rival in bank.scipy],
    }


def _kernel(kernel: KernelRun) -> Plain:
    return {
        "tile": str(kernel.tile),
        "threads": kernel.plan.threads,
        "seconds": kernel.seconds,
        "seconds_one_thread": kernel.seconds_one_thread,
        "max_error": kernel.max_error,
        "rms_error": kernel.rms_error,
        "relative_rms": kernel.relative_rms,
        "bound": kernel.bound,
    }
