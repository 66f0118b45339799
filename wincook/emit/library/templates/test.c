/* Whether the library computes what it should: on small layers of random numbers, against what wincook expects, with
   each variant that this processor can run. `make test` builds it and runs it.

   test [--max-ulp N] [--json]

   It exits with 1 if an error is larger than the bound, or than N units in the last place of the largest |y|, and with
   2 if its arguments are wrong. */

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elements.h"
#include "test-data.h"

static uint32_t state;

static float *take(int64_t floats) {
  int64_t bytes = floats * (int64_t)sizeof(float);
  float *memory = aligned_alloc(@NAME@_ALIGNMENT, (size_t)(bytes + @NAME@_ALIGNMENT - bytes % @NAME@_ALIGNMENT));
  if (!memory) exit(2);
  return memory;
}

static float *random_floats(int64_t count) { /* between -1 and 1, as test-data.h was made for */
  float *values = take(count);
  for (int64_t i = 0; i < count; ++i) {
    state = state * 1664525u + 1013904223u;
    values[i] = (float)(state >> 8) / 8388608.0f - 1.0f;
  }
  return values;
}

static void *random_elements(int elements, int64_t count) { /* numbers that all elements of a kind hold */
  if (elements == @NAME@_FLOAT32) return random_floats(count);
  void *values = take(count);
  for (int64_t i = 0; i < count; ++i) {
    state = state * 1664525u + 1013904223u;
    const double number = (double)(state >> 24) - 128;
    @name@_put_element(elements, values, i,
                       elements == @NAME@_UINT8 ? number + 128 : elements == @NAME@_INT8 ? number : number / 128);
  }
  return values;
}

static const @name@_layer codes[] = @NAME@_LAYERS;

typedef struct { double error, ulp; } distance;

/* Compute a layer, its items one by one and the last one first; return a status. */
static int compute(const trial *layer, int64_t variant, distance *found) {
  const @name@_layer *code = &codes[layer->code];
  @name@_dims dims = layer->dims;
  @name@_args args = {0};
  int64_t workspace_bytes, packed_bytes, alignment, shape[4], items;
  dims.variant = variant;
  int status = code->query(&dims, &workspace_bytes, &packed_bytes, &alignment);
  if (!status) status = code->shape(&dims, shape, &items);
  if (status) return status;
  int64_t count = shape[0] * shape[1] * shape[2] * shape[3];
  if (count != layer->count) return @NAME@_ARGUMENT;

  state = 1;
  void *x = random_elements(code->x_elements, dims.batch * dims.channels * dims.height * dims.width);
  float *weights = random_floats(dims.filters * (dims.channels / dims.groups) * dims.taps_down * dims.taps_across);
  float *bias = random_floats(dims.filters), *scale = NULL, *shift = NULL;
  void *residual = NULL;
  if (code->scaled) {
    scale = random_floats(dims.filters);
    shift = random_floats(dims.filters);
  }
  if (code->residual) residual = random_elements(code->residual_elements, count * (code->pools ? 4 : 1));
  float *packed = take(packed_bytes / 4), *workspace = take(workspace_bytes / 4);
  void *y = take(count);

  args.dims = dims;
  args.x.data = x;
  args.residual.data = residual;
  args.y.data = y;
  args.packed = packed;
  args.workspace = workspace;
  args.workspace_bytes = workspace_bytes;
@test_pack@  for (int64_t item = items - 1; !status && item >= 0; --item) status = code->run(&args, item, item + 1);

  double largest = 0;
  found->error = 0;
  for (int64_t i = 0; !status && i < count; i += layer->step) {
    double expected = layer->y[i / layer->step], error = fabs(@name@_element(code->y_elements, y, i) - expected);
    largest = fmax(largest, fabs(expected));
    if (!(error <= found->error)) found->error = error; /* a NaN too */
  }
  found->ulp = found->error / (nextafterf((float)largest, FLT_MAX) - (float)largest);
  free(x), free(weights), free(bias), free(scale), free(shift), free(residual);
  free(packed), free(workspace), free(y);
  return status;
}

int main(int argc, char **argv) {
  const struct { int64_t number; const char *name; } variants[] = {@variant_names@};
  double most = INFINITY;
  int json = 0, failed = 0, computed = 0;
  for (int i = 1; i < argc; ++i) {
    char *rest = NULL;
    if (!strcmp(argv[i], "--json")) {
      json = 1;
    } else if (!strcmp(argv[i], "--max-ulp") && i + 1 < argc && (most = strtod(argv[++i], &rest)) >= 0 && !*rest) {
      continue;
    } else {
      fprintf(stderr, "usage: %s [--max-ulp N] [--json]\n", argv[0]);
      return 2;
    }
  }
  if (json) printf("{\"library\": \"@name@\", \"abi_version\": %d, \"layers\": [", (int)@name@_abi_version());
  for (size_t v = 0; v < sizeof variants / sizeof *variants; ++v) {
    for (size_t i = 0; i < sizeof trials / sizeof *trials; ++i) {
      distance found = {-1, -1}; /* where nothing was computed */
      int status = compute(&trials[i], variants[v].number, &found);
      if (status == @NAME@_NO_IMPLEMENTATION) continue; /* this processor lacks the instructions */
      int right = !status && found.error <= trials[i].bound && found.ulp <= most;
      failed |= !right;
      if (json) {
        printf("%s\n  {\"variant\": \"%s\", \"key\": \"%s\", \"layer\": %d, \"status\": %d, \"error\": %.3g, \"bound\": %.3g, "
               "\"ulp\": %.3g, \"right\": %s}", computed ? "," : "", variants[v].name, codes[trials[i].code].key,
               (int)i, status, found.error, trials[i].bound, found.ulp, right ? "true" : "false");
      } else {
        printf("%-10s %s, layer %d: error %.2g of %.2g, %.2g ulp: %s\n", variants[v].name,
               codes[trials[i].code].key, (int)i, found.error, trials[i].bound, found.ulp, right ? "right" : "WRONG");
      }
      ++computed;
    }
  }
  failed |= !computed;
  if (json) printf("\n], \"right\": %s}\n", failed ? "false" : "true");
  return failed;
}
