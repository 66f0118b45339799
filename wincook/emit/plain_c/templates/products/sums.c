/* Sums over all terms; U has BLOCK floats for each. */

/* Where term c of the block of V from `first` on stands, from that block on; of a word the last one comes first. */
static inline int64_t place_of_term(int64_t first, int64_t c, int64_t lines) {
  if (LANES > 1 || IN_WORD == 1) return c ^ (IN_WORD - 1);
  return ((first ^ (IN_WORD - 1)) - first) * lines;
}

#define MICRO_KERNEL(rows)                                                                                \
  static void micro_kernel_##rows(const float *V, int64_t lines, const float *U, int64_t terms, float *M, \
                                  int64_t stride) {                                                       \
    const vector zero = broadcast(0.0f);                                                                  \
    const int64_t block = terms * BLOCK; /* what follows is of the next one */                            \
    const int64_t length = CHAIN && terms > ONE_CHAIN ? CHAIN : terms;                                    \
    for (int64_t start = 0; start < terms; start += length) {                                             \
      const int64_t end = least(start + length, terms);                                                   \
      ROWS_##rows(START)                                                                                  \
      for (int64_t first = start; first < end; first += LANES) {                                          \
        const int64_t here = least(LANES, end - first);                                                   \
        for (int64_t c = 0; c < here; ++c) {                                                              \
          const vector weight = load(U), other_weight = load(U + (VECTORS - 1) * LANES);                  \
          const float *from = V + place_of_term(first, c, lines);                                         \
          FETCH(U, block);                                                                                \
          FETCH(U, block + (VECTORS - 1) * LANES);                                                        \
          ROWS_##rows(ADD)                                                                                \
          (void)other_weight;                                                                             \
          U += BLOCK;                                                                                     \
        }                                                                                                 \
        V += lines * LANES;                                                                               \
      }                                                                                                   \
      if (start) {                                                                                        \
        ROWS_##rows(ADD_UP)                                                                               \
      }                                                                                                   \
      ROWS_##rows(END)                                                                                    \
    }                                                                                                     \
  }

