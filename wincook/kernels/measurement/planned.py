"""A layer of a network with its quickest plans, measured where that is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from wincook.kernels.alternatives import Alternative
from wincook.kernels.measurement.trial import Trial
from wincook.layers.notation.named import NamedLayer


@dataclass(frozen=True, slots=True)
class PlannedLayer:
    """Alternatives, the quickest first, and a trial of each; no trials where nothing was measured."""

    named: NamedLayer
    alternatives: tuple[Alternative, ...]
    trials: tuple[Trial, ...] = ()

    @property
    def seconds(self) -> float:
        """Of all layers of this kind in the network, as predicted of the first alternative."""
        return self.named.times * self.alternatives[0].estimate.seconds

    @property
    def measured_seconds(self) -> float | None:
        """The same as measured, where it was."""
        return self.named.times * self.trials[0].timing.least if self.trials else None
