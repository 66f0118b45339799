/* A term is a number of bfloat16, as a float. Sums are those of instructions for pairs of them: of two channels, the
   second one is added first, each by one fma, and what is smaller than all normal numbers becomes zero. */

#define IN_WORD 2 /* channels */
#define IN_FLOAT 1

static inline vector dot(vector value, vector weight, vector sum) {
  return floats_of(flushed(bits_of(fused(value, weight, sum))));
}

/* Some terms into a line of V, from one of them on. */
static inline void put_in_V(float *line, int64_t first, int64_t number, vector value, int64_t product,
                            int64_t channel) {
  (void)product, (void)channel;
  store_first(line + first, floats_of(rounded_to_bfloat16(value)), number);
}

static inline vector in_U(vector value) { return floats_of(rounded_to_bfloat16(value)); }

