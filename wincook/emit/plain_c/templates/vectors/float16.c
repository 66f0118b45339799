/* Numbers of float16 in the lower halves of words: five bits of exponent, ten of digits. */

#define MORE_DIGITS 13 /* of a float */
#define OF_EXPONENTS 0x38000000u /* by which their bits differ: 112 */

/* Whether words without their highest bit set are less than a number. */
SOMETIMES static inline words is_below(words bits, uint32_t number) {
#if LANES > 1
  return (words)((integers)bits < (int32_t)number);
#else
  return bits < number ? UINT32_MAX : 0;
#endif
}

SOMETIMES static inline vector floats_of_halves(words bits) {
  const words size = bits & 0x7FFFu, digits = size << MORE_DIGITS;
  const vector tiny = (floats_of(size + 0x4B000000u) - broadcast(8388608.0f)) * broadcast(5.9604645e-08f); /* 2^-24 */
  const words infinite = either_word(is_below(size, 0x7C01u), digits | 0x7F800000u, digits | 0x7FC00000u);
  const words normal = either_word(is_below(size, 0x7C00u), digits + OF_EXPONENTS, infinite);
  return floats_of(either_word(is_below(size, 0x0400u), bits_of(tiny), normal) | (bits & 0x8000u) << 16);
}

/* The nearest numbers, ties to even, where a sum with 1/2 rounds those that are smaller than all normal ones. A NaN
   becomes a quiet one. */
SOMETIMES static inline words halves_of_floats(vector value) {
  const words bits = bits_of(value), size = bits & 0x7FFFFFFFu;
  const words tiny = bits_of(floats_of(size) + broadcast(0.5f)) - 0x3F000000u;
  const words rounded = (size - OF_EXPONENTS + ((size >> MORE_DIGITS & 1u) + 0x0FFFu)) >> MORE_DIGITS;
  const words quiet = (size >> MORE_DIGITS & 0x03FFu) | 0x7E00u;
  const words large = either_word(is_below(size, 0x7F800001u), everywhere(0x7C00u), quiet);
  const words number = either_word(is_below(size, 0x38800000u), tiny, rounded);
  return either_word(is_below(size, 0x477FF000u), number, large) | (bits >> 16 & 0x8000u);
}

