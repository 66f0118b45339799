/* Sums over the taps of an output, too, which is a tile by itself. Of each tap the channels are filled up, so that LANES
   of them never leave a line of V. */

static double terms_of_pixel(const @name@_dims *dims) {
  return (double)dims->channels * (double)dims->taps_down * (double)dims->taps_across;
}

static int knows(const @name@_dims *dims) {
#if CALIBRATED_CHANNELS
  return dims->groups == 1 && dims->channels == CALIBRATED_CHANNELS && terms_of_pixel(dims) <= MOST_TERMS;
#else
  return dims->groups == 1;
#endif
}

static int64_t terms_of_tap(const layer *of) {
  const int64_t channels = of->dims.channels, whole = most(LANES, IN_WORD);
  int64_t terms = IN_WORD;
  if (channels >= whole) return parts(channels, whole) * whole;
  while (terms < channels) terms *= 2;
  return terms;
}

static int64_t terms_of(const layer *of) { return of->dims.taps_down * of->dims.taps_across * terms_of_tap(of); }

SOMETIMES static inline int64_t channel_of(const layer *of, int64_t term) { return term % terms_of_tap(of); }

