/* edges IN.png OUT.png: how much each colour of a photograph changes, by Sobel's two filters, in one layer. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "image.h"
#include "net.h"

static const float sobel[2][9] = {{-1, 0, 1, -2, 0, 2, -1, 0, 1}, {-1, -2, -1, 0, 0, 0, 1, 2, 1}};

static void *take(int64_t bytes) { /* from where the library wants it */
  return aligned_alloc(NET_ALIGNMENT, (size_t)(bytes + NET_ALIGNMENT - bytes % NET_ALIGNMENT));
}

int main(int argc, char **argv) {
  image photo;
  if (argc != 3) return fprintf(stderr, "usage: %s IN.png OUT.png\n", argv[0]), 2;
  if (read_image(argv[1], &photo)) return 1;

  net_dims dims = NET_PLAIN_DIMS;
  int64_t workspace_bytes, packed_bytes, alignment, shape[4], items;
  dims.channels = 3;
  dims.filters = 6; /* across and down, of each colour */
  dims.height = photo.height;
  dims.width = photo.width;
  if (net_plain_query(&dims, &workspace_bytes, &packed_bytes, &alignment)) return 1;
  if (net_plain_shape(&dims, shape, &items)) return 1;

  float weights[6][3][9] = {{{0}}};
  for (int filter = 0; filter < 6; ++filter) {
    for (int tap = 0; tap < 9; ++tap) weights[filter][filter / 2][tap] = sobel[filter % 2][tap] / 4;
  }
  size_t pixels = (size_t)photo.height * (size_t)photo.width;
  float *y = malloc(6 * pixels * sizeof(float));
  void *packed = take(packed_bytes), *workspace = take(workspace_bytes);
  if (!y || !packed || !workspace) return 1;
  net_args args = {.dims = dims, .x = {.data = photo.planes}, .y = {.data = y}, .packed = packed,
                    .workspace = workspace, .workspace_bytes = workspace_bytes};
  if (net_plain_pack(&dims, &weights[0][0][0], NULL, NULL, NULL, packed, packed_bytes)) return 1;
  if (net_plain_run(&args, 0, items)) return 1;

  for (size_t i = 0; i < 3 * pixels; ++i) { /* the length of the gradient takes the place of the photograph */
    size_t colour = i / pixels, pixel = i % pixels;
    photo.planes[i] = hypotf(y[2 * colour * pixels + pixel], y[(2 * colour + 1) * pixels + pixel]);
  }
  int failed = write_image(argv[2], &photo);
  free(photo.planes), free(y), free(packed), free(workspace);
  return failed;
}
