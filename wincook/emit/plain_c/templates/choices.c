/* What steps do beside arithmetic, lane by lane. */

/* c where a < b, else d. */
SOMETIMES static inline vector chosen(vector a, vector b, vector c, vector d) {
#if LANES > 1
  const integers is_less = (integers)(a < b);
  return (vector)((is_less & (integers)c) | (~is_less & (integers)d));
#else
  return a < b ? c : d;
#endif
}

/* The larger one; b where it is NaN. */
SOMETIMES static inline vector largest(vector a, vector b) {
#if LANES > 1
  const integers is_b = (integers)(a < b) | (integers)(b != b);
  return (vector)((is_b & (integers)b) | (~is_b & (integers)a));
#else
  return a < b || b != b ? b : a;
#endif
}

/* The smaller one; b where it is NaN. */
SOMETIMES static inline vector smallest(vector a, vector b) {
#if LANES > 1
  const integers is_b = (integers)(a > b) | (integers)(b != b);
  return (vector)((is_b & (integers)b) | (~is_b & (integers)a));
#else
  return a > b || b != b ? b : a;
#endif
}

/* 2^n of n + 1.5 x 2^23, whose last bits are n. */
SOMETIMES static inline vector power_of_two(vector a) {
#if LANES > 1
  return (vector)(((words)a << 23) + 0x3F800000u);
#else
  uint32_t bits;
  memcpy(&bits, &a, sizeof bits);
  bits = (bits << 23) + 0x3F800000u;
  memcpy(&a, &bits, sizeof a);
  return a;
#endif
}

