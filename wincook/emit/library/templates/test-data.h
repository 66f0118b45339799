/* Layers for test.c, how far y may be from what is expected, and y: exact sums rounded to float32, then what follows. */

#include "@name@.h"

typedef struct {
  @name@_dims dims;
  double bound;
  int64_t count;
  const float *y;
} test_layer;

@test_arrays@

static const test_layer test_layers[] = {
@test_layers@
};
