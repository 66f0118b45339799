/* Numbers of bfloat16 are the upper halves of floats. Those smaller than all normal ones count as zeros. */

/* Zeros with their sign in the place of numbers smaller than all normal ones. */
SOMETIMES static inline words flushed(words bits) { return bits & ~(is_zero(bits & 0x7F800000u) & 0x7FFFFFFFu); }

/* The nearest numbers, ties to even, as bits of floats; a NaN becomes a quiet one. */
SOMETIMES static inline words rounded_to_bfloat16(vector value) {
  const words bits = flushed(bits_of(value)), nearest = bits + ((bits >> 16 & 1u) + 0x7FFFu);
  return either_word(is_nan(value), bits | 0x400000u, nearest) & 0xFFFF0000u;
}

