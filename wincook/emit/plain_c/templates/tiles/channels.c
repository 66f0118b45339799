/* Sums over channels, of tiles that are transformed. */

static int knows(const @name@_dims *dims) {
  return dims->groups == 1 && dims->taps_down == TAPS_DOWN && dims->taps_across == TAPS_ACROSS &&
         dims->stride_down == STRIDE_DOWN && dims->stride_across == STRIDE_ACROSS && dims->dilation_down == 1 &&
         dims->dilation_across == 1 && (!CALIBRATED_CHANNELS || dims->channels == CALIBRATED_CHANNELS);
}

static double terms_of_pixel(const @name@_dims *dims) {
  (void)dims;
  return 1;
}

/* What is summed over: channels, in whole words. */
static int64_t terms_of(const layer *of) { return parts(of->dims.channels, IN_WORD) * IN_WORD; }

SOMETIMES static inline int64_t channel_of(const layer *of, int64_t term) {
  (void)of;
  return term;
}

