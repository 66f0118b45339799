"""wincook's kernels beside other engines for convolution, in one run.

    python -m benchmarks.peers [--layers GROUP ...] [--layer NAME ...] [--threads N ...] [--seconds S | --rounds N]

All engines that are installed take part (`make bench-peers` installs them); the others are named. For each layer they
take turns, with warm and with cold caches, and every output is compared with direct convolution in float64. Printed
are a table for each layer, and at the end the ratios to the peers, misses first; written are all times as JSON and a
picture of time against error.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.peers.contender import Absent, Contender, Engine, Task, engines, prepare
from benchmarks.peers.figure import draw
from benchmarks.peers.layers import NamedLayer, groups
from benchmarks.peers.machine import header
from benchmarks.peers.outcome import LayerOutcome, Outcome
from benchmarks.peers.reference import reference, relative_error
from benchmarks.peers.report import as_json, header_text, layer_text, summary_text, table_text
from benchmarks.peers.timing import measure, until

_SEED = 0
_SECONDS = 8.0


def compare(
    named: NamedLayer, threads: int, present: Mapping[str, Engine], seconds: float, rounds: int | None
) -> LayerOutcome:
    """All contenders on one layer."""
    rng, layer = np.random.default_rng(_SEED), named.layer
    x, weights = (rng.standard_normal(shape, np.float32) for shape in (layer.input_shape, layer.weight_shape))
    task = Task(layer, x, weights, threads)
    exact = reference(task)
    ready: dict[tuple[str, str], Contender] = {}
    errors: dict[tuple[str, str], float] = {}
    absent: dict[str, str] = {}
    for name, engine in present.items():
        for variant in engine.VARIANTS:
            try:
                ready[name, variant], y = prepare(engine, variant, task)
                errors[name, variant] = relative_error(y, exact)
            except Absent as reason:
                absent[f"{name} {variant}".strip()] = str(reason)
    times = measure(ready, until(seconds, rounds))
    outcomes = (Outcome(*key, errors[key], times[key]) for key in ready)
    return LayerOutcome(named, threads, tuple(outcomes), absent)


def chosen_layers(wanted_groups: list[str], wanted_names: list[str]) -> list[NamedLayer]:
    """The layers of some groups, or those of some names in any group, each once.

    Raises:
        ValueError: no layer has such a name.
    """
    if not wanted_names:
        return [named for group in wanted_groups for named in groups()[group]]
    by_name = {named.name: named for group in reversed(groups().values()) for named in group}  # the first group wins
    unknown = [name for name in wanted_names if name not in by_name]
    if unknown:
        raise ValueError(f"no layer is named {unknown[0]!r}; benchmarks/peers/layers.toml has them all")
    return [by_name[name] for name in wanted_names]


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__.splitlines()[0])
    parser.add_argument("--layers", nargs="+", choices=list(groups()), default=["issue"], metavar="GROUP")
    parser.add_argument("--layer", nargs="+", default=[], metavar="NAME", help="layers of any group, by name")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2], metavar="N")
    parser.add_argument("--seconds", type=float, default=_SECONDS, help="for each layer and number of threads")
    parser.add_argument("--rounds", type=int, help="so many rounds, however long they take")
    parser.add_argument("--out", type=Path, default=Path("build/peers"), help="the folder for JSON, table and picture")
    wanted = parser.parse_args()
    try:
        layers = chosen_layers(wanted.layers, wanted.layer)
    except ValueError as error:
        parser.error(str(error))
    present, missing = engines()
    facts = header(present, missing, _SEED)
    print(header_text(facts), flush=True)
    results = []
    for threads in wanted.threads:  # the least first: threads that were started may wait for work at others' cost
        for named in layers:
            results.append(compare(named, threads, present, wanted.seconds, wanted.rounds))
            print(layer_text(results[-1]), flush=True)
    print(summary_text(results))
    wanted.out.mkdir(parents=True, exist_ok=True)
    (wanted.out / "peers.json").write_text(as_json(facts, results), encoding="utf-8")
    (wanted.out / "peers.md").write_text(table_text(results), encoding="utf-8")
    draw(results, wanted.out / "peers.png")


if __name__ == "__main__":
    main()
