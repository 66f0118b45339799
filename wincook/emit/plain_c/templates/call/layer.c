/* A layer, and what follows from its sizes. Outputs that pooling drops are not counted. */
typedef struct {
  @name@_dims dims;
  int64_t out_height, out_width; /* before pooling */
  int64_t panel, items;
  int64_t U_floats, apart, workspace_floats; /* `apart` are the rows of numbers for each filter */
} layer;

typedef struct {
  int64_t image, channel, row, column;
} strides;

/* What a call works on. */
typedef struct {
  const x_element *x;
  const residual_element *residual;
  const float *U, *numbers;
  y_element *y;
  float *workspace;
  strides of_x, of_residual, of_y;
} job;

/* Pixels, from one on, and the floats to the next row and column. */
typedef struct {
  const float *first;
  int64_t row, column;
} pixels;

/* The same of a residual. */
typedef struct {
  const residual_element *first;
  int64_t row, column;
} residuals;

/* The residual from a pixel of a filter on; nothing in code without one. */
static inline residuals residual_at(const job *work, int64_t image, int64_t filter, int64_t row, int64_t column) {
  residuals there = {NULL, 0, 0};
#if RESIDUAL
  const strides *of = &work->of_residual;
  there.first = work->residual + image * of->image + filter * of->channel + row * of->row + column * of->column;
  there.row = of->row;
  there.column = of->column;
#else
  (void)work, (void)image, (void)filter, (void)row, (void)column;
#endif
  return there;
}

static inline y_element *y_at(const job *work, int64_t image, int64_t filter, int64_t row, int64_t column) {
  const strides *of = &work->of_y;
  return work->y + image * of->image + filter * of->channel + row * of->row + column * of->column;
}

/* Some numbers of the residual; zeros in code without one. */
static inline vector added(const residual_element *residual, int64_t place, int64_t number) {
#if RESIDUAL
  return load_residual(residual + place, number);
#else
  (void)residual, (void)place, (void)number;
  return broadcast(0.0f);
#endif
}

