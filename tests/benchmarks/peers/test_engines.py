"""Every engine that is installed computes the layers that it is asked for; without the extra, wincook alone is."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.peers.contender import Absent, Engine, Task, engines, prepare
from benchmarks.peers.reference import reference, relative_error
from wincook import Layer

PRESENT, MISSING = engines()
OURS = ("within 1e-6 NHWC", "m=2")  # the other kernels have tests of their own
WAYS = [
    (name, variant) for name, engine in PRESENT.items() for variant in (OURS if name == "wincook" else engine.VARIANTS)
]
LAYERS = {
    "plain": Layer(16, 32, (14, 14), (3, 3), padding=1, batch=2),
    "5x5, unpadded": Layer(16, 16, (14, 15), (5, 5)),
    "stride 2": Layer(16, 32, (14, 14), (3, 3), padding=1, stride=2),
    "dilation 2": Layer(16, 16, (14, 14), (3, 3), padding=2, dilation=2),
    "depthwise": Layer(32, 32, (14, 14), (3, 3), padding=1, groups=32),
    "groups": Layer(32, 32, (14, 14), (3, 3), padding=1, groups=4),
    "1x1": Layer(16, 32, (14, 14), (1, 1)),
    "one axis": Layer(16, 32, (40,), (3,), padding=1),
    "three axes": Layer(8, 16, (6, 7, 8), (3, 3, 3), padding=1),
    "transposed": Layer(16, 8, (9, 9), (2, 2), stride=2, transposed=True),
}
WORST = 5e-3  # Winograd algorithms with large tiles


@pytest.mark.slow
@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
@pytest.mark.parametrize(("name", "variant"), WAYS, ids=[f"{name} {variant}".strip() for name, variant in WAYS])
def test_an_engine_computes_the_layer_or_says_why_not(name: str, variant: str, layer: Layer) -> None:
    rng = np.random.default_rng(0)
    x, weights = (rng.standard_normal(shape, np.float32) for shape in (layer.input_shape, layer.weight_shape))
    task = Task(layer, x, weights, 1)
    engine: Engine = PRESENT[name]
    try:
        contender, y = prepare(engine, variant, task)
    except Absent as reason:
        assert not str(reason).startswith("failed"), reason  # noqa: PT017 (either is right)
    else:
        exact = reference(task)
        assert relative_error(y, exact) < WORST
        assert relative_error(contender.output(contender.run()), exact) < WORST  # again, as the benchmark does


def test_those_that_are_missing_are_named() -> None:
    assert {*PRESENT, *MISSING} == {
        "wincook", "onednn", "nnpack", "onnxruntime", "openvino", "ncnn", "mnn", "opencv", "xnnpack",
    }  # fmt: skip
    assert "wincook" in PRESENT
