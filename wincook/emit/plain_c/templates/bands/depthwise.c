/* Sums of products with one channel a group: rows of a band of the image stand in a strip, padded with zeros.

   channels first   [row][place modulo the stride][place over the stride]: one channel
   channels last    [row][place][filter]: LANES filters, each with the channel that it reads */

#define STRIDED 1 /* of arrays, only channels (NHWC) or columns (NCHW) must be neighbours */
#define TAPS (TAPS_DOWN * TAPS_ACROSS)
#define TOGETHER 4 /* rows that are summed together, from inputs that are loaded once */
#define SPAN ((TAPS_DOWN - 1) * DILATION_DOWN + 1) /* rows that a filter spans */
#define REACH ((TAPS_ACROSS - 1) * DILATION_ACROSS) /* columns from the first tap to the last */

static int knows(const @name@_dims *dims) {
  return dims->groups == dims->channels && dims->taps_down == TAPS_DOWN && dims->taps_across == TAPS_ACROSS &&
         dims->stride_down == STRIDE_DOWN && dims->stride_across == STRIDE_ACROSS &&
         dims->dilation_down == DILATION_DOWN && dims->dilation_across == DILATION_ACROSS;
}

static double terms_of_pixel(const @name@_dims *dims) {
  (void)dims;
  return STRIDE_DOWN * STRIDE_ACROSS * LANES; /* inputs that it steps over */
}

static int64_t lines_of(const layer *of) { return CHANNELS_LAST ? parts(of->dims.filters, LANES) : of->dims.filters; }

static int64_t U_floats(const layer *of) { return lines_of(of) * (CHANNELS_LAST ? LANES : 1) * TAPS; }

static int64_t bands_of(const layer *of) { return parts(of->out_height / SIDE, of->panel); }

static int64_t items_of(const layer *of) { return of->dims.batch * lines_of(of) * bands_of(of); }

/* Floats of a row of the strip, or of one of its parts with the channels first. */
static int64_t part_floats(const layer *of) {
  if (CHANNELS_LAST) return ((of->out_width - 1) * STRIDE_ACROSS + REACH + 1) * LANES;
  return parts(parts(of->out_width, LANES) * LANES + REACH / STRIDE_ACROSS, LINE) * LINE;
}

static int64_t row_floats(const layer *of) { return part_floats(of) * (CHANNELS_LAST ? 1 : STRIDE_ACROSS); }

static int64_t strip_rows(int64_t rows) { return (rows - 1) * STRIDE_DOWN + SPAN; }

/* Rows of y of a band: those that are asked for, or as many as have inputs that fit into an eighth of L2. */
static int64_t panel_of(const layer *of) {
  const int64_t rows = of->out_height / SIDE, fitting = (L2 / 8 / (4 * row_floats(of)) - SPAN) / STRIDE_DOWN + 1;
  if (of->dims.panel) return least(of->dims.panel, rows);
  return parts(rows, parts(rows, most(1, fitting / SIDE)));
}

/* Floats of a row of sums; TOGETHER of them stand behind the strip. */
static int64_t sum_floats(const layer *of) {
  return CHANNELS_LAST ? of->out_width * LANES : parts(of->out_width, LANES) * LANES;
}

static int64_t strip_floats(const layer *of) {
  const int64_t rows = parts(of->panel * SIDE, TOGETHER) * TOGETHER; /* whole blocks are read */
  return parts(strip_rows(rows) * row_floats(of) + LANES, LINE) * LINE;
}

static int64_t workspace_floats(const layer *of) { return strip_floats(of) + TOGETHER * sum_floats(of) + 2 * LANES; }

#if CHANNELS_LAST

static void pack_weights(const layer *of, const float *weights, float *U) {
  for (int64_t first = 0; first < of->dims.filters; first += LANES) {
    for (int64_t tap = 0; tap < TAPS; ++tap) {
      for (int64_t filter = first; filter < first + LANES; ++filter) {
        *U++ = filter < of->dims.filters ? weights[filter * TAPS + tap] * SCALE_OF_X : 0.0f;
      }
    }
  }
}

static void fill_strip(const layer *of, const job *work, int64_t image, int64_t filter, int64_t first, int64_t rows) {
  const @name@_dims *dims = &of->dims;
  const int64_t columns = row_floats(of) / LANES, of_channel = dims->filters / dims->channels;
  const int64_t valid = least(LANES, dims->filters - filter);
  const x_element *x = work->x + image * work->of_x.image;
  for (int64_t i = 0; i < rows; ++i) {
    float *target = work->workspace + i * row_floats(of);
    const int64_t row = first + i, is_row = row >= 0 && row < dims->height;
    const int64_t begin = least(dims->left, columns), end = is_row ? least(begin + dims->width, columns) : begin;
    int64_t j = 0;
    for (; j < begin; ++j) store(target + j * LANES, broadcast(0.0f));
    for (; j < end; ++j) {
      const x_element *pixel = x + row * work->of_x.row + (j - dims->left) * work->of_x.column;
      if (of_channel == 1) {
        store(target + j * LANES, load_x(pixel + filter, valid));
      } else {
        x_element elements[LANES];
        for (int64_t lane = 0; lane < valid; ++lane) elements[lane] = pixel[(filter + lane) / of_channel];
        store(target + j * LANES, load_x(elements, valid));
      }
    }
    for (; j < columns; ++j) store(target + j * LANES, broadcast(0.0f));
  }
}

/* What a tap reads of a row of the strip, for the output j. */
static inline int64_t place_of(const layer *of, int64_t tap, int64_t j) {
  (void)of;
  return (j * STRIDE_ACROSS + tap * DILATION_ACROSS) * LANES;
}

static inline vector weight_of(const job *work, int64_t filter, int64_t tap) {
  return load(work->U + filter * TAPS + tap * LANES);
}

static void finish_band_row(const layer *of, const job *work, const float *sums, int64_t image, int64_t filter,
                            int64_t row) {
  for (int64_t j = 0; j < of->out_width; j += SIDE) {
    const pixels there = {sums + j * LANES, sum_floats(of), LANES};
    y_element *y = y_at(work, image, filter, row / SIDE, j / SIDE);
    finish_pixel(there, work->numbers + filter, of->apart, residual_at(work, image, filter, row, j), y,
                 least(LANES, of->dims.filters - filter));
  }
}

#else

static void pack_weights(const layer *of, const float *weights, float *U) {
  for (int64_t i = 0; i < of->dims.filters * TAPS; ++i) U[i] = weights[i] * SCALE_OF_X;
}

static void fill_strip(const layer *of, const job *work, int64_t image, int64_t filter, int64_t first, int64_t rows) {
  const @name@_dims *dims = &of->dims;
  const int64_t channel = filter / (dims->filters / dims->channels), columns = part_floats(of);
  const x_element *plane = work->x + image * work->of_x.image + channel * work->of_x.channel;
  for (int64_t i = 0; i < rows; ++i) {
    const int64_t row = first + i;
    const int is_row = row >= 0 && row < dims->height;
    for (int64_t part = 0; part < STRIDE_ACROSS; ++part) {
      const int64_t place = row * work->of_x.row, left = part - dims->left;
      const int64_t end = is_row && left < dims->width ? least(columns, parts(dims->width - left, STRIDE_ACROSS)) : 0;
      const int64_t begin = least(end, left < 0 ? parts(-left, STRIDE_ACROSS) : 0);
      float *target = work->workspace + i * row_floats(of) + part * columns;
      int64_t j = 0;
      for (; j < begin; ++j) target[j] = 0.0f;
      copy_x(plane + place + left + j * STRIDE_ACROSS, STRIDE_ACROSS, end - j, target + j);
      for (j = end; j < columns; j += LANES) store(target + j, broadcast(0.0f));
    }
  }
}

/* What a tap reads of a row of the strip, for the outputs from j on. */
static inline int64_t place_of(const layer *of, int64_t tap, int64_t j) {
  const int64_t column = tap * DILATION_ACROSS;
  return column % STRIDE_ACROSS * part_floats(of) + column / STRIDE_ACROSS + j;
}

static inline vector weight_of(const job *work, int64_t filter, int64_t tap) {
  return broadcast(work->U[filter * TAPS + tap]);
}

static void finish_band_row(const layer *of, const job *work, const float *sums, int64_t image, int64_t filter,
                            int64_t row) {
  const pixels there = {sums, sum_floats(of), 1};
  y_element *y = y_at(work, image, filter, row / SIDE, 0);
  finish_row(there, work->numbers + filter, of->apart, residual_at(work, image, filter, row, 0), y, of->out_width / SIDE);
}

#endif

/* One more term of the sum of the output row k, if it has the row of the strip under a tap. */
#define ADD_TAP(sum, k)                                                                              \
  if (row >= (k) * STRIDE_DOWN && (row - (k) * STRIDE_DOWN) % DILATION_DOWN == 0 &&                  \
      (row - (k) * STRIDE_DOWN) / DILATION_DOWN < TAPS_DOWN) {                                       \
    sum = fused(value, weights[(row - (k) * STRIDE_DOWN) / DILATION_DOWN * TAPS_ACROSS + tap], sum); \
  }

/* The sums of TOGETHER rows of the band: each adds its taps row by row and from left to right. */
static void add_taps(const layer *of, const job *work, int64_t filter, int64_t first, float *sums) {
  const int64_t pitch = row_floats(of), next = sum_floats(of);
  const float *strip = work->workspace + first * STRIDE_DOWN * pitch;
  vector weights[TAPS];
  UNROLL
  for (int tap = 0; tap < TAPS; ++tap) weights[tap] = weight_of(work, filter, tap);
  for (int64_t j = 0; j < of->out_width; j += CHANNELS_LAST ? 1 : LANES) {
    vector a = broadcast(0.0f), b = a, c = a, d = a;
    float *target = sums + (CHANNELS_LAST ? j * LANES : j);
    UNROLL
    for (int row = 0; row < (TOGETHER - 1) * STRIDE_DOWN + SPAN; ++row) {
      UNROLL
      for (int tap = 0; tap < TAPS_ACROSS; ++tap) {
        vector value = load(strip + row * pitch + place_of(of, tap, j));
        KEEP(value);
        ADD_TAP(a, 0)
        ADD_TAP(b, 1)
        ADD_TAP(c, 2)
        ADD_TAP(d, 3)
      }
    }
    store(target, a);
    store(target + next, b);
    store(target + 2 * next, c);
    store(target + 3 * next, d);
  }
}

static void run_item(const layer *of, const job *work, int64_t item) {
  const int64_t bands = bands_of(of), lines = lines_of(of), line = item / bands;
  const int64_t first = item % bands * of->panel * SIDE, rows = least(of->panel * SIDE, of->out_height - first);
  const int64_t image = line / lines, filter = line % lines * (CHANNELS_LAST ? LANES : 1);
  float *sums = work->workspace + strip_floats(of);
  fill_strip(of, work, image, filter, first * STRIDE_DOWN - of->dims.top, strip_rows(rows));
  for (int64_t row = 0; row < rows; row += TOGETHER) {
    const int64_t some = least(TOGETHER, rows - row);
    add_taps(of, work, filter, row, sums);
    for (int64_t i = 0; i < some; i += SIDE) {
      finish_band_row(of, work, sums + i * sum_floats(of), image, filter, first + row + i);
    }
  }
}

