/* Layers for test.c, how far y may be from what is expected, and y: exact sums rounded to float32, then what follows; of
   elements of 8 bits, their whole numbers. */

#include "@name@.h"

typedef struct {
  int code; /* the number of a layer of the library, whose functions compute this one */
  @name@_dims dims;
  double bound;
  int64_t products; /* of a tile, or 0 */
  int64_t count, step; /* numbers of y, of which every so many are expected */
  const float *y;
} trial;

@test_arrays@

static const trial trials[] = {
@test_layers@
};
