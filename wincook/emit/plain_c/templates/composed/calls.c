/* A layer of several kernels, or of one and what is done before and after it: for its own sizes, of any number of images.
   The rows of y are parted into bands, which begin with a tile of each kernel, so that every number is computed as in one
   piece. */

#define STRIDED 1 /* of arrays, only channels (NHWC) or columns (NCHW) must be neighbours */

/* What a kernel is called with: its functions, and the part of the layer that it computes. Row i of its input is row
   `row + i row_step` of the image, columns likewise; those from number `left` to `right` are within the image. Where its
   weights and its outputs go, other tables tell, from one row to another. */
typedef struct {
  int32_t (*query)(const @name@_dims *dims, int64_t *workspace_bytes, int64_t *packed_bytes, int64_t *alignment);
  int32_t (*shape)(const @name@_dims *dims, int64_t y[4], int64_t *items);
  int32_t (*pack)(const @name@_dims *dims, @mask_type@const float *weights, const float *bias, const float *scale,
                  const float *shift, void *packed, int64_t packed_bytes@flag_type@);
  int32_t (*run)(const @name@_args *args, int64_t begin, int64_t end);
@of_call@
} call;

/* Filters of a kernel from one on that are filters of the layer from another on, and their rows and columns. */
typedef struct {
  int64_t @of_output_move@;
} output_move;

static const call calls[] = {
@calls@
};

static const output_move output_moves[] = {
@output_moves@
};

#define CALLS ((int64_t)(sizeof calls / sizeof *calls))

/* Whether these are the sizes, taps, steps and padding that the layer was planned for. */
static int knows(const @name@_dims *dims) {
  const int64_t known[] = {@known@};
  const int64_t told[] = {dims->channels,      dims->height,        dims->width,           dims->filters,
                          dims->groups,        dims->taps_down,     dims->taps_across,     dims->stride_down,
                          dims->stride_across, dims->dilation_down, dims->dilation_across, dims->top,
                          dims->bottom,        dims->left,          dims->right};
  return memcmp(known, told, sizeof told) == 0;
}

static double terms_of_pixel(const @name@_dims *dims) {
  (void)dims;
  return 1;
}

static void put_outputs(layer *of) {
  of->out_height = OUT_HEIGHT;
  of->out_width = OUT_WIDTH;
}

/* Bands have the rows that were planned, whatever is asked for. */
static int64_t panel_of(const layer *of) {
  (void)of;
  return 1;
}

static int64_t items_of(const layer *of) { return of->dims.batch * BANDS; }

/* How many rows of its input a kernel reads for so many of its output. */
static int64_t input_rows(const call *of, int64_t rows) {
  return (rows - 1) * of->stride_down + (of->taps_down - 1) * of->dilation_down + 1;
}

/* Rows of a kernel's output in a band; none, or fewer, if it ends before. */
static int64_t rows_of(const call *of, int64_t band) { return least(BAND, least(of->out_rows, OUT_ROWS) - band * BAND); }

/* The dims of a kernel's layer for so many rows of output; its turn stands where callers have a variant. */
static @name@_dims dims_of(const call *of, int64_t rows) {
  const @name@_dims dims = {of->turn,      1,             of->channels,      input_rows(of, rows),
                            of->columns,   of->filters,   of->groups,        of->taps_down,
                            of->taps_across, of->stride_down, of->stride_across, of->dilation_down,
                            of->dilation_across, 0, 0, 0, 0, 0};
  return dims;
}

/* The floats that a kernel works in for so many rows of output, and those of its packed weights, in whole lines. */
typedef struct {
  int64_t workspace, packed;
} floats;

static floats floats_of_call(const call *of, int64_t rows) {
  const @name@_dims dims = dims_of(of, rows);
  floats found = {0, 0};
  int64_t alignment;
  (void)of->query(&dims, &found.workspace, &found.packed, &alignment);
  found.workspace = parts(found.workspace, ALIGNMENT) * LINE;
  found.packed = parts(found.packed, ALIGNMENT) * LINE;
  return found;
}

/* The packed weights of all kernels; behind them is room to pack those of one. */
static int64_t packed_floats(void) {
  int64_t total = 0;
  for (int64_t i = 0; i < CALLS; ++i) total += floats_of_call(calls + i, 1).packed;
  return total;
}

static int64_t U_floats(const layer *of) {
  (void)of;
  return packed_floats() + parts(PART_WEIGHTS, LINE) * LINE + PART_FILTERS;
}

/* A bias of -0, which changes no number, behind the room for weights of a kernel. */
static const float *no_bias(float *taken) {
  float *bias = taken + parts(PART_WEIGHTS, LINE) * LINE;
  for (int64_t i = 0; i < PART_FILTERS; ++i) bias[i] = -0.0f;
  return bias;
}

/* What kernels work in. */
static int64_t kernel_floats(void) {
  int64_t largest = 0;
  for (int64_t i = 0; i < CALLS; ++i) {
    largest = most(largest, floats_of_call(calls + i, rows_of(calls + i, 0)).workspace);
    if (rows_of(calls + i, BANDS - 1) > 0) {
      largest = most(largest, floats_of_call(calls + i, rows_of(calls + i, BANDS - 1)).workspace);
    }
  }
  return largest;
}

/* A band before what follows: its vectors are whole. */
static strides strides_of_band(void) {
  const int64_t filters = parts(FILTERS, LANES) * LANES, width = parts(OUT_WIDTH, SIDE * LANES) * SIDE * LANES;
  strides of = {0, BAND * BAND_STEP * width, width, 1};
  if (CHANNELS_LAST) {
    of.channel = 1;
    of.row = OUT_WIDTH * filters;
    of.column = filters;
  }
  return of;
}

static int64_t band_floats(void) {
  const strides of = strides_of_band();
  return CHANNELS_LAST ? BAND * BAND_STEP * of.row : FILTERS * of.channel;
}

/* What a kernel works in, the input and the output of one, and a band before what follows. */
static int64_t workspace_floats(const layer *of) {
  (void)of;
  return kernel_floats() + IMAGE_FLOATS + SHARE_FLOATS + band_floats();
}

