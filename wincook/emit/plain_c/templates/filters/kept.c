/* U  [product][block of filters] headers, then twice [product][block of filters][word kept]: numbers, and the filters of
   each channel of the word */

static int64_t filter_blocks(const layer *of) { return parts(of->dims.filters, BLOCK); }

static int64_t block_floats(const layer *of) {
  (void)of;
  return HEADER;
}

static int64_t place_in_U(int64_t product) { return product; }

/* With all words kept. */
static int64_t U_floats(const layer *of) {
  const int64_t lists = PRODUCTS * filter_blocks(of), words_of_list = terms_of(of) / IN_WORD;
  return lists * HEADER + parts(lists * words_of_list, LINE) * LINE + lists * terms_of(of) * BLOCK;
}

/* The headers and the numbers of words, as a mask keeps them. */
static void put_lists(const layer *of, const @name@_mask *mask, float *U) {
  const int64_t lists = PRODUCTS * filter_blocks(of), number = terms_of(of) / IN_WORD;
  int64_t kept = 0, done = 0;
  for (int64_t list = 0; list < lists; ++list) {
    for (int64_t word = 0; word < number; ++word) {
      kept += is_kept(mask, list / filter_blocks(of), list % filter_blocks(of), word);
    }
  }
  for (int64_t list = 0; list < lists; ++list) {
    const int64_t behind = (lists - list) * HEADER;
    header there = {0, behind + done, behind + parts(kept, LINE) * LINE + done * IN_WORD * BLOCK};
    for (int64_t word = 0; word < number; ++word) {
      const uint32_t told = (uint32_t)word;
      if (is_kept(mask, list / filter_blocks(of), list % filter_blocks(of), word)) {
        memcpy(U + lists * HEADER + done++, &told, sizeof told);
        ++there.kept;
      }
    }
    memcpy(U + list * HEADER, &there, sizeof there);
  }
}

/* LANES filters of one channel of transformed weights, as `transform_filters` makes them. */
static void take_filters(const layer *of, const float *weights, int64_t filter, int64_t channel, float *target) {
  const int64_t channels = of->dims.channels, end = channel < channels ? of->dims.filters : 0;
  for (int64_t product = 0; product < PRODUCTS; ++product) {
    for (int64_t k = filter; k < filter + LANES; ++k) {
      *target++ = k < end ? weights[(k * channels + channel) * PRODUCTS + product] * SCALE_OF_X : 0.0f;
    }
  }
}

/* What a mask keeps of weights, or of transformed ones; its status. Of a word, the last channel comes first. */
static int32_t pack_kept(const layer *of, const @name@_mask *mask, const float *weights, int is_transformed, float *U) {
  const int32_t status = mask ? status_of_mask(mask, &of->dims) : @NAME@_OK;
  if (status) return status;
  put_lists(of, mask, U);
  for (int64_t first = 0; first < filter_blocks(of) * BLOCK; first += LANES) {
    int64_t done[PRODUCTS] = {0};
    for (int64_t word = 0; word < terms_of(of) / IN_WORD; ++word) {
      float filters[IN_WORD][PRODUCTS * LANES];
      for (int64_t part = 0; part < IN_WORD; ++part) {
        if (is_transformed) {
          take_filters(of, weights, first, word * IN_WORD + part, filters[part]);
        } else {
          transform_filters(of, weights, first, word * IN_WORD + part, filters[part], LANES);
        }
      }
      for (int64_t product = 0; product < PRODUCTS; ++product) {
        float *list = U + (product * filter_blocks(of) + first / BLOCK) * HEADER, *target;
        if (!is_kept(mask, product, first / BLOCK, word)) continue;
        target = list + header_at(list).to_filters + done[product]++ * IN_WORD * BLOCK + first % BLOCK;
        for (int64_t part = 0; part < IN_WORD; ++part) {
          store(target + (IN_WORD - 1 - part) * BLOCK, in_U(load(filters[part] + product * LANES)));
        }
      }
    }
  }
  return status;
}

static void pack_weights(const layer *of, const float *weights, float *U) { (void)pack_kept(of, NULL, weights, 0, U); }

