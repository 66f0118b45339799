/* U  [product, those with equal filters once][block of filters][term][filter], as floats */

/* Of each product, the number of those with filters of their own. */
static const int kept_places[PRODUCTS] = {@kept_places@};

static int64_t filter_blocks(const layer *of) { return parts(of->dims.filters, BLOCK); }

static int64_t block_floats(const layer *of) { return terms_of(of) * BLOCK; }

static int64_t place_in_U(int64_t product) { return kept_places[product]; }

static int64_t U_floats(const layer *of) { return KEPT_DOWN * KEPT_ACROSS * filter_blocks(of) * block_floats(of); }

/* Of a word, the last channel comes first. */
static void pack_weights(const layer *of, const float *weights, float *U) {
  const int64_t stride = filter_blocks(of) * block_floats(of);
  for (int64_t first = 0; first < filter_blocks(of) * BLOCK; first += LANES) {
    for (int64_t channel = 0; channel < terms_of(of); ++channel) {
      const int64_t term = channel ^ (IN_WORD - 1);
      float *target = U + first / BLOCK * block_floats(of) + term * BLOCK + first % BLOCK;
      transform_filters(of, weights, first, channel, target, stride);
      for (int64_t product = 0; product < KEPT_DOWN * KEPT_ACROSS; ++product) {
        float *place = target + product * stride;
        store(place, in_U(load(place)));
      }
    }
  }
}

