/* A panel of tiles at a time is loaded, multiplied and stored, within the cache:

   V  [product][group of tiles][block of LANES channels][tile][channel]
   U  [product, those with equal filters once][block of filters][channel][filter]
   M  [tile][block of filters][product][filter] */

#define STRIDED 1 /* of arrays, only channels (NHWC) or columns (NCHW) must be neighbours */
#define PRODUCTS (RANKS_DOWN * RANKS_ACROSS)
#define STEP_DOWN (OUTPUTS_DOWN * STRIDE_DOWN)
#define STEP_ACROSS (OUTPUTS_ACROSS * STRIDE_ACROSS)
#define TILES_PER_FILTER_READ 42 /* which hide the reading of filters from memory */

static const int places_in_U[PRODUCTS] = {@places_in_U@};

static int knows(const @name@_dims *dims) {
  return dims->groups == 1 && dims->taps_down == TAPS_DOWN && dims->taps_across == TAPS_ACROSS &&
         dims->stride_down == STRIDE_DOWN && dims->stride_across == STRIDE_ACROSS && dims->dilation_down == 1 &&
         dims->dilation_across == 1;
}

static double terms_of_pixel(const @name@_dims *dims) {
  (void)dims;
  return 1;
}

static int64_t filter_blocks(const layer *of) { return parts(of->dims.filters, BLOCK); }

static int64_t tiles_across(const layer *of) { return parts(of->out_width, OUTPUTS_ACROSS); }

static int64_t tiles_down(const layer *of) { return parts(of->out_height, OUTPUTS_DOWN); }

static int64_t tiles_of(const layer *of) { return of->dims.batch * tiles_down(of) * tiles_across(of); }

static int64_t U_floats(const layer *of) {
  return KEPT_DOWN * KEPT_ACROSS * filter_blocks(of) * BLOCK * of->dims.channels;
}

static int64_t items_of(const layer *of) { return parts(tiles_of(of), of->panel); }

/* Tiles of a panel: those that are asked for, or a quarter of L2, or what hides the reading of large filters. */
static int64_t panel_of(const layer *of) {
  const int64_t tiles = tiles_of(of), channels = of->dims.channels, filters = of->dims.filters;
  int64_t wanted = most(ROWS, L2 / 4 / (PRODUCTS * (channels + filters) * 4)), share;
  if (of->dims.panel) return least(of->dims.panel, tiles);
  if (4 * U_floats(of) > L2 / 2) wanted = most(wanted, TILES_PER_FILTER_READ);
  share = parts(tiles, parts(tiles, wanted));
  return least(parts(share, ROWS) * ROWS, tiles);
}

/* The parts of a workspace, by where they start. */
typedef struct {
  int64_t V, M, strip, out_strip, turned, half, end;
} places;

static int64_t product_stride(const layer *of) {
  const int64_t lines = parts(of->panel, ROWS) * parts(of->dims.channels, LANES) * least(ROWS, of->panel);
  return lines * LANES + LINE; /* lest all products fall into one set of the cache */
}

static int64_t turned_row(const layer *of) {
  return parts(least(of->panel, tiles_across(of)) * OUTPUTS_ACROSS, LANES) * LANES;
}

static places places_of(const layer *of) {
  const int64_t across = least(of->panel, tiles_across(of));
  places at;
  at.V = 0;
  at.M = at.V + PRODUCTS * product_stride(of);
  at.strip = at.M + of->panel * filter_blocks(of) * PRODUCTS * BLOCK + LINE;
  at.out_strip = at.strip + RANKS_DOWN * ((across - 1) * STEP_ACROSS + INPUTS_ACROSS + LANES) * LANES;
  at.turned = at.out_strip + (OUTPUTS_DOWN * across * OUTPUTS_ACROSS + LANES) * LANES;
  at.half = at.turned + SIDE * (LANES * turned_row(of) + LANES);
  at.end = at.half + most(RANKS_DOWN * LANES, OUTPUTS_DOWN * RANKS_ACROSS) * LANES;
  return at;
}

static int64_t workspace_floats(const layer *of) { return places_of(of).end; }

static void pack_weights(const layer *of, const float *weights, float *U) {
  const int64_t channels = of->dims.channels, filters = of->dims.filters, taps = TAPS_DOWN * TAPS_ACROSS;
  const int64_t stride = filter_blocks(of) * channels * BLOCK;
  float g[TAPS_DOWN * TAPS_ACROSS * LANES], half[KEPT_DOWN * TAPS_ACROSS * LANES];
  for (int64_t first = 0; first < filter_blocks(of) * BLOCK; first += LANES) {
    for (int64_t channel = 0; channel < channels; ++channel) {
      float *target = U + (first / BLOCK * channels + channel) * BLOCK + first % BLOCK;
      for (int64_t tap = 0; tap < taps; ++tap) {
        for (int64_t lane = 0; lane < LANES; ++lane) {
          const int64_t filter = first + lane;
          g[tap * LANES + lane] = filter < filters ? weights[(filter * channels + channel) * taps + tap] : 0.0f;
        }
      }
      for (int64_t j = 0; j < TAPS_ACROSS; ++j) {
        filter_down(g + j * LANES, TAPS_ACROSS * LANES, half + j * LANES, TAPS_ACROSS * LANES);
      }
      for (int64_t i = 0; i < KEPT_DOWN; ++i) {
        filter_along(half + i * TAPS_ACROSS * LANES, LANES, target + i * KEPT_ACROSS * stride, stride);
      }
    }
  }
}

/* Of the rows from `row` on, down the columns: those that are in the image, and of each so many floats, else zeros. */
static inline void input_down(const float *image, int64_t place, int64_t pitch, int64_t row, int64_t height,
                              int64_t number, float *target, int64_t target_step) {
  float d[INPUTS_DOWN * LANES];
  for (int64_t i = 0; i < INPUTS_DOWN; ++i) {
    const int is_row = row + i >= 0 && row + i < height;
    store(d + i * LANES, is_row ? load_first(image + place + i * pitch, number) : broadcast(0.0f));
  }
  input_columns(d, LANES, target, target_step);
}

/* A block of channels of the inputs from (row, column) on, so many columns, transformed down the columns. */
static void fill_strip(const layer *of, const job *work, const float *image, int64_t block, int64_t row, int64_t column,
                       int64_t width, float *strip, float *squares) {
  const strides *step = &work->of_x;
  const int64_t height = of->dims.height, valid = least(LANES, of->dims.channels - block);
  const int64_t line = (width + LANES) * LANES;
  const int64_t left = least(width, most(0, -column)), right = most(left, least(width, of->dims.width - column));
  const int64_t first = block * step->channel + row * step->row + column * step->column;
#if CHANNELS_LAST
  (void)squares;
  for (int64_t j = left; j < right; ++j) {
    input_down(image, first + j * step->column, step->row, row, height, valid, strip + j * LANES, line);
  }
#else
  for (int64_t j = left; j < right; j += LANES) {
    for (int64_t channel = 0; channel < valid; ++channel) {
      const int64_t place = first + channel * step->channel + j;
      input_down(image, place, step->row, row, height, right - j, squares + channel * LANES, LANES * LANES);
    }
    for (int64_t i = 0; i < RANKS_DOWN; ++i) {
      turn(squares + i * LANES * LANES, LANES, strip + i * line + j * LANES, LANES);
    }
  }
#endif
  for (int64_t j = 0; j < left; ++j) input_down(image, 0, 0, 0, 0, 0, strip + j * LANES, line);
  for (int64_t j = right; j < width; ++j) input_down(image, 0, 0, 0, 0, 0, strip + j * LANES, line);
}

static void load_panel(const layer *of, const job *work, int64_t first, int64_t last) {
  const places at = places_of(of);
  float *V = work->workspace + at.V, *strip = work->workspace + at.strip, *squares = work->workspace + at.half;
  const int64_t across = tiles_across(of), down = tiles_down(of), blocks = parts(of->dims.channels, LANES);
  const int64_t lines = tallest(last - first), tall = number_of_tallest(last - first), stride = product_stride(of);
  for (int64_t tile = first; tile < last;) {
    const int64_t tile_row = tile / across, start = tile % across, number = least(across - start, last - tile);
    const int64_t width = (number - 1) * STEP_ACROSS + INPUTS_ACROSS;
    const int64_t row = tile_row % down * STEP_DOWN - of->dims.top, column = start * STEP_ACROSS - of->dims.left;
    const float *image = work->x + tile_row / down * work->of_x.image;
    for (int64_t block = 0; block < blocks; ++block) {
      fill_strip(of, work, image, block * LANES, row, column, width, strip, squares);
      for (int64_t j = 0; j < number; ++j) {
        const int64_t here = tile - first + j, low = here - tall * lines;
        const int64_t group = low < 0 ? here / lines : tall + low / (lines - 1);
        const int64_t line = low < 0 ? here % lines : low % (lines - 1);
        float *target = V + ((group * blocks + block) * lines + line) * LANES;
        for (int64_t i = 0; i < RANKS_DOWN; ++i) {
          const float *source = strip + (i * (width + LANES) + j * STEP_ACROSS) * LANES;
          input_along(source, LANES, target + i * RANKS_ACROSS * stride, stride);
        }
      }
    }
    tile += number;
  }
}

static void multiply_panel(const layer *of, const job *work, int64_t tiles) {
  const places at = places_of(of);
  const int64_t channels = of->dims.channels, blocks = parts(channels, LANES), of_filters = filter_blocks(of);
  const int64_t groups = parts(tiles, ROWS), lines = tallest(tiles), tall = number_of_tallest(tiles);
  const int64_t tile_floats = of_filters * PRODUCTS * BLOCK;
  for (int64_t product = 0; product < PRODUCTS; ++product) {
    for (int64_t block = 0; block < of_filters; ++block) {
      const float *V = work->workspace + at.V + product * product_stride(of);
      const float *U = work->U + (places_in_U[product] * of_filters + block) * channels * BLOCK;
      float *M = work->workspace + at.M + (block * PRODUCTS + product) * BLOCK;
      for (int64_t group = 0; group < groups; ++group) {
        const int64_t rows = group < tall ? lines : lines - 1;
        micro_kernels[rows - 1](V, lines, U, channels, M, tile_floats);
        V += blocks * lines * LANES;
        M += rows * tile_floats;
      }
    }
  }
}

/* The outputs of a row of tiles in a strip, and what follows, into y from (row, column) of an image on. */
static void finish_strip(const layer *of, const job *work, const float *strip, float *turned, int64_t image,
                         int64_t filter, int64_t row, int64_t column, int64_t columns) {
  const int64_t valid = least(LANES, of->dims.filters - filter), rows = least(OUTPUTS_DOWN, of->out_height - row);
  const int64_t width = least(columns, of->out_width - column);
#if CHANNELS_LAST
  (void)turned;
  for (int64_t i = 0; i < rows; i += SIDE) {
    for (int64_t j = 0; j < width; j += SIDE) {
      const pixels sums = {strip + (i * columns + j) * LANES, columns * LANES, LANES};
      const pixels residual = residual_at(work, image, filter, row + i, column + j);
      float *y = y_at(work, image, filter, (row + i) / SIDE, (column + j) / SIDE);
      finish_pixel(sums, work->numbers + filter, of->apart, residual, y, valid);
    }
  }
#else
  const int64_t pitch = turned_row(of);
  for (int64_t i = 0; i < rows; i += SIDE) {
    for (int64_t k = 0; k < SIDE; ++k) {
      for (int64_t j = 0; j < columns; j += LANES) {
        turn(strip + ((i + k) * columns + j) * LANES, LANES, turned + k * LANES * pitch + j, pitch);
      }
    }
    for (int64_t lane = 0; lane < valid; ++lane) {
      const pixels sums = {turned + lane * pitch, LANES * pitch, 1};
      const pixels residual = residual_at(work, image, filter + lane, row + i, column);
      float *y = y_at(work, image, filter + lane, (row + i) / SIDE, column / SIDE);
      finish_row(sums, work->numbers + filter + lane, of->apart, residual, y, width / SIDE);
    }
  }
#endif
}

static void store_panel(const layer *of, const job *work, int64_t first, int64_t last) {
  const places at = places_of(of);
  float *strip = work->workspace + at.out_strip, *half = work->workspace + at.half;
  const int64_t across = tiles_across(of), down = tiles_down(of);
  for (int64_t tile = first; tile < last;) {
    const int64_t tile_row = tile / across, start = tile % across, number = least(across - start, last - tile);
    const int64_t columns = number * OUTPUTS_ACROSS;
    for (int64_t filter = 0; filter < of->dims.filters; filter += LANES) {
      for (int64_t j = 0; j < number; ++j) {
        const int64_t block = (tile - first + j) * filter_blocks(of) + filter / BLOCK;
        const float *M = work->workspace + at.M + block * PRODUCTS * BLOCK + filter % BLOCK;
        for (int64_t k = 0; k < RANKS_ACROSS; ++k) {
          output_down(M + k * BLOCK, RANKS_ACROSS * BLOCK, half + k * LANES, RANKS_ACROSS * LANES);
        }
        for (int64_t i = 0; i < OUTPUTS_DOWN; ++i) {
          float *target = strip + (i * columns + j * OUTPUTS_ACROSS) * LANES;
          output_along(half + i * RANKS_ACROSS * LANES, LANES, target, LANES);
        }
      }
      finish_strip(of, work, strip, work->workspace + at.turned, tile_row / down, filter,
                   tile_row % down * OUTPUTS_DOWN, start * OUTPUTS_ACROSS, columns);
    }
    tile += number;
  }
}

static void run_item(const layer *of, const job *work, int64_t item) {
  const int64_t first = item * of->panel, last = least(first + of->panel, tiles_of(of));
  load_panel(of, work, first, last);
  multiply_panel(of, work, last - first);
  store_panel(of, work, first, last);
}

