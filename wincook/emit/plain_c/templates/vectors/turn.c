/* Squares of LANES x LANES floats, turned: log2(LANES) times, the two halves of the lines are interleaved. */

#if LANES > 1
static inline vector interleaved_low(vector a, vector b) {
#if LANES == 16
  SHUFFLE(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
#elif LANES == 8
  SHUFFLE(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
#else
  SHUFFLE(a, b, 0, 4, 1, 5);
#endif
}

static inline vector interleaved_high(vector a, vector b) {
#if LANES == 16
  SHUFFLE(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
#elif LANES == 8
  SHUFFLE(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#else
  SHUFFLE(a, b, 2, 6, 3, 7);
#endif
}

#define PAIR(i, a, b)                                     \
  b[2 * (i)] = interleaved_low(a[i], a[(i) + LANES / 2]), \
  b[2 * (i) + 1] = interleaved_high(a[i], a[(i) + LANES / 2])
#if LANES == 16
#define ROUND(a, b) \
  PAIR(0, a, b), PAIR(1, a, b), PAIR(2, a, b), PAIR(3, a, b), PAIR(4, a, b), PAIR(5, a, b), PAIR(6, a, b), PAIR(7, a, b)
#elif LANES == 8
#define ROUND(a, b) PAIR(0, a, b), PAIR(1, a, b), PAIR(2, a, b), PAIR(3, a, b)
#else
#define ROUND(a, b) PAIR(0, a, b), PAIR(1, a, b)
#endif
#endif

/* Lines so many floats apart, as columns. */
static void turn(const float *source, int64_t row, float *target, int64_t target_row) {
#if LANES > 1
  vector a[LANES], b[LANES];
  for (int i = 0; i < LANES; ++i) a[i] = load(source + i * row);
  ROUND(a, b);
  ROUND(b, a);
#if LANES >= 8
  ROUND(a, b);
#endif
#if LANES == 16
  ROUND(b, a);
#endif
#if LANES == 8
#define TURNED b
#else
#define TURNED a
#endif
  for (int i = 0; i < LANES; ++i) store(target + i * target_row, TURNED[i]);
#else
  (void)row, (void)target_row;
  *target = *source;
#endif
}

