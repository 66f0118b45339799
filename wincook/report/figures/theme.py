"""Light and dark: the colours of a picture, told apart by colour-blind eyes, and the style made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wincook.arguments import choice


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by what they are for; no two are alike, so that a page can exchange one theme for the other."""

    name: str
    ink: str
    faint: str
    frame: str
    grid: str
    paper: str
    series: tuple[str, ...]

    @classmethod
    def of(cls, name: Theme | str) -> Theme:
        """The theme itself, or the one of that name.

        Raises:
            NotationError: the name is unknown; the message lists the known ones.
        """
        return name if isinstance(name, Theme) else THEMES[choice("theme", name, THEMES)]

    @property
    def colours(self) -> dict[str, str]:
        """Every colour under its name, the series numbered from 1."""
        plain = {name: getattr(self, name) for name in ("ink", "faint", "frame", "grid", "paper")}
        return plain | {f"series-{number}": colour for number, colour in enumerate(self.series, start=1)}

    @property
    def style(self) -> dict[str, Any]:
        """What matplotlib is told; the same text and the same ids whenever something is drawn."""
        return {
            "axes.axisbelow": True,
            "axes.edgecolor": self.frame,
            "axes.facecolor": self.paper,
            "axes.formatter.min_exponent": 2,  # 0.1, 1 and 10 are no powers
            "axes.grid": True,
            "axes.labelcolor": self.ink,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlelocation": "left",
            "axes.titlesize": 11,
            "figure.facecolor": self.paper,
            "font.family": "DejaVu Sans",  # comes with matplotlib
            "font.size": 11,
            "grid.color": self.grid,
            "legend.facecolor": self.paper,
            "legend.frameon": False,
            "legend.labelcolor": self.ink,
            "pdf.fonttype": 42,  # TrueType, as publishers want it
            "savefig.facecolor": self.paper,
            "svg.fonttype": "path",  # looks the same where the font is missing
            "svg.hashsalt": "wincook",
            "text.color": self.ink,
            "xtick.color": self.frame,
            "xtick.labelcolor": self.faint,
            "ytick.color": self.frame,
            "ytick.labelcolor": self.faint,
        }


# After Okabe and Ito, Color Universal Design (2008), as dark or light as text on this paper must be (WCAG 2.2, 1.4.3).
LIGHT = Theme(
    name="light",
    ink="#18212c",
    faint="#56616d",
    frame="#868f98",
    grid="#e3e6e9",
    paper="#fdfdfb",
    series=("#0072b2", "#bf5200", "#00805c", "#b0508a", "#8a6d00", "#3a3f9e"),
)
DARK = Theme(
    name="dark",
    ink="#e8ebee",
    faint="#a9b3bd",
    frame="#7a8590",
    grid="#2a323b",
    paper="#14191f",
    series=("#56b4e9", "#f0903c", "#2fc79a", "#e59bc8", "#e8d44d", "#a3a8ff"),
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}
