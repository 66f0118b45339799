int32_t @kernel@_pack_sparse(const @name@_dims *dims, const @name@_mask *mask, const float *weights, const float *bias,
                             const float *scale, const float *shift, void *packed, int64_t packed_bytes,
                             int64_t is_transformed);
