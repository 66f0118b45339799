/* compute IN OUT: dims, x, weights and bias from a file, y to another. */

#include <stdio.h>
#include <stdlib.h>

#include "conv.h"

static void *take(FILE *in, int64_t floats) {
  float *values = aligned_alloc(64, (size_t)(floats * 4 + 64 - floats * 4 % 64));
  if (!values || (in && fread(values, 4, (size_t)floats, in) != (size_t)floats)) exit(1);
  return values;
}

int main(int argc, char **argv) {
  conv_dims d;
  int64_t workspace_bytes, packed_bytes, alignment, shape[4], items;
  FILE *in = argc == 3 ? fopen(argv[1], "rb") : NULL, *out = in ? fopen(argv[2], "wb") : NULL;
  if (!out || fread(&d, sizeof d, 1, in) != 1) return 1;
  if (conv_query(&d, &workspace_bytes, &packed_bytes, &alignment) || conv_shape(&d, shape, &items)) return 1;
  float *x = take(in, d.batch * d.channels * d.height * d.width);
  float *weights = take(in, d.filters * (d.channels / d.groups) * d.taps_down * d.taps_across);
  float *bias = take(in, d.filters);
  int64_t count = shape[0] * shape[1] * shape[2] * shape[3];
  void *packed = take(NULL, packed_bytes / 4);
  if (conv_pack(&d, weights, bias, NULL, NULL, packed, packed_bytes)) return 1;
  conv_args args = {.dims = d, .x = {.data = x}, .y = {.data = take(NULL, count)}, .packed = packed,
                    .workspace = take(NULL, workspace_bytes / 4), .workspace_bytes = workspace_bytes};
  if (conv_run(&args, 0, items)) return 1;
  return fwrite(args.y.data, 4, (size_t)count, out) != (size_t)count || fclose(out);
}
