"""Values in other forms: plain data, records for pandas, pictures, and what a notebook shows.

How a value is shown is the business of `wincook.report`, which lies above the values and imports them. So a value of
the class `Shown` asks a presenter, and `wincook.report.presenter` says that it is the one when it is imported, as
`import wincook` does. What a form needs, such as matplotlib, is imported when the form is asked for.
"""

from __future__ import annotations

from typing import Any, Protocol

from wincook.errors import one_line

_LONGEST = 300


def brief(value: object) -> str:
    """The repr of a value with many parts: its class, and its `str` in one line."""
    return f"<{type(value).__name__} {one_line(str(value), _LONGEST)}>"


class Presenter(Protocol):
    """Makes the forms of any value of the class `Shown`."""

    def plain(self, value: Any) -> dict[str, Any]:
        """All of it, ready for JSON."""

    def records(self, value: Any) -> list[dict[str, Any]]:
        """Its figures as flat records."""

    def html(self, value: Any) -> str:
        """A piece of HTML."""

    def figure(self, value: Any, kind: str, ax: Any, theme: str) -> Any:
        """A figure of matplotlib."""


_presenters: list[Presenter] = []


def present_by(presenter: Presenter) -> None:
    """From now on all forms are made by this presenter."""
    _presenters[:] = [presenter]


class InNotebooks:
    """A value that a notebook shows in HTML."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return _presenters[0].html(self)


class Shown(InNotebooks):
    """A value that has other forms."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, which `json.dumps` takes; what is not finite is None, exact numbers are text."""
        return _presenters[0].plain(self)

    def records(self) -> list[dict[str, Any]]:
        """Its figures as flat records, one per row, in all digits: `pandas.DataFrame(value.records())`."""
        return _presenters[0].records(self)


class Drawn(Shown):
    """A value that can also be drawn."""

    __slots__ = ()

    def figure(self, kind: str, ax: Any = None, theme: str = "light") -> Any:
        """A picture of it, as a figure of matplotlib.

        Args:
            kind: which picture: `error` (where the errors of a tile lie), `ulps` (how many there are of each size), or
                `stages` (how large numbers get).
            ax: Axes to draw into, which may be a list of as many as the picture has; a figure of its own if left out.
            theme: light or dark.

        Raises:
            NotationError: an unknown kind or theme, or a picture that this value does not have.
            ShapeError: not as many Axes as the picture has.
        """
        return _presenters[0].figure(self, kind, ax, theme)
