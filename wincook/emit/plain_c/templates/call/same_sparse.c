
int32_t @other@_pack_sparse(const @name@_dims *dims, const @name@_mask *mask, const float *weights, const float *bias,
                            const float *scale, const float *shift, void *packed, int64_t packed_bytes,
                            int64_t is_transformed) {
  return @layer@_pack_sparse(dims, mask, weights, bias, scale, shift, packed, packed_bytes, is_transformed);
}
