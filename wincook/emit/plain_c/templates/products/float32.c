/* A term is a float, and each step of a sum is one fma. */

#define IN_WORD 1 /* channels */
#define IN_FLOAT 1

SOMETIMES static inline vector dot(vector value, vector weight, vector sum) { return fused(value, weight, sum); }

/* Some terms into a line of V, from one of them on. */
SOMETIMES static inline void put_in_V(float *line, int64_t first, int64_t number, vector value, int64_t product,
                                      int64_t channel) {
  (void)product, (void)channel;
  store_first(line + first, value, number);
}

SOMETIMES static inline vector in_U(vector value) { return value; }

