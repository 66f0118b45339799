/* Sums of products with one channel a group: rows of a band of the image stand in a strip, padded with zeros.

   channels first   [row][place modulo the stride][place over the stride]: one channel
   channels last    [row][place][filter]: LANES filters, each with the channel that it reads */

#define STRIDED 1 /* of arrays, only channels (NHWC) or columns (NCHW) must be neighbours */
#define TAPS (TAPS_DOWN * TAPS_ACROSS)
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
  return parts(of->out_width, LANES) * LANES + REACH / STRIDE_ACROSS;
}

static int64_t row_floats(const layer *of) { return part_floats(of) * (CHANNELS_LAST ? 1 : STRIDE_ACROSS); }

static int64_t strip_rows(int64_t rows) { return (rows - 1) * STRIDE_DOWN + SPAN; }

/* Rows of y of a band: those that are asked for, or as many as have inputs that fit into an eighth of L2. */
static int64_t panel_of(const layer *of) {
  const int64_t rows = of->out_height / SIDE, fitting = (L2 / 8 / (4 * row_floats(of)) - SPAN) / STRIDE_DOWN + 1;
  if (of->dims.panel) return least(of->dims.panel, rows);
  return parts(rows, parts(rows, most(1, fitting / SIDE)));
}

/* Sums of the SIDE rows that become one, behind the strip. */
static int64_t sum_floats(const layer *of) {
  return CHANNELS_LAST ? of->out_width * LANES : parts(of->out_width, LANES) * LANES;
}

static int64_t strip_floats(const layer *of) {
  return parts(strip_rows(of->panel * SIDE) * row_floats(of), LINE) * LINE;
}

static int64_t workspace_floats(const layer *of) { return strip_floats(of) + SIDE * sum_floats(of) + 2 * LANES; }

#if CHANNELS_LAST

static void pack_weights(const layer *of, const float *weights, float *U) {
  for (int64_t first = 0; first < of->dims.filters; first += LANES) {
    for (int64_t tap = 0; tap < TAPS; ++tap) {
      for (int64_t filter = first; filter < first + LANES; ++filter) {
        *U++ = filter < of->dims.filters ? weights[filter * TAPS + tap] : 0.0f;
      }
    }
  }
}

static void fill_strip(const layer *of, const job *work, int64_t image, int64_t filter, int64_t first, int64_t rows) {
  const @name@_dims *dims = &of->dims;
  const int64_t columns = row_floats(of) / LANES, of_channel = dims->filters / dims->channels;
  const int64_t valid = least(LANES, dims->filters - filter);
  const float *x = work->x + image * work->of_x.image;
  for (int64_t i = 0; i < rows; ++i) {
    float *target = work->workspace + i * row_floats(of);
    const int64_t row = first + i;
    for (int64_t j = 0; j < columns; ++j, target += LANES) {
      const int64_t column = j - dims->left;
      if (row < 0 || row >= dims->height || column < 0 || column >= dims->width) {
        store(target, broadcast(0.0f));
      } else if (of_channel == 1) {
        store(target, load_first(x + row * work->of_x.row + column * work->of_x.column + filter, valid));
      } else {
        const float *pixel = x + row * work->of_x.row + column * work->of_x.column;
        for (int64_t lane = 0; lane < LANES; ++lane) target[lane] = lane < valid ? pixel[(filter + lane) / of_channel] : 0;
      }
    }
  }
}

static void add_taps(const layer *of, const job *work, int64_t filter, int64_t row, float *sums) {
  const float *U = work->U + filter * TAPS, *strip = work->workspace + row * STRIDE_DOWN * row_floats(of);
  vector weights[TAPS];
  for (int tap = 0; tap < TAPS; ++tap) weights[tap] = load(U + tap * LANES);
  for (int64_t j = 0; j < of->out_width; ++j) {
    vector sum = broadcast(0.0f);
    for (int64_t tap_row = 0; tap_row < TAPS_DOWN; ++tap_row) {
      const float *line = strip + tap_row * DILATION_DOWN * row_floats(of) + j * STRIDE_ACROSS * LANES;
      for (int64_t tap = 0; tap < TAPS_ACROSS; ++tap) {
        sum = fused(load(line + tap * DILATION_ACROSS * LANES), weights[tap_row * TAPS_ACROSS + tap], sum);
      }
    }
    store(sums + j * LANES, sum);
  }
}

static void finish_band_row(const layer *of, const job *work, int64_t image, int64_t filter, int64_t row) {
  const float *sums = work->workspace + strip_floats(of);
  for (int64_t j = 0; j < of->out_width; j += SIDE) {
    const pixels there = {sums + j * LANES, sum_floats(of), LANES};
    float *y = y_at(work, image, filter, row / SIDE, j / SIDE);
    finish_pixel(there, work->numbers + filter, of->apart, residual_at(work, image, filter, row, j), y,
                 least(LANES, of->dims.filters - filter));
  }
}

#else

static void pack_weights(const layer *of, const float *weights, float *U) {
  memcpy(U, weights, sizeof *U * (size_t)(of->dims.filters * TAPS));
}

static void fill_strip(const layer *of, const job *work, int64_t image, int64_t filter, int64_t first, int64_t rows) {
  const @name@_dims *dims = &of->dims;
  const int64_t channel = filter / (dims->filters / dims->channels), columns = part_floats(of);
  const float *plane = work->x + image * work->of_x.image + channel * work->of_x.channel;
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
      if (STRIDE_ACROSS == 1) {
        for (; j + LANES <= end; j += LANES) store(target + j, load(plane + place + left + j));
      }
      for (; j < end; ++j) target[j] = plane[place + left + j * STRIDE_ACROSS];
      for (; j < columns; ++j) target[j] = 0.0f;
    }
  }
}

static void add_taps(const layer *of, const job *work, int64_t filter, int64_t row, float *sums) {
  const float *U = work->U + filter * TAPS, *strip = work->workspace + row * STRIDE_DOWN * row_floats(of);
  vector weights[TAPS];
  for (int tap = 0; tap < TAPS; ++tap) weights[tap] = broadcast(U[tap]);
  for (int64_t j = 0; j < of->out_width; j += LANES) {
    vector sum = broadcast(0.0f);
    for (int64_t tap_row = 0; tap_row < TAPS_DOWN; ++tap_row) {
      const float *line = strip + tap_row * DILATION_DOWN * row_floats(of) + j;
      for (int64_t tap = 0; tap < TAPS_ACROSS; ++tap) {
        const int64_t column = tap * DILATION_ACROSS;
        const float *place = line + column % STRIDE_ACROSS * part_floats(of) + column / STRIDE_ACROSS;
        sum = fused(load(place), weights[tap_row * TAPS_ACROSS + tap], sum);
      }
    }
    store(sums + j, sum);
  }
}

static void finish_band_row(const layer *of, const job *work, int64_t image, int64_t filter, int64_t row) {
  const pixels sums = {work->workspace + strip_floats(of), sum_floats(of), 1};
  float *y = y_at(work, image, filter, row / SIDE, 0);
  finish_row(sums, work->numbers + filter, of->apart, residual_at(work, image, filter, row, 0), y, of->out_width / SIDE);
}

#endif

static void run_item(const layer *of, const job *work, int64_t item) {
  const int64_t bands = bands_of(of), lines = lines_of(of), line = item / bands;
  const int64_t first = item % bands * of->panel * SIDE, rows = least(of->panel * SIDE, of->out_height - first);
  const int64_t image = line / lines, filter = line % lines * (CHANNELS_LAST ? LANES : 1);
  float *sums = work->workspace + strip_floats(of);
  fill_strip(of, work, image, filter, first * STRIDE_DOWN - of->dims.top, strip_rows(rows));
  for (int64_t row = 0; row < rows; row += SIDE) {
    for (int64_t i = 0; i < SIDE; ++i) add_taps(of, work, filter, row + i, sums + i * sum_floats(of));
    finish_band_row(of, work, image, filter, first + row);
  }
}

