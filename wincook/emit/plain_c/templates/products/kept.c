/* Sums over the words of channels that a list names, as if there were no others; of none they are 0. U starts with a header,
   and has BLOCK floats for each channel of a word that is kept. */

#define HEADER LINE /* floats */

/* How many words are kept, and how many floats from the header to the first of their numbers and of their filters. */
typedef struct {
  int64_t kept, to_list, to_filters;
} header;

static inline header header_at(const float *U) {
  header there;
  memcpy(&there, U, sizeof there);
  return there;
}

/* The number of a word that is kept. */
static inline int64_t number_at(const float *list, int64_t place) {
  uint32_t number;
  memcpy(&number, list + place, sizeof number);
  return number;
}

#define MICRO_KERNEL(rows)                                                                                \
  static void micro_kernel_##rows(const float *V, int64_t lines, const float *U, int64_t terms, float *M, \
                                  int64_t stride) {                                                       \
    const vector zero = broadcast(0.0f);                                                                  \
    const header there = header_at(U);                                                                    \
    const float *list = U + there.to_list, *filters = U + there.to_filters;                               \
    const int64_t kept = there.kept, length = CHAIN && kept > ONE_CHAIN ? CHAIN : most(1, kept);          \
    (void)terms;                                                                                          \
    for (int64_t start = 0; start < most(1, kept); start += length) {                                     \
      ROWS_##rows(START)                                                                                  \
      for (int64_t word = start; word < least(start + length, kept); ++word) {                            \
        for (int64_t part = IN_WORD - 1; part >= 0; --part) {                                             \
          const int64_t term = number_at(list, word) * IN_WORD + part;                                    \
          const float *from = V + term / LANES * LANES * lines + term % LANES;                            \
          const vector weight = load(filters), other_weight = load(filters + (VECTORS - 1) * LANES);      \
          FETCH(filters, kept * IN_WORD * BLOCK);                                                         \
          FETCH(filters, kept * IN_WORD * BLOCK + (VECTORS - 1) * LANES);                                 \
          ROWS_##rows(ADD)                                                                                \
          (void)other_weight;                                                                             \
          filters += BLOCK;                                                                               \
        }                                                                                                 \
      }                                                                                                   \
      if (start) {                                                                                        \
        ROWS_##rows(ADD_UP)                                                                               \
      }                                                                                                   \
      ROWS_##rows(END)                                                                                    \
    }                                                                                                     \
  }

