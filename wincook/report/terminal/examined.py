"""What files of matrices hold: a verdict on each set, and a line for what looks like a matrix and was not judged."""

from __future__ import annotations

from typing import Any

from wincook.interchange.read.examine import Examined
from wincook.judge import Verdict
from wincook.report.data.plain import plain_verdict
from wincook.report.tables.algorithm import verdict_text


def examined_text(examined: Examined, verdicts: list[Verdict], *, prefix: str = "") -> str:
    """The verdicts on the sets of one file, in words; then what was not judged, and why."""
    lines: list[str] = []
    for reading, verdict in zip(examined.readings, verdicts, strict=True):
        lines.append(prefix + verdict_text(reading, verdict))
        lines += [f"  note: {remark}" for remark in reading.remarks]
    for item in examined.unjudged:
        label = "not judged" if item.blocks else "not judged, taken for data"
        lines.append(f"{prefix}{label}: {item.reason}")
    return "\n".join(lines)


def plain_examined(examined: Examined, verdicts: list[Verdict]) -> list[dict[str, Any]]:
    """The same as data, one entry for each set; each has what was not judged in its file."""
    unjudged = [{"name": item.name, "reason": item.reason, "blocks": item.blocks} for item in examined.unjudged]
    return [
        {
            "file": examined.name,
            **plain_verdict(reading, verdict),
            "remarks": list(reading.remarks),
            "not_judged": unjudged,
        }
        for reading, verdict in zip(examined.readings, verdicts, strict=True)
    ]
