/* What a mask keeps of weights, or of transformed ones, into those of the only kernel, which tells the status. */
static int32_t pack_kept(const layer *of, const @name@_mask *mask, const float *weights, int is_transformed, float *U) {
  const @name@_dims dims = dims_of(calls, 1);
  const float *bias = no_bias(U + packed_floats());
  (void)of;
  return calls->pack(&dims, mask, weights, bias, NULL, NULL, U, 4 * packed_floats(), is_transformed);
}

static void pack_weights(const layer *of, const float *weights, float *U) { (void)pack_kept(of, NULL, weights, 0, U); }

