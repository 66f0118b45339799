from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.peers.figure import draw
from benchmarks.peers.layers import groups
from benchmarks.peers.outcome import (
    LayerOutcome,
    Outcome,
    beside_each_peer,
    beside_fastest_peer,
    network_times,
    unequalled,
)
from benchmarks.peers.report import as_json, header_text, layer_text, summary_text, table_text
from benchmarks.peers.timing import Measured, Times
from tests.golden import Golden
from tests.near import near


def outcome(name: str, error: float, milliseconds: float) -> Outcome:
    engine, variant = name.split("/")
    times = Times(tuple(milliseconds / 1e3 * factor for factor in (1, 1.5, 1.1)))
    cold = Times(tuple(2 * seconds for seconds in times.seconds))
    return Outcome(engine, variant, error, Measured(times, cold))


FIRST = LayerOutcome(
    groups()["issue"][5],
    1,
    (
        outcome("wincook/m=4", 2e-6, 1.0),
        outcome("wincook/m=7", 3e-5, 0.5),
        outcome("ncnn/default", 3e-6, 1.2),
        outcome("mnn/", 1e-3, 0.4),
        outcome("onednn/NCHW", 3e-7, 4.0),
    ),
    {"xnnpack NHWC": "has no such padding", "nnpack FFT": "takes another way", "opencv": "takes another way"},
)
SECOND = LayerOutcome(groups()["issue"][6], 1, (outcome("wincook/m=4", 2e-6, 2.0), outcome("mnn/", 4e-6, 1.0)), {})


def test_each_peer_stands_beside_the_fastest_kernel_that_is_no_less_accurate() -> None:
    ratios = {ratio.peer.name: (ratio.ours.variant, ratio.minima) for ratio in beside_each_peer(FIRST, "warm")}
    assert ratios == {"ncnn default": ("m=4", near(1.2)), "mnn": ("m=7", near(0.8))}
    assert [peer.name for peer in unequalled(FIRST)] == ["onednn NCHW"]


def test_within_a_limit_the_fastest_of_both_sides_are_compared_the_worst_first() -> None:
    ratios = beside_fastest_peer([FIRST, SECOND], "warm", 3.5e-5)
    assert [(ratio.peer.name, ratio.ours.variant, ratio.minima) for ratio in ratios] == [
        ("mnn", "m=4", near(0.5)),
        ("ncnn default", "m=7", near(2.4)),
    ]
    assert beside_fastest_peer([FIRST], "cold", 1e-9) == []


def test_a_network_takes_the_fastest_way_of_each_layer_as_often_as_it_stands_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layers = groups()["resnet18"]
    first, second = (
        LayerOutcome(named, 1, (outcome("wincook/m=4", 2e-6, 1), outcome("wincook/m=7", 3e-5, 0.5), *more), {})
        for named, more in zip(layers[:2], ([outcome("mnn/", 1e-6, 3)], []), strict=True)
    )
    assert network_times([first, second], "warm", 1e-5) == {}  # of twelve layers two
    monkeypatch.setattr("benchmarks.peers.outcome.groups", lambda: {"resnet18": layers[:2]})
    assert [layers[0].count, layers[1].count] == [1, 4]
    assert network_times([first, second], "warm", 1e-5) == {"resnet18": {"wincook": near(5e-3)}}
    assert network_times([first, second], "cold", 1e-4) == {"resnet18": {"wincook": near(5e-3)}}


def test_the_text_names_misses_first_and_who_is_absent(golden: Golden) -> None:
    header = {"processor": "a processor", "skipped": "opencv (not installed)"}
    golden.text("\n".join([header_text(header), layer_text(FIRST), layer_text(SECOND), summary_text([FIRST, SECOND])]))


def test_the_table_has_the_fastest_of_both_sides_within_each_limit() -> None:
    head, _, first, second = table_text([FIRST, SECOND]).splitlines()
    assert head == "| layer | threads | fastest peer | wincook, error ≤ 5e-06 | error ≤ 3.5e-05 |"
    cells = "ncnn default 1.2 ms (3e-06) | 1 ms (2e-06), 1.20× | 0.5 ms (3e-05), 2.40×"
    assert first == f"| 64x56x56 | 1 | {cells} |"
    assert second == "| 128x28x28 | 1 | mnn 1 ms (4e-06) | 2 ms (2e-06), 0.50× | 2 ms (2e-06), 0.50× |"


def test_json_holds_every_call() -> None:
    document = json.loads(as_json({"seed": "0"}, [FIRST, SECOND]))
    assert document["header"] == {"seed": "0"}
    first, second = document["layers"]
    assert (first["name"], first["threads"], second["name"]) == ("64x56x56", 1, "128x28x28")
    assert first["absent"]["xnnpack NHWC"] == "has no such padding"
    assert [len(contender["warm"]) for contender in first["contenders"]] == [3] * 5


def test_the_picture_is_written(tmp_path: Path) -> None:
    draw([FIRST, SECOND], tmp_path / "peers.png")
    assert (tmp_path / "peers.png").read_bytes().startswith(b"\x89PNG")
