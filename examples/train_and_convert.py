"""Train a residual network on real images, convert it in three formats, and compare accuracy, errors and time.

    python examples/train_and_convert.py [--steps 600]

The images are the 1,797 handwritten digits of 8×8 pixels that scikit-learn ships (`sklearn.datasets.load_digits`;
Alpaydin and Kaynak, UCI repository of machine learning, 1998), here enlarged to 16×16. A fifth of them is never trained
on. Six hundred steps of 64 images take a minute or so on two cores; ten, as are done if nothing else is said, take
seconds. The network runs by torch, by wincook in it in three formats, and by ONNX.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn

from wincook.integrations.onnx import Runner
from wincook.integrations.torch import convert_, plan, unconvert_

BATCH, TESTED, ROUNDS = 64, 360, 5
CALIBRATING = 32  # images of those that it was trained on


class Block(nn.Module):
    """Two convolutions of 3×3, and around them their input, by way of a convolution of 1×1 where channels differ."""

    def __init__(self, channels: int, filters: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, filters, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(filters)
        self.second = nn.Conv2d(filters, filters, 3, padding=1, bias=False)
        self.norm_of_second = nn.BatchNorm2d(filters)
        self.around = nn.Conv2d(channels, filters, 1, bias=False) if channels != filters else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """(N, filters, H, W) of (N, channels, H, W)."""
        y = self.norm_of_second(self.second(torch.relu(self.norm(self.first(x)))))
        return torch.relu(y + self.around(x))


def network() -> nn.Sequential:
    """Images (N, 1, 16, 16) to scores (N, 10)."""
    blocks = [Block(1, 32), Block(32, 32), nn.MaxPool2d(2), Block(32, 64), Block(64, 64)]
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def digits() -> tuple[Tensor, Tensor]:
    """Images (1797, 1, 16, 16) of mean about 0, and what they show, (1797,), in an order of their own."""
    pixels, labels = load_digits(return_X_y=True)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    images = torch.from_numpy(pixels).float().reshape(-1, 1, 8, 8) / 8 - 1
    return nn.functional.interpolate(images, scale_factor=2, mode="bilinear")[order], torch.from_numpy(labels)[order]


def train(model: nn.Module, images: Tensor, labels: Tensor, steps: int) -> None:
    """Adam, with a learning rate that goes to zero; images are shifted by up to two pixels."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    for _ in range(steps):
        chosen = torch.randint(len(images), (BATCH,))
        down, right = torch.randint(-2, 3, (2,)).tolist()
        batch = images[chosen].roll((down, right), (2, 3))
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(batch), labels[chosen]).backward()
        optimizer.step()
        schedule.step()


def by_onnx(model: nn.Module, images: Tensor) -> Callable[[Tensor], Tensor]:
    """The model written as a file of ONNX, and run: its convolutions by wincook, the rest by an engine of ONNX."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        batch = torch.export.Dim("batch")
        torch.onnx.export(
            model, (images,), path, dynamic_shapes=[{0: batch}], input_names=["x"], verbose=False, external_data=False
        )
        runner = Runner(path)
    (scores,) = runner.outputs
    return lambda x: torch.from_numpy(runner({"x": x.numpy()})[scores])


def seconds(compute: Callable[[Tensor], Tensor], images: Tensor) -> float:
    """The least time of some calls."""
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        compute(images)
        times.append(perf_counter() - start)
    return min(times)


def main(steps: int) -> None:
    """Print the table of all convolutions, then accuracy and time of the network by torch, by wincook, and by ONNX."""
    torch.manual_seed(0)
    images, labels = digits()
    model = network()
    start = perf_counter()
    train(model, images[TESTED:], labels[TESTED:], steps)
    print(f"{steps} steps in {perf_counter() - start:.0f} s, on {len(images) - TESTED} images\n")
    model.eval()
    batch, tested, calibrating = images[:BATCH], images[:TESTED], images[TESTED : TESTED + CALIBRATING]
    with torch.no_grad():
        table = plan(model, batch)
        print(table, end="\n\n")
        worst = max(table.modules, key=lambda module: module.measured_error / module.predicted_error)
        print(f"most error for its prediction: {worst.name}, {worst.measured_error / worst.predicted_error:.2f} of it")
        ways: dict[str, Callable[[nn.Module], Callable[[Tensor], Tensor]]] = {
            "torch": unconvert_,
            "wincook in torch": partial(convert_, example_inputs=batch),
            "in bfloat16": partial(convert_, format="bfloat16", example_inputs=batch),
            "in int8": partial(convert_, format="int8", calibrate_with=calibrating, example_inputs=batch),
            "wincook by onnx": lambda model: by_onnx(unconvert_(model), batch),
        }
        for name, turn in ways.items():
            compute = turn(model)
            accuracy = (compute(tested).argmax(1) == labels[:TESTED]).double().mean()
            print(f"{name:16s}  {accuracy:.2%} of {TESTED} right, {1e3 * seconds(compute, batch):.2f} ms for {BATCH}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10)
    main(parser.parse_args().steps)
