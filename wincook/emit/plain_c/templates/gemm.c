/* Products: some rows of V times a block of U, summed over the terms; each sum is one chain of fmas from zero, or, of
   more than ONE_CHAIN terms where CHAIN is not 0, chains of so many that are added up in M.

   V stands in blocks of LANES terms, of so many lines of LANES floats, one for each row. U has BLOCK floats for each
   term. Sums go to rows of M, so many floats apart. There is a micro-kernel for each number of rows up to ROWS. */

#if defined __GNUC__
#define FETCH(place, floats) __builtin_prefetch((const void *)((uintptr_t)(place) + 4 * (uintptr_t)(floats)), 0, 2)
#else
#define FETCH(place, floats) ((void)(floats))
#endif

#define START(i) vector sum##i = zero, other##i = zero;
#define ADD_UP(i)                      \
  sum##i = load(M + i * stride) + sum##i; \
  if (VECTORS == 2) other##i = load(M + i * stride + LANES) + other##i;
#define ADD(i)                                                         \
  {                                                                    \
    const vector value = broadcast(V[i * LANES + c]);                  \
    sum##i = fused(value, weight, sum##i);                             \
    if (VECTORS == 2) other##i = fused(value, other_weight, other##i); \
  }
#define END(i)                   \
  store(M + i * stride, sum##i); \
  if (VECTORS == 2) store(M + i * stride + LANES, other##i);

#define ROWS_1(DO) DO(0)
#define ROWS_2(DO) ROWS_1(DO) DO(1)
#define ROWS_3(DO) ROWS_2(DO) DO(2)
#define ROWS_4(DO) ROWS_3(DO) DO(3)
#define ROWS_5(DO) ROWS_4(DO) DO(4)
#define ROWS_6(DO) ROWS_5(DO) DO(5)
#define ROWS_7(DO) ROWS_6(DO) DO(6)
#define ROWS_8(DO) ROWS_7(DO) DO(7)
#define ROWS_9(DO) ROWS_8(DO) DO(8)
#define ROWS_10(DO) ROWS_9(DO) DO(9)
#define ROWS_11(DO) ROWS_10(DO) DO(10)
#define ROWS_12(DO) ROWS_11(DO) DO(11)
#define ROWS_13(DO) ROWS_12(DO) DO(12)
#define ROWS_14(DO) ROWS_13(DO) DO(13)

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

MICRO_KERNEL(1)
MICRO_KERNEL(2)
MICRO_KERNEL(3)
MICRO_KERNEL(4)
MICRO_KERNEL(5)
MICRO_KERNEL(6)
#if ROWS >= 12
MICRO_KERNEL(7)
MICRO_KERNEL(8)
MICRO_KERNEL(9)
MICRO_KERNEL(10)
MICRO_KERNEL(11)
MICRO_KERNEL(12)
#endif
#if ROWS >= 14
MICRO_KERNEL(13)
MICRO_KERNEL(14)
#endif

typedef void micro_kernel(const float *V, int64_t lines, const float *U, int64_t terms, float *M, int64_t stride);

static micro_kernel *const micro_kernels[ROWS] = {
  micro_kernel_1, micro_kernel_2, micro_kernel_3, micro_kernel_4, micro_kernel_5, micro_kernel_6,
#if ROWS >= 12
  micro_kernel_7, micro_kernel_8, micro_kernel_9, micro_kernel_10, micro_kernel_11, micro_kernel_12,
#endif
#if ROWS >= 14
  micro_kernel_13, micro_kernel_14,
#endif
};

/* The most rows that a micro-kernel takes of so many, and how many take as many; the others take one less. */
static inline int64_t tallest(int64_t rows) { return parts(rows, parts(rows, ROWS)); }

static inline int64_t number_of_tallest(int64_t rows) { return rows - parts(rows, ROWS) * (tallest(rows) - 1); }

