/* What steps and elements do beside arithmetic, lane by lane: a choice is all ones, or zeros. */

SOMETIMES static inline words is_less(vector a, vector b) {
#if LANES > 1
  return (words)(a < b);
#else
  return a < b ? UINT32_MAX : 0;
#endif
}

SOMETIMES static inline words is_nan(vector a) {
#if LANES > 1
  return (words)(a != a);
#else
  return a != a ? UINT32_MAX : 0;
#endif
}

SOMETIMES static inline words is_zero(words bits) {
#if LANES > 1
  return (words)(bits == 0u);
#else
  return bits ? 0 : UINT32_MAX;
#endif
}

/* One or the other. */
SOMETIMES static inline words either_word(words is_first, words a, words b) { return (is_first & a) | (~is_first & b); }

SOMETIMES static inline vector either(words is_first, vector a, vector b) {
  return floats_of(either_word(is_first, bits_of(a), bits_of(b)));
}

/* c where a < b, else d. */
SOMETIMES static inline vector chosen(vector a, vector b, vector c, vector d) { return either(is_less(a, b), c, d); }

/* The larger one; b where it is NaN. */
SOMETIMES static inline vector largest(vector a, vector b) { return either(is_less(a, b) | is_nan(b), b, a); }

/* The smaller one; b where it is NaN. */
SOMETIMES static inline vector smallest(vector a, vector b) { return either(is_less(b, a) | is_nan(b), b, a); }

/* 2^n of n + 1.5 x 2^23, whose last bits are n. */
SOMETIMES static inline vector power_of_two(vector a) { return floats_of((bits_of(a) << 23) + 0x3F800000u); }

/* A number between two others, of which the lower one takes the place of NaN. */
SOMETIMES static inline vector held(vector a, float low, float high) {
  a = chosen(broadcast(low), a, a, broadcast(low));
  return chosen(a, broadcast(high), a, broadcast(high));
}

