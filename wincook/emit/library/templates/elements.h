/* Elements of x and y as numbers, one by one: for tests and examples, and for programs that need not be fast. */

#ifndef @NAME@_ELEMENTS_H
#define @NAME@_ELEMENTS_H

#include <math.h>
#include <string.h>

#include "@name@.h"

/* The number that element i of an array is: of 8 bits the whole number, without scale and zero. */
static inline double @name@_element(int elements, const void *array, int64_t i) {
  uint16_t half = 0;
  uint32_t bits;
  float value;
  if (elements == @NAME@_UINT8) return ((const uint8_t *)array)[i];
  if (elements == @NAME@_INT8) return ((const int8_t *)array)[i];
  if (elements == @NAME@_FLOAT32) return ((const float *)array)[i];
  memcpy(&half, (const uint16_t *)array + i, sizeof half);
  if (elements == @NAME@_FLOAT16) {
    const int exponent = half >> 10 & 31, digits = half & 1023;
    const double number = exponent == 31 ? (digits ? NAN : INFINITY)
                          : exponent     ? ldexp(digits + 1024, exponent - 25)
                                         : ldexp(digits, -24);
    return half >> 15 ? -number : number;
  }
  bits = (uint32_t)half << 16;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* Make element i the nearest to a number, ties to even; of 8 bits the ends of the range are nearest to all beyond it. */
static inline void @name@_put_element(int elements, void *array, int64_t i, double number) {
  const float value = (float)number;
  uint32_t bits;
  uint16_t half;
  if (elements == @NAME@_UINT8) {
    ((uint8_t *)array)[i] = (uint8_t)fmin(fmax(rint(number), 0), 255);
  } else if (elements == @NAME@_INT8) {
    ((int8_t *)array)[i] = (int8_t)fmin(fmax(rint(number), -128), 127);
  } else if (elements == @NAME@_FLOAT32) {
    ((float *)array)[i] = value;
  } else {
    memcpy(&bits, &value, sizeof bits);
    if (elements == @NAME@_BFLOAT16) {
      half = (uint16_t)(value != value ? bits >> 16 | 64 : (bits + 32767 + (bits >> 16 & 1)) >> 16);
    } else {
      const double size = fabs((double)value), step = size < ldexp(1, -14) ? ldexp(1, -24) : ldexp(1, ilogb(size) - 10);
      const double nearest = size < 65520 ? rint(size / step) * step : INFINITY;
      const int exponent = nearest < ldexp(1, -14) ? 0 : nearest < 65520 ? ilogb(nearest) + 15 : 31;
      const double digits = exponent == 31 ? 0 : ldexp(nearest, exponent ? 25 - exponent : 24) - (exponent ? 1024 : 0);
      half = (uint16_t)((bits >> 31) << 15 | (uint32_t)exponent << 10 | (value != value ? 512 : (uint32_t)digits));
      if (value != value) half |= 31 << 10;
    }
    memcpy((uint16_t *)array + i, &half, sizeof half);
  }
}

#endif
