"""Graphs that torch.export makes, among them those that pt2e and torchao quantise: refused, and read by way of ONNX."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnxscript")  # which writes graphs of torch
decomposed = pytest.importorskip("torch.ao.quantization.fx._decomposed")

from wincook.errors import DataError  # noqa: E402
from wincook.integrations import torch as wt  # noqa: E402
from wincook.integrations.onnx import Runner  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


class Quantised(torch.nn.Module):  # type: ignore[name-defined]
    """A convolution with a ReLU as pt2e leaves it: real numbers between nodes that quantise and dequantise."""

    def __init__(self) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(0)
        self.register_buffer("weight", torch.randint(-127, 128, (4, 3, 3, 3), dtype=torch.int8, generator=generator))
        self.register_buffer("scales", torch.linspace(0.002, 0.01, 4))
        self.register_buffer("zeros", torch.zeros(4, dtype=torch.int64))

    def forward(self, x: Any) -> Any:
        operators = torch.ops.quantized_decomposed
        of_x, of_y = (0.03, 120, 0, 255, torch.uint8), (0.05, 0, 0, 255, torch.uint8)
        x = operators.dequantize_per_tensor(operators.quantize_per_tensor(x, *of_x), *of_x)
        weight = operators.dequantize_per_channel(self.weight, self.scales, self.zeros, 0, -127, 127, torch.int8)
        y = torch.relu(torch.conv2d(x, weight, None, [1, 1], [1, 1]))
        return operators.dequantize_per_tensor(operators.quantize_per_tensor(y, *of_y), *of_y)


def test_graphs_without_modules_are_refused() -> None:
    class Calls(torch.nn.Module):  # type: ignore[name-defined]
        def forward(self, x: Any, weight: Any) -> Any:
            return torch.ops.aten.conv2d.default(x, weight)

    with pytest.raises(DataError, match=r"calls aten\.conv2d\.default.*torch\.onnx\.export"):
        wt.convert_(torch.fx.symbolic_trace(Calls()))


@pytest.mark.nightly
def test_what_pt2e_quantised_is_read_as_a_model_of_onnx(tmp_path: Path) -> None:
    x = torch.randn(2, 3, 8, 7, generator=torch.Generator().manual_seed(1))
    program = torch.export.export(Quantised().eval(), (x,))
    graph, path = program.module(), tmp_path / "m.onnx"
    assert any(str(node.target).startswith("aten.conv2d") for node in graph.graph.nodes)
    torch.onnx.export(program, (), path, input_names=["x"], verbose=False, external_data=False)
    runner = Runner(path, threads=1)
    ((before, after),) = ((chain.before, chain.after) for chain in runner.chains)
    assert (before.op_type, after.op_type) == ("DequantizeLinear", "QuantizeLinear")
    (y,) = runner({"x": x.numpy()}).values()
    differences = (torch.from_numpy(y) - graph(x)).abs()
    assert differences.max() < 0.051  # a step
    assert (differences > 0.01).double().mean() < 0.01
