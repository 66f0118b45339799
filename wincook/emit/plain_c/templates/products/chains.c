/* Each sum is one chain of steps from zero, or, of more than ONE_CHAIN words where CHAIN is not 0, chains of so many that
   are added up in M. */

#define START(i) vector sum##i = zero, other##i = zero;
#define ADD_UP(i)                         \
  sum##i = load(M + i * stride) + sum##i; \
  if (VECTORS == 2) other##i = load(M + i * stride + LANES) + other##i;
#define ADD(i)                                                       \
  {                                                                  \
    const vector value = broadcast(from[i * LANES]);                 \
    sum##i = dot(value, weight, sum##i);                             \
    if (VECTORS == 2) other##i = dot(value, other_weight, other##i); \
  }
#define END(i)                   \
  store(M + i * stride, sum##i); \
  if (VECTORS == 2) store(M + i * stride + LANES, other##i);

