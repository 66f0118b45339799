/* Sums over all words: each begins with what takes the zero points of V off, and is multiplied by the scale of its filters.
   U has a line of starts, a line for each word, and a line of scales, of BLOCK words each. */

#define START(i) words sum##i = start, other##i = other_start;
#define ADD(i)                                                       \
  {                                                                  \
    const words value = word_everywhere(V + i * LANES + c);          \
    sum##i = dot(value, weight, sum##i);                             \
    if (VECTORS == 2) other##i = dot(value, other_weight, other##i); \
  }
#define END(i)                                          \
  store(M + i * stride, floats_of_sums(sum##i) * scale); \
  if (VECTORS == 2) store(M + i * stride + LANES, floats_of_sums(other##i) * other_scale);

#define MICRO_KERNEL(rows)                                                                                         \
  static void micro_kernel_##rows(const float *V, int64_t lines, const float *U, int64_t number, float *M,         \
                                  int64_t stride) {                                                                \
    const words start = load_words(U), other_start = load_words(U + (VECTORS - 1) * LANES);                        \
    const float *scales = U + (number + 1) * BLOCK;                                                                \
    const vector scale = load(scales), other_scale = load(scales + (VECTORS - 1) * LANES);                         \
    ROWS_##rows(START)                                                                                             \
    for (int64_t first = 0; first < number; first += LANES) {                                                      \
      const int64_t here = least(LANES, number - first);                                                           \
      for (int64_t c = 0; c < here; ++c) {                                                                         \
        words weight, other_weight;                                                                                \
        U += BLOCK;                                                                                                \
        weight = load_words(U);                                                                                    \
        other_weight = load_words(U + (VECTORS - 1) * LANES);                                                      \
        FETCH(U, (number + 2) * BLOCK);                                                                            \
        FETCH(U, (number + 2) * BLOCK + (VECTORS - 1) * LANES);                                                    \
        ROWS_##rows(ADD)                                                                                           \
        (void)other_weight;                                                                                        \
      }                                                                                                            \
      V += lines * LANES;                                                                                          \
    }                                                                                                              \
    (void)other_scale;                                                                                             \
    ROWS_##rows(END)                                                                                               \
  }

