/* Outputs along an axis, those that pooling drops left out; none if the filter does not fit. */
static int64_t outputs_along(int64_t size, int64_t padding, int64_t taps, int64_t stride, int64_t dilation) {
  const int64_t rest = size + padding - (taps - 1) * dilation - 1;
  return rest < 0 ? 0 : (rest / stride + 1) / SIDE * SIDE;
}

static void put_outputs(layer *of) {
  const @name@_dims *dims = &of->dims;
  of->out_height = outputs_along(dims->height, dims->top + dims->bottom, dims->taps_down, dims->stride_down,
                                 dims->dilation_down);
  of->out_width = outputs_along(dims->width, dims->left + dims->right, dims->taps_across, dims->stride_across,
                                dims->dilation_across);
}

