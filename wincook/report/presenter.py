"""The forms of values, for their own methods `to_dict`, `records`, `figure` and `_repr_html_` (see `wincook.shown`).

This module is imported with wincook; what makes the forms is imported when the first of them is asked for.
"""

from __future__ import annotations

from typing import Any

from wincook.shown import present_by


class _Report:
    """The presenter: it leaves everything to the media."""

    def plain(self, value: Any) -> dict[str, Any]:
        """What `--json` prints of it."""
        from wincook.report.forms import plain_of

        return plain_of(value)

    def records(self, value: Any) -> list[dict[str, Any]]:
        """Flat records, one per row."""
        from wincook.report.forms import records_of

        return records_of(value)

    def html(self, value: Any) -> str:
        """Its tables, matrices or code."""
        from wincook.report.forms import html_of

        return html_of(value)

    def figure(self, value: Any, kind: str, ax: Any, theme: str) -> Any:
        """A picture of an error report."""
        from wincook.report.figures.canvas import draw_into, figure_of
        from wincook.report.figures.report import picture_of

        chart = picture_of(value, kind)
        return figure_of(chart, theme) if ax is None else draw_into(ax, chart, theme)


present_by(_Report())
