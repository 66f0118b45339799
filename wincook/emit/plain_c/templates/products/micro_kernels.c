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

