
int32_t @layer@_pack_sparse(const @name@_dims *dims, const @name@_mask *mask, const float *weights, const float *bias,
                            const float *scale, const float *shift, void *packed, int64_t packed_bytes,
                            int64_t is_transformed) {
  layer of;
  int32_t status = describe(dims, &of);
  if (!status) status = status_of_packing(&of, weights, bias, scale, shift, packed, packed_bytes);
  if (!status) status = pack_kept(&of, mask, weights, is_transformed != 0, (float *)packed + LINE);
  if (status) return status;
  finish_packing(&of, bias, scale, shift, packed);
  return @NAME@_OK;
}
