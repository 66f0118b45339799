/* x into V: inputs of a row of tiles go down the columns into a strip, and from there along the rows. */

/* Of the rows from `row` on, down the columns: those that are in the image, and of each so many numbers, else zeros. */
static inline void input_down(const x_element *image, int64_t place, int64_t pitch, int64_t row, int64_t height,
                              int64_t number, float *target, int64_t target_step) {
  float d[INPUTS_DOWN * LANES];
  for (int64_t i = 0; i < INPUTS_DOWN; ++i) {
    const int is_row = row + i >= 0 && row + i < height;
    store(d + i * LANES, is_row ? load_x(image + place + i * pitch, number) : broadcast(0.0f));
  }
  input_columns(d, LANES, target, target_step);
}

/* A block of channels of the inputs from (row, column) on, so many columns, transformed down the columns. Channels that
   fill up a word are zeros. */
static void fill_strip(const layer *of, const job *work, const x_element *image, int64_t block, int64_t row,
                       int64_t column, int64_t width, float *strip, float *squares) {
  const strides *step = &work->of_x;
  const int64_t height = of->dims.height, valid = most(0, least(LANES, of->dims.channels - block));
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
    for (int64_t channel = 0; channel < least(LANES, terms_of(of) - block); ++channel) {
      const int64_t place = first + channel * step->channel + j, number = channel < valid ? right - j : 0;
      input_down(image, place, step->row, row, height, number, squares + channel * LANES, LANES * LANES);
    }
    for (int64_t i = 0; i < RANKS_DOWN; ++i) {
      turn(squares + i * LANES * LANES, LANES, strip + i * line + j * LANES, LANES);
    }
  }
#endif
  for (int64_t j = 0; j < left; ++j) input_down(image, 0, 0, 0, 0, 0, strip + j * LANES, line);
  for (int64_t j = right; j < width; ++j) input_down(image, 0, 0, 0, 0, 0, strip + j * LANES, line);
}

/* A row of products of a tile, from one on, and some channels, so many floats apart. */
static inline void put_row_in_V(const float *strip, int64_t product, int64_t channel, float *line, int64_t stride) {
  const int64_t first = channel % (IN_FLOAT * LANES);
  float products[RANKS_ACROSS * LANES];
  input_along(strip, LANES, products, LANES);
  for (int64_t j = 0; j < RANKS_ACROSS; ++j) {
    put_in_V(line + j * stride, first, LANES, load(products + j * LANES), product + j, channel);
  }
}

static void load_panel(const layer *of, const job *work, int64_t first, int64_t last) {
  const places at = places_of(of);
  float *V = work->workspace + at.V, *strip = work->workspace + at.strip, *squares = work->workspace + at.half;
  const int64_t across = tiles_across(of), down = tiles_down(of), stride = product_stride(of);
  const int64_t apart = tallest(last - first) * LANES;
  for (int64_t tile = first; tile < last;) {
    const int64_t tile_row = tile / across, start = tile % across, number = least(across - start, last - tile);
    const int64_t width = (number - 1) * STEP_ACROSS + INPUTS_ACROSS;
    const int64_t row = tile_row % down * STEP_DOWN - of->dims.top, column = start * STEP_ACROSS - of->dims.left;
    const x_element *image = work->x + tile_row / down * work->of_x.image;
    for (int64_t channel = 0; channel < terms_of(of); channel += LANES) {
      fill_strip(of, work, image, channel, row, column, width, strip, squares);
      for (int64_t j = 0; j < number; ++j) {
        float *line = V + line_of_tile(of, tile - first + j, last - first) + channel / (IN_FLOAT * LANES) * apart;
        for (int64_t i = 0; i < RANKS_DOWN; ++i) {
          const float *source = strip + (i * (width + LANES) + j * STEP_ACROSS) * LANES;
          const int64_t product = i * RANKS_ACROSS;
          put_row_in_V(source, first_product(of) + product, channel, line + product * stride, stride);
        }
      }
    }
    tile += number;
  }
}

