"""Train a network on real images, then towards zeros in the domain of the products, and compare accuracy.

    python -m examples.train_sparse [--steps 100]

The network and the digits are those of `train_and_convert`. Its convolutions of 3×3 become ones whose parameter is U;
half of the blocks of U, 32 filters × 1 channel, are set to zero, and the rest is trained on; then 70 and 80 %. The
first convolution, of one channel, stays as it is. Accuracy is that of sparse kernels. A hundred steps, and sixty after
each pruning, take less than a minute of one core; ten, as are done if nothing else is said, take seconds.
"""

from __future__ import annotations

import argparse
from time import perf_counter

import torch
from torch import Tensor, nn

from examples.train_and_convert import TESTED, digits, network, train
from wincook.integrations.torch import prune_, to_domain_

SPARSITIES = (0.5, 0.7, 0.8)
SEEN = 64  # images on which blocks are judged


def accuracy(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    """The share of images that are told right, in evaluation mode."""
    model.eval()
    with torch.no_grad():
        right = (model(images).argmax(1) == labels).double().mean()
    model.train()
    return float(right)


def main(steps: int) -> None:
    """Print the accuracy of the dense network, and after each pruning, before and after training."""
    torch.manual_seed(0)
    images, labels = digits()
    model, tested = network(), (images[:TESTED], labels[:TESTED])
    seen, answers = images[TESTED:], labels[TESTED:]
    start = perf_counter()
    train(model, seen, answers, steps)
    print(f"dense: {accuracy(model, *tested):.2%} of {TESTED} right, {perf_counter() - start:.0f} s")
    to_domain_(model, "F(2x2,3x3)", lambda convolution, _: convolution.in_channels > 1)
    for sparsity in SPARSITIES:
        prune_(model, sparsity, seen[:SEEN])
        pruned = accuracy(model, *tested)
        train(model, seen, answers, 3 * steps // 5)
        trained = accuracy(model, *tested)
        print(f"{sparsity:.0%} zero: {pruned:.2%} pruned, {trained:.2%} trained on, {perf_counter() - start:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=10)
    main(parser.parse_args().steps)
