/* U  [product][block of filters]: starts of sums, [word][filter][term], scales; and behind it what packing works in

   Filters are divided by the factors of V, and by scales of their own. They are quantised product by product, in an order in
   which each makes up for what those before it erred by; starts of sums take off the zero points of V, and what errors of
   U make of the means of V. */

/* Of each product, the number of those with filters of their own. */
static const int kept_places[PRODUCTS] = {@kept_places@};

static int64_t filter_blocks(const layer *of) { return parts(of->dims.filters, BLOCK); }

static int64_t block_floats(const layer *of) { return (terms_of(of) / IN_FLOAT + 2) * BLOCK; }

static int64_t place_in_U(int64_t product) { return product; }

static int64_t quantised_floats(const layer *of) { return PRODUCTS * filter_blocks(of) * block_floats(of); }

/* U, LANES filters as they are transformed, and their errors. */
static int64_t U_floats(const layer *of) {
  return quantised_floats(of) + (KEPT_DOWN * KEPT_ACROSS + PRODUCTS) * terms_of(of) * LANES;
}

/* Whole numbers up to MOST_OF_U, as the last bits of floats. */
static inline vector whole_of(vector value, vector scale) {
  return held(value / scale + broadcast(WITHOUT_FRACTIONS), WITHOUT_FRACTIONS - MOST_OF_U, WITHOUT_FRACTIONS + MOST_OF_U);
}

static inline words number_of(vector whole) { return bits_of(whole) - 0x4B400000u; }

/* The least powers of two that are not less, where scales are such. */
static inline vector rounded_up(vector scale) {
  return SCALES_ARE_POWERS ? floats_of((bits_of(scale) + 0x7FFFFFu) & 0xFF800000u) : scale;
}

/* What is quantised of a term: divided by what a factor of V is in effect. */
static inline vector divided(const layer *of, const float *made, int64_t product, int64_t term) {
  return load(made + term * LANES) / broadcast(divisors[first_product(of) + product][channel_of(of, term)]);
}

/* What scales are multiplied by lest sums leave 32 bits: 1 where they do not. */
static vector raise_of(const layer *of, const float *made, int64_t product, vector scale) {
  words total = everywhere(0), nonzero = everywhere(0);
  uint32_t totals[LANES], counts[LANES];
  float raised[LANES];
  for (int64_t term = 0; term < terms_of(of); ++term) {
    const words number = number_of(whole_of(divided(of, made, product, term), scale));
    const words is_below = (words)((integers)number >> 31);
    total += (number ^ is_below) - is_below;
    nonzero += ~is_zero(number) & 1u;
  }
  memcpy(totals, &total, sizeof totals);
  memcpy(counts, &nonzero, sizeof counts);
  for (int lane = 0; lane < LANES; ++lane) {
    const float larger = (float)(2 * totals[lane] + counts[lane]);
    const float room = (float)(2 * (MOST_OF_FILTER - (int32_t)counts[lane]));
    raised[lane] = totals[lane] > (uint32_t)MOST_OF_FILTER ? larger / room : 1.0f;
  }
  return load(raised);
}

static vector scale_of(const layer *of, const float *made, int64_t product) {
  const vector zero = broadcast(0.0f);
  vector most_of_all = zero, scale;
  for (int64_t term = 0; term < terms_of(of); ++term) {
    const vector magnitude = floats_of(bits_of(divided(of, made, product, term)) & 0x7FFFFFFFu);
    most_of_all = chosen(most_of_all, magnitude, magnitude, most_of_all);
  }
  scale = chosen(zero, most_of_all, rounded_up(most_of_all / broadcast(MOST_OF_U)), broadcast(1.0f));
  return rounded_up(scale * raise_of(of, made, product, scale));
}

/* Add parts of steps of sums, 2^-16 of each, to those that were lost. */
static void add_losses(vector steps, int64_t *lost) {
  const float most_lost = (float)(HIGHEST_V * 65536.0);
  float values[LANES];
  store(values, steps);
  for (int lane = 0; lane < LANES; ++lane) {
    float part = rintf(values[lane] * 65536.0f);
    part = part > -most_lost ? part : -most_lost;
    part = part < most_lost ? part : most_lost;
    lost[lane] += (int64_t)part;
  }
}

/* Starts of sums: the nearest steps, ties upward, less what zero points add to sums of U. */
static void put_starts(const int64_t *lost, words total, float zero, float *target) {
  uint32_t starts[LANES];
  total = everywhere(0) - total * (bits_of(broadcast(zero)) - 0x4B400000u);
  memcpy(starts, &total, sizeof starts);
  for (int lane = 0; lane < LANES; ++lane) {
    const int64_t lifted = lost[lane] + 32768, steps = (lifted - (lifted & 65535)) / 65536;
    starts[lane] += (uint32_t)least(most(steps, -MOST_CORRECTED), MOST_CORRECTED);
  }
  memcpy(target, starts, sizeof starts);
}

/* A product of LANES filters as they are `made` to be quantised, into U; the errors of `exact` ones take their place. */
static void quantise(const layer *of, const float *exact, float *made, int64_t product, float *target) {
  const vector scale = scale_of(of, made, product);
  const int64_t row = first_product(of) + product;
  int64_t lost[LANES] = {0};
  words total = everywhere(0);
  for (int64_t term = 0; term < terms_of(of); ++term) {
    const int64_t channel = channel_of(of, term);
    const vector whole = whole_of(divided(of, made, product, term), scale);
    const vector stored = (whole - broadcast(WITHOUT_FRACTIONS)) * scale * broadcast(divisors[row][channel]);
    const vector error = load(exact + term * LANES) - stored;
    const words number = number_of(whole);
    float *line = target + (term / 2 + 1) * BLOCK;
    uint32_t numbers[LANES];
    memcpy(numbers, &number, sizeof numbers);
    for (int lane = 0; lane < LANES; ++lane) {
      const uint16_t last = (uint16_t)numbers[lane];
      memcpy((unsigned char *)(line + lane) + 2 * (term % 2), &last, sizeof last);
    }
    total += number;
    add_losses(error * broadcast(centres[row][channel]) / scale, lost);
    store(made + term * LANES, error * broadcast(spreads[row][channel]));
  }
  put_starts(lost, total, zeros[row], target);
  store(target + (terms_of(of) / 2 + 1) * BLOCK, scale);
}

/* What is quantised in a place of the order: a product of LANES filters, and shares of the errors before it. */
static void make_up(const layer *of, const float *exact, float *errors, int64_t place) {
  const int64_t row = first_product(of) + order[first_product(of) + place], floats = terms_of(of) * LANES;
  for (int64_t term = 0; term < terms_of(of); ++term) {
    vector total = broadcast(0.0f);
    for (int64_t before = 0; before < place; ++before) {
      total = total + broadcast(shares[first_product(of) + place][before]) * load(errors + before * floats + term * LANES);
    }
    total = total / broadcast(spreads[row][channel_of(of, term)]);
    store(errors + place * floats + term * LANES, load(exact + term * LANES) + total);
  }
}

static void pack_weights(const layer *of, const float *weights, float *U) {
  const int64_t floats = terms_of(of) * LANES;
  float *plain = U + quantised_floats(of), *errors = plain + KEPT_DOWN * KEPT_ACROSS * floats;
  for (int64_t first = 0; first < filter_blocks(of) * BLOCK; first += LANES) {
    for (int64_t term = 0; term < terms_of(of); ++term) {
      transform_filters(of, weights, first, term, plain + term * LANES, floats);
    }
    for (int64_t place = 0; place < PRODUCTS; ++place) {
      const int64_t product = order[first_product(of) + place];
      const float *exact = plain + kept_places[product] * floats;
      float *target = U + (product * filter_blocks(of) + first / BLOCK) * block_floats(of) + first % BLOCK;
      make_up(of, exact, errors, place);
      quantise(of, exact, errors + place * floats, product, target);
    }
  }
}

