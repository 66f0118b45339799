"""The papers by name, and how each is reproduced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wincook.arguments import choice, function, whole_number
from wincook.reproduce import additions2026, alam2022, barabasz2020, field, meng2019, nova2025, rank, sfc2024
from wincook.reproduce.finding import Progress, Reproduction, published, silent


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: `samples` is how many runs its figures take unless told otherwise, none where nothing is sampled."""

    key: str
    samples: int | None
    run: Callable[..., Reproduction]

    @property
    def title(self) -> str:
        """As published."""
        return str(published(self.key)["title"])

    @property
    def source(self) -> str:
        """Authors, place, and what the figures were taken from."""
        return str(published(self.key)["source"])


PAPERS = {
    paper.key: paper
    for paper in (
        Paper(barabasz2020.KEY, barabasz2020.SAMPLES, barabasz2020.reproduce),
        Paper(nova2025.KEY, rank.SAMPLES, nova2025.reproduce),
        Paper(sfc2024.KEY, sfc2024.SAMPLES, sfc2024.reproduce),
        Paper(meng2019.KEY, None, meng2019.reproduce),
        Paper(additions2026.KEY, None, additions2026.reproduce),
        Paper(alam2022.KEY, alam2022.SAMPLES, alam2022.reproduce),
        Paper(field.KEY, field.SAMPLES, field.reproduce),
    )
}


def reproduce(key: str, samples: int | None = None, seed: int = 0, progress: Progress = silent) -> Reproduction:
    """The figures of a paper beside those obtained here.

    Args:
        key: one of `PAPERS`.
        samples: runs per figure, where there are any; as many as `PAPERS` says if left out.
        seed: of the random numbers; the same seed gives the same figures.
        progress: told what comes next, in a few words, and what there is so far.

    Raises:
        NotationError: an unknown paper; the message lists the known ones. A progress that is no function.
        ShapeError: fewer samples than one, or a seed below 0.

    >>> reproduction = reproduce("meng2019")
    >>> [(finding.what, finding.published, finding.obtained, finding.verdict) for finding in reproduction.findings][0]
    ('products of F(4x4,3x3)', 46, 46, 'reached')
    """
    paper, seed = PAPERS[choice("paper", key, PAPERS)], whole_number("seed", seed, 0, None)
    samples = paper.samples if samples is None else whole_number("samples", samples)
    progress = function("progress", progress, "of words, and of what there is so far")
    if paper.samples is None:
        return paper.run(progress=progress)
    return paper.run(samples=samples, seed=seed, progress=progress)
