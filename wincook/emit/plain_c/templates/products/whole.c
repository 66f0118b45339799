/* A term is a whole number of 16 bits, and each step of a sum adds the products of a pair of them, a word, to one of 32
   bits. All sums are exact. */

#define IN_WORD 2 /* channels */
#define IN_FLOAT 2

/* A word of V, in all lanes. */
static inline words word_everywhere(const float *place) {
  uint32_t word;
  memcpy(&word, place, sizeof word);
  return everywhere(word);
}

static inline words load_words(const void *place) {
  words read;
  memcpy(&read, place, sizeof read);
  return read;
}

/* The sums with the products of one more word. */
static inline words dot(words value, words weight, words sum) {
#if LANES == 16 && defined __AVX512VNNI__
  return (words)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)value, (__m512i)weight);
#elif LANES == 16 && defined __AVX512BW__
  return sum + (words)_mm512_madd_epi16((__m512i)value, (__m512i)weight);
#elif LANES == 8
  return sum + (words)_mm256_madd_epi16((__m256i)value, (__m256i)weight);
#else
  const integers first = ((integers)(value << 16) >> 16) * ((integers)(weight << 16) >> 16);
  const integers second = ((integers)value >> 16) * ((integers)weight >> 16);
  return sum + (words)first + (words)second;
#endif
}

static inline vector floats_of_sums(words sums) {
  int32_t numbers[LANES];
  float values[LANES];
  memcpy(numbers, &sums, sizeof numbers);
  for (int lane = 0; lane < LANES; ++lane) values[lane] = (float)numbers[lane];
  return load(values);
}

static inline void put_terms(float *line, int64_t first, const uint16_t *terms, int64_t number) {
  unsigned char *place = (unsigned char *)line + 2 * first;
  if (number >= LANES) {
    memcpy(place, terms, 2 * LANES);
  } else {
    for (int64_t lane = 0; lane < number; ++lane) memcpy(place + 2 * lane, terms + lane, 2);
  }
}

#if V_IS_X

/* So many terms into a line of V, from one of them on: elements of x less their zero point, and zeros behind them. */
static inline void put_x_in_V(float *line, int64_t first, int64_t number, const x_element *place, int64_t apart,
                              int64_t elements) {
  uint16_t terms[LANES] = {0};
  if (elements >= LANES && apart == 1) {
    for (int lane = 0; lane < LANES; ++lane) terms[lane] = (uint16_t)(place[lane] - ZERO_OF_X);
  } else {
    for (int64_t lane = 0; lane < least(elements, LANES); ++lane) {
      terms[lane] = (uint16_t)(place[lane * apart] - ZERO_OF_X);
    }
  }
  put_terms(line, first, terms, number);
}

#else

/* Some terms into a line of V, from one of them on: the numbers of some channels of a product, which are rounded to whole
   ones. Inputs of 8 bits stay whole when they are transformed, and so do the factors of those: they are multiplied as
   numbers of 16 bits, and the upper half is rounded, ties upward. */
static inline void put_in_V(float *line, int64_t first, int64_t number, vector value, int64_t product,
                            int64_t channel) {
  const vector zero = broadcast(zeros[product]);
#if SHIFTED
  const words whole = (bits_of(value + broadcast(WITHOUT_FRACTIONS)) - 0x4B400000u) * SHIFTED;
  const integers scaled = (integers)(whole * load_words(factors[product] + channel) + 0x4000u) >> 15;
  const vector lifted = floats_of((words)scaled + bits_of(zero));
#else
  const vector lifted = fused(value, load(factors[product] + channel), zero);
#endif
  const words found = bits_of(held(lifted, WITHOUT_FRACTIONS + LOWEST_V, WITHOUT_FRACTIONS + HIGHEST_V));
  uint32_t bits[LANES];
  uint16_t terms[LANES];
  memcpy(bits, &found, sizeof bits);
  for (int lane = 0; lane < LANES; ++lane) terms[lane] = (uint16_t)bits[lane];
  put_terms(line, first, terms, number);
}

#endif

