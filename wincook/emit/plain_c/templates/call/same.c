/* Another layer of the same code. */

int32_t @other@_query(const @name@_dims *dims, int64_t *workspace_bytes, int64_t *packed_bytes, int64_t *alignment) {
  return @layer@_query(dims, workspace_bytes, packed_bytes, alignment);
}

int32_t @other@_shape(const @name@_dims *dims, int64_t y[4], int64_t *items) { return @layer@_shape(dims, y, items); }

int32_t @other@_pack(const @name@_dims *dims, const float *weights, const float *bias, const float *scale,
                     const float *shift, void *packed, int64_t packed_bytes) {
  return @layer@_pack(dims, weights, bias, scale, shift, packed, packed_bytes);
}

int32_t @other@_run(const @name@_args *args, int64_t begin, int64_t end) { return @layer@_run(args, begin, end); }
