
/* The same of what a mask keeps, or of all if it is null. Transformed weights are (filters, channels, products). Blocks must
   have a multiple of the filters that the variant leaves out at once, a block of its vectors, and of the channels of a
   word, 1 or 2: 32 x 2 is right for all. */
int32_t @layer@_pack_sparse(const @name@_dims *dims, const @name@_mask *mask, const float *weights, const float *bias,
                            const float *scale, const float *shift, void *packed, int64_t packed_bytes,
                            int64_t is_transformed);
