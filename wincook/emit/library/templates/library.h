/* @title@

   Made by wincook @version@ for @machine@. It needs libc and libm alone. No function allocates, aborts, or keeps
   anything between calls but which instructions the processor has. All may be called from several threads at once.

   1. @name@_query says how much memory packed weights and a call take; both start at a multiple of the alignment.
   2. @name@_pack transforms weights, once.
   3. @name@_shape says how large y is, and how many items a layer consists of.
   4. @name@_run computes some of the items. Items may be computed in any order, and by several threads at once, each
      with a workspace of its own: y is the same in every bit. */

#ifndef @NAME@_H
#define @NAME@_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define @NAME@_ABI_VERSION @abi_version@ /* of this header; that of the code is told by @name@_abi_version */
#define @NAME@_MADE_BY "wincook @version@"
#define @NAME@_METHOD "@method@"
#define @NAME@_POINTS "@points@"
#define @NAME@_LAYOUT "@layout@" /* of x, the residual and y */
#define @NAME@_CHANNELS_LAST @channels_last@
#define @NAME@_EPILOGUE "@epilogue@" /* what follows the convolution */
#define @NAME@_SCALED @scaled@ /* whether @name@_pack takes a scale and a shift */
#define @NAME@_RESIDUAL @residual@ /* whether @name@_run adds a residual */
#define @NAME@_POOLS @pools@ /* whether 2x2 outputs become one */
#define @NAME@_ALIGNMENT @alignment@ /* bytes, of packed weights and workspaces */
@accuracy@
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

/* A layer. Padding is of zeros. */
typedef struct @name@_dims {
  int64_t variant;
  int64_t batch, channels, height, width, filters, groups;
  int64_t taps_down, taps_across, stride_down, stride_across, dilation_down, dilation_across;
  int64_t top, bottom, left, right; /* padding */
  int64_t panel; /* tiles, pixels or rows that are computed together; 0: as the library thinks best */
} @name@_dims;

/* The layer that the library was planned for, and an initialiser. */
#define @NAME@_DIMS { @dims@ }

/* An array: its first element, and how many floats lie between neighbours along each axis. All strides are 0 where
   elements follow one another in the order of the layout.
   @strides@ */
typedef struct @name@_array {
  const float *data;
  int64_t image, channel, row, column;
} @name@_array;

typedef struct @name@_out_array {
  float *data;
  int64_t image, channel, row, column;
} @name@_out_array;

typedef struct @name@_args {
  @name@_dims dims;
  @name@_array x, residual; /* the residual, only if @NAME@_RESIDUAL, has twice the rows and columns of y if
                               @NAME@_POOLS; if not, it may be y itself */
  @name@_out_array y; /* apart from x */
  const void *packed;
#if UINTPTR_MAX < UINT64_MAX
  uint32_t rest_of_word; /* all members start where a word of 64 bits does */
#endif
  void *workspace; /* for one call at a time */
  int64_t workspace_bytes;
} @name@_args;

int32_t @name@_abi_version(void);

int32_t @name@_query(const @name@_dims *dims, int64_t *workspace_bytes, int64_t *packed_bytes, int64_t *alignment);

/* The sizes of y, in the order of the layout, and how many items there are. */
int32_t @name@_shape(const @name@_dims *dims, int64_t y[4], int64_t *items);

/* Weights (filters, channels/groups, taps_down, taps_across); bias, scale and shift (filters) may be null. */
int32_t @name@_pack(const @name@_dims *dims, const float *weights, const float *bias, const float *scale,
                    const float *shift, void *packed, int64_t packed_bytes);

/* Compute the items from begin to end, the last one left out. */
int32_t @name@_run(const @name@_args *args, int64_t begin, int64_t end);

#ifdef __cplusplus
}
#endif

#endif
