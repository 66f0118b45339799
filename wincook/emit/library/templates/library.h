/* @title@

   Made by wincook @version@ for @machine@. It needs libc and libm alone. No function allocates, aborts, or keeps
   anything between calls but which instructions the processor has. All may be called from several threads at once.

   1. @layer@_query says how much memory packed weights and a call take; both start at a multiple of the alignment.
   2. @layer@_pack transforms weights, once.
   3. @layer@_shape says how large y is, and how many items a layer consists of.
   4. @layer@_run computes some of the items. Items may be computed in any order, and by several threads at once, each
      with a workspace of its own: y is the same in every bit. */

#ifndef @NAME@_H
#define @NAME@_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define @NAME@_ABI_VERSION @abi_version@ /* of this header; that of the code is told by @name@_abi_version */
#define @NAME@_MADE_BY "wincook @version@"
#define @NAME@_ALIGNMENT @alignment@ /* bytes, of packed weights and workspaces */

/* What every function returns. */
enum {
  @NAME@_OK = 0,
  @NAME@_ARGUMENT = 1, /* a size, a pointer or packed weights that cannot be */
  @NAME@_NO_IMPLEMENTATION = 2, /* other taps, strides or groups than this code is for, or another processor */
  @NAME@_TOO_SMALL = 3 /* a workspace, or the place for packed weights */
};

/* Which code runs: packed weights are for one variant. */
enum {
  @NAME@_BEST = 0, /* of those that the processor can run */
@variants@
};

/* The elements of x, y and a residual. Those of 8 bits are whole numbers with a scale and a zero; of float16 and
   bfloat16, a uint16_t has the bits. */
enum {
  @NAME@_FLOAT32 = 0,
  @NAME@_BFLOAT16 = 1,
  @NAME@_FLOAT16 = 2,
  @NAME@_UINT8 = 3,
  @NAME@_INT8 = 4
};

/* A layer. Padding is of zeros. */
typedef struct @name@_dims {
  int64_t variant;
  int64_t batch, channels, height, width, filters, groups;
  int64_t taps_down, taps_across, stride_down, stride_across, dilation_down, dilation_across;
  int64_t top, bottom, left, right; /* padding */
  int64_t panel; /* tiles, pixels or rows that are computed together; 0: as the library thinks best */
} @name@_dims;

/* An array: its first element, and how many elements lie between neighbours along each axis. All strides are 0 where
   elements follow one another in the order of the layout. */
typedef struct @name@_array {
  const @element@ *data;
  int64_t image, channel, row, column;
} @name@_array;

typedef struct @name@_out_array {
  @element@ *data;
  int64_t image, channel, row, column;
} @name@_out_array;

typedef struct @name@_args {
  @name@_dims dims;
  @name@_array x, residual; /* the residual, where code adds one, has twice the rows and columns of y if it pools; if
                               not, it may be y itself, if that has the same elements */
  @name@_out_array y; /* apart from x */
  const void *packed;
#if UINTPTR_MAX < UINT64_MAX
  uint32_t rest_of_word; /* all members start where a word of 64 bits does */
#endif
  void *workspace; /* for one call at a time */
  int64_t workspace_bytes;
} @name@_args;
@mask@
int32_t @name@_abi_version(void);
@layers@
/* All layers of the library, in a table: static const @name@_layer layers[] = @NAME@_LAYERS; */
typedef struct @name@_layer {
  const char *key;
  @name@_dims dims; /* the layer that the code was planned for */
  int channels_last, scaled, residual, pools;
  int x_elements, y_elements, residual_elements; /* such as @NAME@_FLOAT32 */
  float x_scale, y_scale, residual_scale;
  int x_zero, y_zero, residual_zero;
  int32_t (*query)(const @name@_dims *, int64_t *, int64_t *, int64_t *);
  int32_t (*shape)(const @name@_dims *, int64_t *, int64_t *);
  int32_t (*pack)(const @name@_dims *, const float *, const float *, const float *, const float *, void *, int64_t);
  int32_t (*run)(const @name@_args *, int64_t, int64_t);@in_table@
} @name@_layer;

#define @NAME@_LAYERS { \
@table@ \
}

#ifdef __cplusplus
}
#endif

#endif
