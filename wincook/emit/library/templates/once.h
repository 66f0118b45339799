/* A layer in one call, with memory that is taken and given back: to try a library out. Programs that are to be fast pack
   weights once, and keep their memory, as example.c does. */

#ifndef @NAME@_ONCE_H
#define @NAME@_ONCE_H

#include <stdlib.h>
#include <string.h>

#include "@name@.h"

/* Compute y = x convolved with weights, of a layer of these dims with the code of a layer of @NAME@_LAYERS. The bias may be
   null. Return a status; it is @NAME@_TOO_SMALL too if there is no memory. */
static inline int32_t @name@_once(const @name@_layer *code, const @name@_dims *dims, const @element@ *x,
                                  const float *weights, const float *bias, @element@ *y) {
  int64_t workspace_bytes, packed_bytes, alignment, shape[4], items;
  int32_t status = code->query(dims, &workspace_bytes, &packed_bytes, &alignment);
  if (!status) status = code->shape(dims, shape, &items);
  if (status) return status;
  @name@_args args;
  memset(&args, 0, sizeof args);
  args.dims = *dims;
  args.x.data = x;
  args.y.data = y;
  void *packed = aligned_alloc(@NAME@_ALIGNMENT, (size_t)(packed_bytes + alignment - packed_bytes % alignment));
  args.workspace = aligned_alloc(@NAME@_ALIGNMENT, (size_t)(workspace_bytes + alignment - workspace_bytes % alignment));
  args.workspace_bytes = workspace_bytes;
  args.packed = packed;
  status = packed && args.workspace ? code->pack(dims, weights, bias, NULL, NULL, packed, packed_bytes) : @NAME@_TOO_SMALL;
  if (!status) status = code->run(&args, 0, items);
  free(packed);
  free(args.workspace);
  return status;
}

#endif
