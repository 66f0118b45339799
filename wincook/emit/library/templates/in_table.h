
  int32_t (*pack_sparse)(const @name@_dims *, const @name@_mask *, const float *, const float *, const float *,
                         const float *, void *, int64_t, int64_t); /* null where there are no masks */