/* The functions of the header. Sizes are checked before anything is computed from them: none is larger than 2^31, and
   no array than 2^40 floats, so nothing overflows 64 bits. */

#define MOST_SIZE INT64_C(2147483647)
#define MOST_FLOATS 1099511627776.0
#define MARKS 6 /* words that packed weights start with */

static int is_size(int64_t size, int64_t lowest) { return size >= lowest && size <= MOST_SIZE; }

static int are_in_range(const @name@_dims *dims) {
  const int64_t sizes[] = {dims->batch,         dims->channels,      dims->height,        dims->width,
                           dims->filters,       dims->groups,        dims->taps_down,     dims->taps_across,
                           dims->stride_down,   dims->stride_across, dims->dilation_down, dims->dilation_across};
  const int64_t others[] = {dims->top, dims->bottom, dims->left, dims->right, dims->panel};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
    if (!is_size(sizes[i], 1)) return 0;
  }
  for (size_t i = 0; i < sizeof others / sizeof *others; ++i) {
    if (!is_size(others[i], 0)) return 0;
  }
  return dims->channels % dims->groups == 0 && dims->filters % dims->groups == 0;
}

static int are_addressable(const layer *of) {
  const @name@_dims *dims = &of->dims;
  const double channels = (double)dims->channels, filters = (double)dims->filters, terms = terms_of_pixel(dims);
  const double inputs = (double)dims->batch * channels * (double)dims->height * (double)dims->width;
  const double outputs = (double)dims->batch * (double)of->out_height * (double)of->out_width;
  const double weights = filters * channels * (double)dims->taps_down * (double)dims->taps_across;
  const double larger = channels > filters ? channels : filters;
  return inputs <= MOST_FLOATS && weights <= MOST_FLOATS && outputs * (larger > terms ? larger : terms) <= MOST_FLOATS;
}

static int32_t describe(const @name@_dims *dims, layer *of) {
  if (!dims) return @NAME@_ARGUMENT;
  if (dims->variant < 0 || dims->variant >= VARIANTS) return @NAME@_NO_IMPLEMENTATION;
  if (!are_in_range(dims)) return @NAME@_ARGUMENT;
  if (!knows(dims)) return @NAME@_NO_IMPLEMENTATION;
  of->dims = *dims;
  put_outputs(of);
  if (of->out_height < 1 || of->out_width < 1 || !are_addressable(of)) return @NAME@_ARGUMENT;
  of->panel = panel_of(of);
  of->items = items_of(of);
  of->U_floats = parts(U_floats(of), LINE) * LINE;
  of->apart = parts(dims->filters + BLOCK, LINE) * LINE; /* numbers are read in whole blocks, from any filter on */
  of->workspace_floats = parts(workspace_floats(of), LINE) * LINE;
  return @NAME@_OK;
}

static int64_t packed_bytes_of(const layer *of) { return ALIGNMENT + 4 * (of->U_floats + FILTER_ROWS * of->apart); }

int32_t @layer@_query(const @name@_dims *dims, int64_t *workspace_bytes, int64_t *packed_bytes, int64_t *alignment) {
  layer of;
  const int32_t status = describe(dims, &of);
  if (!workspace_bytes || !packed_bytes || !alignment) return @NAME@_ARGUMENT;
  if (status) return status;
  *workspace_bytes = 4 * of.workspace_floats;
  *packed_bytes = packed_bytes_of(&of);
  *alignment = ALIGNMENT;
  return @NAME@_OK;
}

int32_t @layer@_shape(const @name@_dims *dims, int64_t y[4], int64_t *items) {
  layer of;
  const int32_t status = describe(dims, &of);
  if (!y || !items) return @NAME@_ARGUMENT;
  if (status) return status;
  y[0] = dims->batch;
  y[CHANNELS_LAST ? 3 : 1] = dims->filters;
  y[CHANNELS_LAST ? 1 : 2] = of.out_height / SIDE;
  y[CHANNELS_LAST ? 2 : 3] = of.out_width / SIDE;
  *items = of.items;
  return @NAME@_OK;
}

/* What packed weights start with. */
static void mark(const @name@_dims *dims, int64_t marks[MARKS]) {
  marks[0] = CODE + 64 * LANES + ROWS;
  marks[1] = dims->filters;
  marks[2] = dims->channels;
  marks[3] = dims->groups;
  marks[4] = dims->taps_down;
  marks[5] = dims->taps_across;
}

static void pack_row(const float *values, float otherwise, float *row, int64_t filters, int64_t apart) {
  for (int64_t i = 0; i < apart; ++i) row[i] = i >= filters ? 0.0f : values ? values[i] : otherwise;
}

static int is_apart(const void *place, uintptr_t bytes) { return (uintptr_t)place % bytes != 0; }

static int32_t status_of_packing(const layer *of, const float *weights, const float *bias, const float *scale,
                                 const float *shift, const void *packed, int64_t packed_bytes) {
  if (!weights || !packed || is_apart(packed, ALIGNMENT) || (!SCALED && (scale || shift))) return @NAME@_ARGUMENT;
  if (is_apart(weights, 4) || is_apart(bias, 4) || is_apart(scale, 4) || is_apart(shift, 4)) return @NAME@_ARGUMENT;
  return packed_bytes < packed_bytes_of(of) ? @NAME@_TOO_SMALL : @NAME@_OK;
}

/* The numbers for each filter behind U, and what it was packed for before it. */
static void finish_packing(const layer *of, const float *bias, const float *scale, const float *shift, void *packed) {
  int64_t marks[MARKS];
  float *row = (float *)packed + LINE + of->U_floats;
  pack_row(bias, 0.0f, row, of->dims.filters, of->apart);
  if (SCALED) {
    pack_row(scale, 1.0f, row + of->apart, of->dims.filters, of->apart);
    pack_row(shift, 0.0f, row + 2 * of->apart, of->dims.filters, of->apart);
  }
  mark(&of->dims, marks);
  memset(packed, 0, ALIGNMENT);
  memcpy(packed, marks, sizeof marks);
}

int32_t @layer@_pack(const @name@_dims *dims, const float *weights, const float *bias, const float *scale,
                     const float *shift, void *packed, int64_t packed_bytes) {
  layer of;
  int32_t status = describe(dims, &of);
  if (!status) status = status_of_packing(&of, weights, bias, scale, shift, packed, packed_bytes);
  if (status) return status;
  pack_weights(&of, weights, (float *)packed + LINE);
  finish_packing(&of, bias, scale, shift, packed);
  return @NAME@_OK;
}
@pack_sparse@
static int is_packed_for(const void *packed, const @name@_dims *dims) {
  int64_t marks[MARKS];
  mark(dims, marks);
  return memcmp(packed, marks, sizeof marks) == 0;
}

/* The strides that are told, or those of places that follow one another. */
static strides strides_of(const int64_t told[4], int64_t channels, int64_t height, int64_t width) {
  strides of = {told[0], told[1], told[2], told[3]};
  if (!(told[0] | told[1] | told[2] | told[3])) {
    of.image = channels * height * width;
    of.channel = CHANNELS_LAST ? 1 : height * width;
    of.row = CHANNELS_LAST ? width * channels : width;
    of.column = CHANNELS_LAST ? channels : 1;
  }
  return of;
}

/* Whether this code reads or writes an array of such strides. */
static int are_taken(const int64_t told[4]) {
  const int is_told = (told[0] | told[1] | told[2] | told[3]) != 0;
  return !is_told || (STRIDED && told[CHANNELS_LAST ? 1 : 3] == 1);
}

int32_t @layer@_run(const @name@_args *args, int64_t begin, int64_t end) {
  layer of;
  job work;
  const int32_t status = describe(args ? &args->dims : NULL, &of);
  if (status) return status;
  if (begin < 0 || begin > end || end > of.items) return @NAME@_ARGUMENT;
  if (!args->x.data || !args->y.data || !args->packed || !args->workspace) return @NAME@_ARGUMENT;
  if ((args->residual.data != NULL) != RESIDUAL) return @NAME@_ARGUMENT;
  if (is_apart(args->x.data, sizeof(x_element)) || is_apart(args->residual.data, sizeof(residual_element))) return @NAME@_ARGUMENT;
  if (is_apart(args->y.data, sizeof(y_element))) return @NAME@_ARGUMENT;
  if (is_apart(args->packed, ALIGNMENT) || is_apart(args->workspace, ALIGNMENT)) return @NAME@_ARGUMENT;
  if (!is_packed_for(args->packed, &args->dims)) return @NAME@_ARGUMENT;
  if (args->workspace_bytes < 4 * of.workspace_floats) return @NAME@_TOO_SMALL;
  {
    const @name@_array *x = &args->x, *residual = &args->residual;
    const @name@_out_array *y = &args->y;
    const int64_t of_x[] = {x->image, x->channel, x->row, x->column};
    const int64_t of_y[] = {y->image, y->channel, y->row, y->column};
    const int64_t of_residual[] = {residual->image, residual->channel, residual->row, residual->column};
    const int64_t filters = of.dims.filters, height = of.out_height, width = of.out_width;
    if (!are_taken(of_x) || !are_taken(of_residual) || !are_taken(of_y)) return @NAME@_NO_IMPLEMENTATION;
    work.of_x = strides_of(of_x, of.dims.channels, of.dims.height, of.dims.width);
    work.of_residual = strides_of(of_residual, filters, height, width);
    work.of_y = strides_of(of_y, filters, height / SIDE, width / SIDE);
  }
  work.x = (const x_element *)args->x.data;
  work.residual = (const residual_element *)args->residual.data;
  work.y = (y_element *)args->y.data;
  work.U = (const float *)args->packed + LINE;
  work.numbers = work.U + of.U_floats;
  work.workspace = (float *)args->workspace;
  for (int64_t item = begin; item < end; ++item) run_item(&of, &work, item);
  return @NAME@_OK;
}
