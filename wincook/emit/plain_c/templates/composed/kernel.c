/* A kernel, whose functions are in another file. */
#if defined __cplusplus
extern "C" {
#endif
int32_t @kernel@_query(const @name@_dims *dims, int64_t *workspace_bytes, int64_t *packed_bytes,
                       int64_t *alignment);
int32_t @kernel@_shape(const @name@_dims *dims, int64_t y[4], int64_t *items);
int32_t @kernel@_pack(const @name@_dims *dims, const float *weights, const float *bias, const float *scale,
                      const float *shift, void *packed, int64_t packed_bytes);
int32_t @kernel@_run(const @name@_args *args, int64_t begin, int64_t end);
@kernel_pack_sparse@#if defined __cplusplus
}
#endif

