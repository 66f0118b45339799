/* Vectors of LANES floats. A micro-kernel keeps at most ROWS rows of them in registers. */

#if !defined __GNUC__ || defined NO_VECTORS
#define LANES 1
#define ROWS 6
typedef float vector;
typedef int32_t integers;
typedef uint32_t words;
#else
#if defined __AVX512F__
#include <immintrin.h>
#define LANES 16
#define ROWS 14
#elif defined __AVX2__ && defined __FMA__
#include <immintrin.h>
#define LANES 8
#define ROWS 6
#elif defined __ARM_NEON && defined __aarch64__
#include <arm_neon.h>
#define LANES 4
#define ROWS 12
#else
#define LANES 4
#define ROWS 6
#endif
typedef float vector __attribute__((vector_size(4 * LANES)));
typedef int32_t integers __attribute__((vector_size(4 * LANES)));
typedef uint32_t words __attribute__((vector_size(4 * LANES)));
#if defined __clang__ || __GNUC__ >= 12
#define SHUFFLE(a, b, ...) return __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(a, b, ...)               \
  const integers places = {__VA_ARGS__}; \
  return __builtin_shuffle(a, b, places)
#endif
#endif

#if defined __GNUC__
#define SOMETIMES __attribute__((unused)) /* what only some code calls */
#else
#define SOMETIMES
#endif

#define VECTORS (@filters@ > LANES ? 2 : 1) /* of a block of filters */
#define BLOCK (VECTORS * LANES)

#if defined __clang__
#define UNROLL _Pragma("unroll")
#elif defined __GNUC__
#define UNROLL _Pragma("GCC unroll 64")
#else
#define UNROLL
#endif

#if LANES >= 8
#define KEEP(value) __asm__("" : "+v"(value)) /* in a register: it would be loaded for each use */
#else
#define KEEP(value) ((void)0)
#endif

#define ALIGNMENT 64 /* bytes */
#define LINE 16 /* floats of a cache line */

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

/* How many parts of a size cover a number. */
static inline int64_t parts(int64_t number, int64_t size) { return (number + size - 1) / size; }

static inline vector load(const float *place) {
  vector value;
  memcpy(&value, place, sizeof value);
  return value;
}

static inline void store(float *place, vector value) { memcpy(place, &value, sizeof value); }

/* The bits of each lane. */
SOMETIMES static inline words bits_of(vector value) {
  words bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

SOMETIMES static inline vector floats_of(words bits) {
  vector value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline vector broadcast(float number) {
#if LANES == 16
  return (vector)_mm512_set1_ps(number);
#elif LANES == 8
  return (vector)_mm256_set1_ps(number);
#elif LANES == 4
  const vector value = {number, number, number, number};
  return value;
#else
  return number;
#endif
}

SOMETIMES static inline words everywhere(uint32_t number) {
  const words zeros = {0};
  return zeros + number;
}

/* a b + c, rounded once. */
SOMETIMES static inline vector fused(vector a, vector b, vector c) {
#if LANES == 16
  return (vector)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif LANES == 8
  return (vector)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif LANES == 4 && defined __ARM_NEON && defined __aarch64__
  return (vector)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#elif LANES == 4
  const vector value = {fmaf(a[0], b[0], c[0]), fmaf(a[1], b[1], c[1]), fmaf(a[2], b[2], c[2]), fmaf(a[3], b[3], c[3])};
  return value;
#else
  return fmaf(a, b, c);
#endif
}

/* The first floats at a place, as far as a vector goes; zeros behind them. Nothing else is read. */
SOMETIMES static inline vector load_first(const float *place, int64_t number) {
  if (number >= LANES) return load(place);
#if LANES == 16
  return (vector)_mm512_maskz_loadu_ps((__mmask16)(number > 0 ? (1 << number) - 1 : 0), place);
#elif LANES == 8
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return (vector)_mm256_maskload_ps(place, _mm256_cmpgt_epi32(_mm256_set1_epi32(number > 0 ? (int)number : 0), lanes));
#else
  {
    float values[LANES] = {0};
    for (int64_t lane = 0; lane < number; ++lane) values[lane] = place[lane];
    return load(values);
  }
#endif
}

/* The first lanes to a place. Nothing else is written. */
SOMETIMES static inline void store_first(float *place, vector value, int64_t number) {
  if (number >= LANES) {
    store(place, value);
    return;
  }
#if LANES == 16
  _mm512_mask_storeu_ps(place, (__mmask16)(number > 0 ? (1 << number) - 1 : 0), (__m512)value);
#elif LANES == 8
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(number > 0 ? (int)number : 0), lanes);
  _mm256_maskstore_ps(place, mask, (__m256)value);
#else
  {
    float values[LANES];
    store(values, value);
    for (int64_t lane = 0; lane < number; ++lane) place[lane] = values[lane];
  }
#endif
}

