"""The value of one search: what is minimised, over which sets of points, how, and from which seed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from wincook.analysis.data.distributions import LAWS, Law
from wincook.arguments import choice, instance, items, whole_number, words
from wincook.construct.rescale.named import GAUGES
from wincook.digest import digest
from wincook.errors import SearchError, WincookError, quoted
from wincook.points import Points
from wincook.precision import Precision
from wincook.search.objective import OBJECTIVES, Setting, check_format, is_narrow
from wincook.search.sets.space import Space
from wincook.search.strategies import STRATEGIES
from wincook.tile import Tile

_VERSION = 1  # of the text form
_LARGEST_SEED = 2**63 - 1  # that a store of 64-bit integers holds


@dataclass(frozen=True, slots=True)
class Search:
    """One search for points.

    Axes of a tile that are alike share one set of points; others have sets of their own. `objectives` are names of
    `OBJECTIVES`: one is minimised, of several the front is kept. All random numbers come from the `seed`. The strategy
    refine goes from the set `start`; sets of axes that differ are parted by `; `. The `gauge` is a name of `GAUGES`, in
    which algorithms are judged, or empty for the fractions in G.

    >>> search = Search.of("F(8x8,3x3)", "float32", 64, objective="rms", extra=1)
    >>> print(search)
    F(8x8,3x3) with 1 extra product in float32, C = 64, uniform data: rms by descent, seed 0
    >>> Search.from_json(search.as_json()) == search
    True

    Raises:
        SearchError: no objective, an unknown one or an unknown strategy, a law of own arrays, or no space.
        ShapeError: no channels, or a negative seed.
    """

    tile: Tile
    precision: Precision
    channels: int
    law: Law
    objectives: tuple[str, ...]
    space: Space
    strategy: str
    seed: int
    start: str = ""
    gauge: str = ""

    def __post_init__(self) -> None:
        Tile.of_unit_stride(self.tile, "are searched for points")
        object.__setattr__(self, "channels", whole_number("channels", self.channels))
        object.__setattr__(self, "seed", whole_number("seed", self.seed, 0, _LARGEST_SEED))
        words("start", self.start, "0, ±1, ∞", SearchError)
        for points in filter(None, self.start.split(";")):
            Points.parse(points)
        if self.gauge:
            choice("gauge", self.gauge, GAUGES, SearchError)
        instance("space", self.space, Space, "make it with Space(height=12)", SearchError)
        choice("strategy", self.strategy, STRATEGIES, SearchError)
        if not self.objectives:
            raise SearchError(f"no objective given; choose among {', '.join(OBJECTIVES)}")
        for name in self.objectives:
            check_format(name, self.precision)
        if len({*self.objectives}) < len(self.objectives):
            raise SearchError(f"objectives {', '.join(self.objectives)} name one twice; give each once")
        if self.law.name not in LAWS or self.law is not LAWS[self.law.name]:
            raise SearchError(f"a search takes a law by name, not {self.law.name}; choose among {', '.join(LAWS)}")

    @classmethod
    def of(
        cls,
        tile: Tile | str,
        format: Precision | str = "float32",
        channels: int = 1,
        law: Law | str = "uniform",
        objective: str | tuple[str, ...] = "rms",
        *,
        strategy: str = "descent",
        seed: int = 0,
        start: str = "",
        gauge: str | None = None,
        **space: Any,
    ) -> Search:
        """The search that the arguments state.

        Args:
            tile: F(m,r).
            format: a format for all stages, or a precision policy.
            channels: C.
            law: how data are drawn.
            objective: one name, or several for a Pareto front.
            strategy: a name of `STRATEGIES`.
            seed: of the random numbers.
            start: the set of points from which refine goes; left out, the published one.
            gauge: a name of `GAUGES`, or empty for the fractions in G. Left out, it is `balance` for formats that
                transforms may leave.
            space: what `Space` takes: height, denominator, family, zero, infinity, extra, least_extra, roots.

        Raises:
            NotationError: no tile, or an unknown law.
            FormatError: an unknown format.
            SearchError, ShapeError: as for the class and for `Space`.
        """
        names = (objective,) if isinstance(objective, str) else items("objective", objective, "('rms', 'products')")
        for name in space:
            choice("word of a space", name, [field.name for field in fields(Space)], SearchError)
        allowed = Space(**space)
        precision = Precision.of(format)
        chosen = ("balance" if is_narrow(precision) else "") if gauge is None else gauge
        return cls(Tile.of(tile), precision, channels, Law.of(law), names, allowed, strategy, seed, start, chosen)

    @property
    def setting(self) -> Setting:
        """What sets of points are judged in."""
        return Setting(self.tile, self.precision, self.channels, self.law, self.gauge)

    @property
    def axes(self) -> tuple[Tile, ...]:
        """The axes that have a set of points each: those of the tile, but of axes that are alike one alone."""
        return self.setting.axes

    @property
    def name(self) -> str:
        """Twelve digits that tell this search from others."""
        return digest(self.as_json())

    def as_json(self) -> str:
        """One line of JSON."""
        return json.dumps(
            {
                "version": _VERSION,
                "tile": str(self.tile),
                "format": str(self.precision),
                "channels": self.channels,
                "law": self.law.name,
                "objectives": list(self.objectives),
                "space": asdict(self.space),
                "strategy": self.strategy,
                "seed": self.seed,
                "start": self.start,
                "gauge": self.gauge,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Search:
        """Read what `as_json` wrote.

        Raises:
            SearchError: the text is no search, or one of another version.
        """
        try:
            fields = json.loads(words("search", text, '{"version": 1, "tile": "F(4,3)", …}', SearchError))
            if fields.pop("version") != _VERSION:
                raise SearchError(f"{quoted(text)} is of another version of wincook")
            fields["objective"] = tuple(fields.pop("objectives"))
            fields["space"]["roots"] = tuple(fields["space"]["roots"])
            return cls.of(**fields.pop("space"), **fields)
        except WincookError:
            raise
        except KeyError as error:
            raise SearchError(f"{quoted(text)} is no search: it lacks {error}") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise SearchError(f"{quoted(text)} is no search: {error}") from error

    def __str__(self) -> str:
        extra = self.space.extra
        products = f" with {extra} extra product{'s' * (extra > 1)}" if extra else ""
        return (
            f"{self.tile}{products} in {self.precision}, C = {self.channels}, {self.law.name} data: "
            f"{', '.join(self.objectives)} by {self.strategy}, seed {self.seed}"
        )
