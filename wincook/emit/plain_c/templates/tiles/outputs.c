/* V into M, and M into y. */

static void multiply_panel(const layer *of, const job *work, int64_t tiles) {
  const places at = places_of(of);
  const int64_t steps = steps_of(of), blocks = blocks_of_V(of), of_filters = filter_blocks(of);
  const int64_t groups = parts(tiles, ROWS), lines = tallest(tiles), tall = number_of_tallest(tiles);
  const int64_t tile_floats = of_filters * PRODUCTS * BLOCK;
  for (int64_t product = 0; product < PRODUCTS; ++product) {
    for (int64_t block = 0; block < of_filters; ++block) {
      const float *V = work->workspace + at.V + product * product_stride(of);
      const float *U = work->U + (place_in_U(product) * of_filters + block) * block_floats(of);
      float *M = work->workspace + at.M + (block * PRODUCTS + product) * BLOCK;
      for (int64_t group = 0; group < groups; ++group) {
        const int64_t rows = group < tall ? lines : lines - 1;
        micro_kernels[rows - 1](V, lines, U, steps, M, tile_floats);
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
      const residuals residual = residual_at(work, image, filter, row + i, column + j);
      y_element *y = y_at(work, image, filter, (row + i) / SIDE, (column + j) / SIDE);
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
      const residuals residual = residual_at(work, image, filter + lane, row + i, column);
      y_element *y = y_at(work, image, filter + lane, (row + i) / SIDE, column / SIDE);
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

