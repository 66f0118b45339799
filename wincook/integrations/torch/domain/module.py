"""A convolution whose parameter is U, the filters in the domain of the products: for training with blocks of zeros.

U has more numbers than the weights that it is made from, and is trained in their place (Liu, Pool, Han and Dally,
*Efficient Sparse-Winograd Convolutional Neural Networks*, ICLR 2018, arXiv 1802.06367). Blocks that the mask leaves out
count as zeros, but get the gradients that they would have otherwise (straight through; Bengio, Léonard and Courville,
arXiv 1308.3432): a later mask may keep them again.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from wincook.arguments import flag, instance
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import DataError, ShapeError
from wincook.integrations.torch.calls.packed import packed_weights
from wincook.integrations.torch.modules import pads_of
from wincook.integrations.torch.tensors import array_of, empty_output, layer_of
from wincook.kernels import Kernel, Target
from wincook.kernels import compile as compile_kernel
from wincook.layers import Layer
from wincook.layers.sizes import per_axis
from wincook.sparse import Mask, prune, transformed
from wincook.sparse.energy import outputs_of, transform_of
from wincook.sparse.mask import BLOCK, block_of, blocks_of

_ONES = (1, 1)
_KERNELS_KEPT = 256


class DomainConv2d(nn.Module):
    """y = AT [Σ_c U ⊙ BT d B] A + bias, of tensors (N, C, H, W), with stride 1 and padding by zeros.

    Training, and all that needs gradients, is done by torch; inference of float32 on the CPU by a sparse kernel, unless
    `relu` says that V goes through a ReLU before the products, which no kernel does.

    Parameters are `U` (K, C, *products) and `bias` (K,); `kept`, (products, blocks of filters, blocks of channels), is
    a buffer, so that the mask is part of the state.
    """

    def __init__(
        self,
        U: Tensor,
        bias: Tensor | None = None,
        *,
        tile: Subject = "F(2x2,3x3)",
        padding: int | tuple[int, int] = 0,
        block: tuple[int, int] = BLOCK,
        relu: bool = False,
    ) -> None:
        """Take filters and a bias as they are, all blocks kept.

        Raises:
            ShapeError: filters of another shape, or a tile with strides or of other than two axes; padding or a block
                that is no pair of whole numbers.
            DataError: no tensors.
            WincookError: no algorithm.
        """
        super().__init__()
        U = instance("U", U, Tensor, "wincook.sparse.transformed makes it of weights", DataError)
        self.algorithm = correlation_of(tile, "are trained")
        down, across = per_axis("padding", padding, len(_ONES), 0)
        self.padding, self.block, self.relu = (down, across), block_of(block), flag("relu", relu)
        products = tuple(axis.multiplications for axis in self.algorithm.axes)
        if self.algorithm.tile.strided or len(products) != len(_ONES) or tuple(U.shape[2:]) != products:
            raise ShapeError(
                f"filters of shape {tuple(U.shape)} are none of {self.algorithm.tile}; give (K, C, *{products}), of a "
                "tile with two axes and without strides"
            )
        self.U = nn.Parameter(U)
        self.bias = None if bias is None else nn.Parameter(bias)
        filters, channels = U.shape[:2]
        shape = blocks_of(self.algorithm.multiplications, filters, channels, self.block)
        self.register_buffer("kept", torch.ones(shape, dtype=torch.bool))
        for name, matrix in (("AT", outputs_of(self.algorithm)), ("BT", transform_of(self.algorithm))):
            self.register_buffer(name, torch.from_numpy(matrix).to(U.dtype), persistent=False)

    @classmethod
    def of(cls, convolution: nn.Conv2d, tile: Subject = "F(2x2,3x3)", **settings: Any) -> DomainConv2d:
        """The same convolution with its weights transformed, for a tile; settings are `block` and `relu`.

        Raises:
            ShapeError: it has strides, dilation or groups, other padding than zeros, or filters of another size than
                those of the tile.
            WincookError: as the class.
        """
        convolution = instance("convolution", convolution, nn.Conv2d, "give a torch.nn.Conv2d", DataError)
        if not is_plain(convolution):
            raise ShapeError(f"{convolution} has strides, dilation, groups, or other padding than zeros on both sides")
        weight, bias = convolution.weight.detach(), convolution.bias
        U = torch.from_numpy(transformed(tile, weight)).to(weight)
        (down, _), (across, _) = pads_of(convolution)
        return cls(U, None if bias is None else bias.detach().clone(), tile=tile, padding=(down, across), **settings)

    @property
    def mask(self) -> Mask:
        """Which blocks are kept, as a value."""
        kept: Any = self.kept
        filters, channels = self.U.shape[:2]
        return Mask.of(self.algorithm, kept.cpu().numpy(), filters=filters, channels=channels, block=self.block)

    def prune_(self, sparsity: float, inputs: Tensor | str = "relu") -> Mask:
        """Keep the blocks whose loss would be seen most in y, for inputs like those given, or those of a data law.

        Raises:
            WincookError: as `wincook.sparse.prune`.
        """
        seen: Any = inputs
        if isinstance(inputs, Tensor):
            down, across = self.padding
            seen = functional.pad(inputs.detach(), (across, across, down, down))
        mask = prune(self.algorithm, self.U, sparsity=sparsity, inputs=seen, block=self.block)
        kept: Any = self.kept
        kept.copy_(torch.from_numpy(mask.kept))
        return mask

    def forward(self, x: Tensor) -> Tensor:
        """(N, K, *out) of (N, C, H, W)."""
        if self._is_for_kernel(x):
            return self._inferred(x)
        tile, (down, across) = self.algorithm.tile, self.padding
        (m, n), (height, width) = tile.outputs, tile.inputs
        sizes = [x.shape[2] + 2 * down - tile.taps[0] + 1, x.shape[3] + 2 * across - tile.taps[1] + 1]
        rows, columns = -(-sizes[0] // m), -(-sizes[1] // n)
        bottom, right = (rows - 1) * m + height - x.shape[2] - down, (columns - 1) * n + width - x.shape[3] - across
        d = functional.pad(x, (across, right, down, bottom)).unfold(2, height, m).unfold(3, width, n)
        V = self.BT @ d.permute(4, 5, 0, 2, 3, 1).reshape(height * width, -1)  # (products, tiles C)
        if self.relu:
            V = torch.relu(V)
        M = torch.bmm(V.reshape(len(V), -1, x.shape[1]), self._filters())  # (products, tiles, K)
        y = (self.AT @ M.flatten(1)).reshape(m, n, len(x), rows, columns, -1).permute(2, 5, 3, 0, 4, 1)
        whole = y.reshape(len(x), -1, rows * m, columns * n)[:, :, : sizes[0], : sizes[1]]
        return whole if self.bias is None else whole + self.bias.reshape(-1, 1, 1)

    def _filters(self) -> Tensor:
        """U (products, C, K), zeros where the mask has them, with the gradients of all its numbers."""
        kept: Any = self.kept
        filters, channels = self.U.shape[:2]
        of_each = kept.repeat_interleave(self.block[0], 1)[:, :filters].repeat_interleave(self.block[1], 2)
        U = self.U.permute(2, 3, 1, 0).reshape(len(kept), channels, filters)
        return U + (U * of_each[:, :, :channels].transpose(1, 2) - U).detach()

    def _is_for_kernel(self, x: Tensor) -> bool:
        needs_gradients = torch.is_grad_enabled() and (x.requires_grad or self.U.requires_grad)
        on_host = x.device.type == self.U.device.type == "cpu" and x.dtype == self.U.dtype == torch.float32
        return on_host and not (self.relu or self.training or needs_gradients or torch.compiler.is_compiling())

    def _inferred(self, x: Tensor) -> Tensor:
        padding = [side for pad in self.padding for side in (pad, pad)]
        weight = self.U.new_empty((*self.U.shape[:2], *self.algorithm.tile.taps), device="meta")
        layer = layer_of(x, weight.shape, _ONES, padding, _ONES, 1)
        kernel = _kernel_of(layer, self.algorithm, torch.get_num_threads())
        y = empty_output(x, weight, _ONES, padding, _ONES)
        packed = packed_weights.of(kernel, self.U, self.bias, mask=self.mask)
        kernel(array_of(x, layer.layout), packed, array_of(y, layer.layout))
        return y

    def extra_repr(self) -> str:
        """What torch prints of it."""
        return f"{self.mask}, padding={self.padding}{', relu=True' if self.relu else ''}"


@lru_cache(_KERNELS_KEPT)
def _kernel_of(layer: Layer, algorithm: Subject, threads: int) -> Kernel:
    return compile_kernel(layer, algorithm, threads=min(threads, Target.of(None).threads), sparse=True)


def is_plain(convolution: nn.Conv2d) -> bool:
    """Whether a convolution has no strides, dilation or groups, and is padded by as many zeros on both sides."""
    return (
        convolution.stride == convolution.dilation == _ONES
        and convolution.groups == 1
        and convolution.padding_mode == "zeros"
        and all(before == after for before, after in pads_of(convolution))
    )
