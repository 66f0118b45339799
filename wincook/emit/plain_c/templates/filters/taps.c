/* The filter transform. */

/* LANES filters of one channel, transformed: products with filters of their own, so many floats apart. Without a channel or a
   filter they are zeros. */
static void transform_filters(const layer *of, const float *weights, int64_t filter, int64_t channel, float *target,
                              int64_t stride) {
  const int64_t channels = of->dims.channels, taps = TAPS_DOWN * TAPS_ACROSS;
  const int64_t end = channel < channels ? of->dims.filters : 0;
  float g[TAPS_DOWN * TAPS_ACROSS * LANES], half[KEPT_DOWN * TAPS_ACROSS * LANES];
  for (int64_t tap = 0; tap < taps; ++tap) {
    for (int64_t lane = 0; lane < LANES; ++lane) {
      const int64_t k = filter + lane;
      g[tap * LANES + lane] = k < end ? weights[(k * channels + channel) * taps + tap] * SCALE_OF_X : 0.0f;
    }
  }
  for (int64_t j = 0; j < TAPS_ACROSS; ++j) {
    filter_down(g + j * LANES, TAPS_ACROSS * LANES, half + j * LANES, TAPS_ACROSS * LANES);
  }
  for (int64_t i = 0; i < KEPT_DOWN; ++i) {
    filter_along(half + i * TAPS_ACROSS * LANES, LANES, target + i * KEPT_ACROSS * stride, stride);
  }
}

