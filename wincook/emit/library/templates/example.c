/* One layer from weights to y. `make example` builds it and runs it. */

#include <stdio.h>
#include <stdlib.h>

#include "elements.h"

static void *take(int64_t bytes) { /* memory that starts where the library wants it */
  void *memory = aligned_alloc(@NAME@_ALIGNMENT, (size_t)(bytes + @NAME@_ALIGNMENT - bytes % @NAME@_ALIGNMENT));
  if (!memory) exit(1);
  return memory;
}

static void *ones_of(int elements, int64_t bytes_each, int zero, int64_t count) { /* of 8 bits, one step above zero */
  void *values = take(count * bytes_each);
  for (int64_t i = 0; i < count; ++i) @name@_put_element(elements, values, i, zero + 1);
  return values;
}

int main(void) {
  @name@_dims dims = @LAYER@_DIMS; /* the layer that the library was planned for; its sizes may be changed */
  int64_t workspace_bytes, packed_bytes, alignment, shape[4], items;
  int status = @layer@_query(&dims, &workspace_bytes, &packed_bytes, &alignment);
  if (!status) status = @layer@_shape(&dims, shape, &items);
  if (status) return status;

  float *weights = ones_of(@NAME@_FLOAT32, sizeof(float), 0,
                           dims.filters * (dims.channels / dims.groups) * dims.taps_down * dims.taps_across);
  void *packed = take(packed_bytes);
  status = @layer@_pack(&dims, weights, NULL, NULL, NULL, packed, packed_bytes); /* once */
  if (status) return status;

  int64_t count = shape[0] * shape[1] * shape[2] * shape[3];
  @name@_args args = {0};
  args.dims = dims;
  args.x.data = ones_of(@LAYER@_ELEMENTS_OF_X, sizeof(@LAYER@_TYPE_OF_X), @LAYER@_ZERO_OF_X,
                        dims.batch * dims.channels * dims.height * dims.width);
  if (@LAYER@_RESIDUAL) {
    args.residual.data = ones_of(@LAYER@_ELEMENTS_OF_RESIDUAL, sizeof(@LAYER@_TYPE_OF_RESIDUAL), @LAYER@_ZERO_OF_RESIDUAL,
                                 count * (@LAYER@_POOLS ? 4 : 1));
  }
  args.y.data = take(count * (int64_t)sizeof(@LAYER@_TYPE_OF_Y));
  args.packed = packed;
  args.workspace = take(workspace_bytes);
  args.workspace_bytes = workspace_bytes;
  status = @layer@_run(&args, 0, items); /* every image; or some items here, and others in another thread */
  printf("%s, %lld items: y = %g in the middle\n", @LAYER@_METHOD, (long long)items,
         @name@_element(@LAYER@_ELEMENTS_OF_Y, args.y.data, count / 2));

  free(weights);
  free(packed);
  free((void *)args.x.data);
  free((void *)args.residual.data);
  free(args.y.data);
  free(args.workspace);
  return status;
}
