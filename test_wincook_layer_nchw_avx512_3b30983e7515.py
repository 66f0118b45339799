"""Whether a layer's module computes what it should: random numbers, against sums in float64.

Run it with pytest, or by itself, in its folder. Made by wincook 0.1.0, with the module.
"""

import numpy as np

import wincook_layer_nchw_avx512_3b30983e7515 as module

PADS = ((0, 0), (0, 0))
BOUND = 0.000101  # of the sums, for numbers up to 1
STEEPEST, ULPS_AFTER = 1.2, 8  # of the activations, and what they may add to the error


def places(start, number, step):
    """So many places, a step apart."""
    return slice(start, start + (number - 1) * step + 1, step)


def sums(x, weights):
    """The convolution in float64, (N, K, *out), tap by tap."""
    mode = {"zeros": "constant", "replicate": "edge", "reflect": "reflect"}[module.PADDING_MODE]
    groups, taps, axes = module.GROUPS, np.ndindex(*weights.shape[2:]), range(len(module.SIZE))
    grouped = weights.astype(float).reshape(groups, -1, *weights.shape[1:])
    if module.TRANSPOSED:
        before = [pad for pad, _ in PADS]
        spans = [(n - 1) * s + (r - 1) * d + 1 for n, s, r, d in zip(module.SIZE, module.STRIDE, weights.shape[2:], module.DILATION)]
        room = [max(span, pad + size) for span, pad, size in zip(spans, before, module.OUT_SIZE)]
        y = np.zeros((len(x), groups, module.FILTERS // groups, *room))
        images = x.astype(float).reshape(len(x), groups, -1, *x.shape[2:])
        for tap in taps:
            to = [places(tap[i] * module.DILATION[i], module.SIZE[i], module.STRIDE[i]) for i in axes]
            y[(..., *to)] += np.einsum("ngc...,gck->ngk...", images, grouped[(..., *tap)])
        y = y[(..., *(slice(pad, pad + size) for pad, size in zip(before, module.OUT_SIZE)))]
    else:
        images = np.pad(x.astype(float), ((0, 0), (0, 0), *PADS), mode)
        images = images.reshape(len(x), groups, -1, *images.shape[2:])
        y = np.zeros((len(x), groups, module.FILTERS // groups, *module.OUT_SIZE))
        for tap in taps:
            of = [places(tap[i] * module.DILATION[i], module.OUT_SIZE[i], module.STRIDE[i]) for i in axes]
            y += np.einsum("ngc...,gkc->ngk...", images[(..., *of)], grouped[(..., *tap)])
    return y.reshape(len(x), module.FILTERS, *module.OUT_SIZE)


def laid_out(array):
    """An array (N, channels, *size) in the layout of the module."""
    return np.ascontiguousarray(np.moveaxis(array, 1, -1)) if module.LAYOUT == "NHWC" else array


def test_the_layer():
    rng = np.random.default_rng(0)

    def random(*shape):
        return rng.uniform(-1, 1, shape).astype(np.float32)

    column = (module.FILTERS, *(1,) * len(module.SIZE))
    x, weights, bias = random(2, module.CHANNELS, *module.SIZE), random(*module.WEIGHTS), random(*column)
    exact = sums(x, weights)
    y, given, residual, steepest = exact.astype(np.float32) + bias, {}, None, STEEPEST
    if module.SCALED:
        scale, shift = random(*column), random(*column)
        y = y * scale + shift
        given, steepest = {"scale": scale.ravel(), "shift": shift.ravel()}, STEEPEST * np.abs(scale).max()
    if module.RESIDUAL:
        residual = random(*y.shape)
        y = y + residual
    if module.ACTIVATION:
        y = module.run_steps(module.ACTIVATION, y)
    if module.POOLING:
        rows, columns = (size - size % 2 for size in module.OUT_SIZE)
        squares = (y[..., i:rows:2, j:columns:2] for i in range(2) for j in range(2))
        y = module.run_steps(module.POOLING, *squares)
    packed = module.pack(weights, bias.ravel(), **given)
    added = None if residual is None else laid_out(residual)
    found = module.convolve(laid_out(x), packed, threads=2, residual=added)
    most = BOUND * steepest + ULPS_AFTER * float(np.spacing(np.float32(max(np.abs(exact).max(), np.abs(y).max(), 1))))
    assert found.shape == laid_out(y).shape
    error = np.abs(found - laid_out(y)).max()
    assert error <= most, f"{error} is more than {most}"


if __name__ == "__main__":
    test_the_layer()
    print("right")
