/* Elements of x and of a residual as vectors of floats, and floats as elements of y. */

#define FLOAT32 0
#define BFLOAT16 1
#define FLOAT16 2
#define UINT8 3
#define INT8 4

typedef @x_type@ x_element;
typedef @y_type@ y_element;
typedef @residual_type@ residual_element;

#define WITHOUT_FRACTIONS 12582912.0f /* 3 x 2^22: the last bits of the sum with a small number are this, rounded */

@readers@
/* The same, of elements that are so many apart. */
SOMETIMES static inline vector load_x_apart(const x_element *place, int64_t apart, int64_t number) {
  x_element elements[LANES] = {0};
  if (apart == 1) return load_x(place, number);
  if (number >= LANES) {
    for (int lane = 0; lane < LANES; ++lane) elements[lane] = place[lane * apart];
  } else {
    for (int64_t lane = 0; lane < number; ++lane) elements[lane] = place[lane * apart];
  }
  return load_x(elements, number);
}

/* So many of them, as floats that follow one another. */
SOMETIMES static inline void copy_x(const x_element *place, int64_t apart, int64_t number, float *target) {
  for (int64_t i = 0; apart == 1 && i < number; i += LANES) {
    store_first(target + i, load_x(place + i, number - i), number - i);
  }
#if X_ELEMENTS == FLOAT32
  for (int64_t i = 0; apart > 1 && i < number; ++i) target[i] = place[i * apart];
#else
  for (int64_t i = 0; apart > 1 && i < number; i += LANES) {
    store_first(target + i, load_x_apart(place + i * apart, apart, number - i), number - i);
  }
#endif
}

#if Y_ELEMENTS == FLOAT32
#define store_y store_first
#else
/* The first lanes to a place. Nothing else is written. */
static inline void store_y(y_element *place, vector value, int64_t number) {
  uint32_t bits[LANES];
#if Y_ELEMENTS == BFLOAT16
  const words written = rounded_to_bfloat16(value) >> 16;
#elif Y_ELEMENTS == FLOAT16
  const words written = halves_of_floats(value);
#else
  const vector lifted = fused(value, broadcast(STEPS_OF_Y), broadcast(ZERO_OF_Y));
  const words written = bits_of(held(lifted, WITHOUT_FRACTIONS + LOWEST_Y, WITHOUT_FRACTIONS + HIGHEST_Y)) & 0xFFu;
#endif
  memcpy(bits, &written, sizeof bits);
  if (number >= LANES) {
    for (int lane = 0; lane < LANES; ++lane) place[lane] = (y_element)bits[lane];
  } else {
    for (int64_t lane = 0; lane < number; ++lane) place[lane] = (y_element)bits[lane];
  }
}
#endif

