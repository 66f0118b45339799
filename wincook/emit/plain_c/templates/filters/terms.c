/* Filters as they are, by terms. */

/* A term of LANES filters; zeros without a channel or a filter. */
static void transform_filters(const layer *of, const float *weights, int64_t filter, int64_t term, float *target,
                              int64_t stride) {
  const int64_t channels = of->dims.channels, taps = of->dims.taps_down * of->dims.taps_across;
  const int64_t tap = term / terms_of_tap(of), channel = term % terms_of_tap(of);
  const int64_t end = channel < channels ? of->dims.filters : 0;
  (void)stride;
  for (int64_t k = filter; k < filter + LANES; ++k) {
    *target++ = k < end ? weights[(k * channels + channel) * taps + tap] : 0.0f;
  }
}

