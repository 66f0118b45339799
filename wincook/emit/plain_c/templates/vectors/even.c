/* Every other lane of two vectors, from the first or from the second on. */

static inline vector even_lanes(vector a, vector b) {
#if LANES == 16
  SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
#elif LANES == 8
  SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
#elif LANES == 4
  SHUFFLE(a, b, 0, 2, 4, 6);
#else
  (void)b;
  return a;
#endif
}

static inline vector odd_lanes(vector a, vector b) {
#if LANES == 16
  SHUFFLE(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
#elif LANES == 8
  SHUFFLE(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
#elif LANES == 4
  SHUFFLE(a, b, 1, 3, 5, 7);
#else
  (void)a;
  return b;
#endif
}

