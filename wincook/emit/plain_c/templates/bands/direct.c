/* Sums of products in their place: the terms of a band of rows of y, of one group, are gathered and multiplied. Zeros
   stand where x has none.

   V, channels first  [block of pixels][channel, tap row, tap column][pixel]
   V, channels last   [group of pixels][block of LANES terms][pixel][tap row, tap column, channel]
   U, channels first  [group][group of filters][block of LANES terms][filter][channel, tap row, tap column]
   U, channels last   [group][block of filters][tap row, tap column, channel][filter]
   M                  [filter][pixel], or [pixel][filter] */

#define STRIDED 0 /* places of arrays follow one another */

static int knows(const @name@_dims *dims) {
  (void)dims;
  return 1;
}

static int64_t terms_of(const @name@_dims *dims) {
  return dims->channels / dims->groups * dims->taps_down * dims->taps_across;
}

static double terms_of_pixel(const @name@_dims *dims) {
  const double channels = (double)(dims->channels / dims->groups);
  return channels * (double)dims->taps_down * (double)dims->taps_across;
}

static int64_t bands_of(const layer *of) { return parts(of->out_height / SIDE, of->panel); }

static int64_t items_of(const layer *of) { return of->dims.batch * bands_of(of) * of->dims.groups; }

/* Rows of y of a band: those that are asked for, or as many as have terms that fit into half of L2. */
static int64_t panel_of(const layer *of) {
  const int64_t rows = of->out_height / SIDE, row_bytes = 4 * SIDE * of->out_width * terms_of(&of->dims);
  if (of->dims.panel) return least(of->dims.panel, rows);
  return parts(rows, parts(rows, most(1, L2 / 2 / row_bytes)));
}

static int64_t group_floats(const layer *of) {
  const int64_t filters = of->dims.filters / of->dims.groups, terms = terms_of(&of->dims);
  return CHANNELS_LAST ? parts(filters, BLOCK) * BLOCK * terms : filters * parts(terms, LANES) * LANES;
}

static int64_t U_floats(const layer *of) { return of->dims.groups * group_floats(of); }

static int64_t most_pixels(const layer *of) { return of->panel * SIDE * of->out_width; }

static int64_t V_floats(const layer *of) {
  const int64_t number = most_pixels(of), terms = terms_of(&of->dims);
  const int64_t floats = CHANNELS_LAST ? number * parts(terms, LANES) * LANES : parts(number, BLOCK) * BLOCK * terms;
  return parts(floats, LINE) * LINE;
}

static int64_t M_row(const layer *of) { return parts(most_pixels(of), BLOCK) * BLOCK; }

static int64_t workspace_floats(const layer *of) {
  const int64_t M = CHANNELS_LAST ? most_pixels(of) * BLOCK : ROWS * M_row(of) + 2 * LANES;
  return V_floats(of) + M;
}

#if CHANNELS_LAST

static void pack_weights(const layer *of, const float *weights, float *U) {
  const @name@_dims *dims = &of->dims;
  const int64_t channels = dims->channels / dims->groups, taps = dims->taps_down * dims->taps_across;
  const int64_t filters = dims->filters / dims->groups;
  for (int64_t group = 0; group < dims->groups; ++group) {
    const float *w = weights + group * filters * channels * taps;
    for (int64_t first = 0; first < filters; first += BLOCK) {
      for (int64_t tap = 0; tap < taps; ++tap) {
        for (int64_t channel = 0; channel < channels; ++channel) {
          for (int64_t filter = first; filter < first + BLOCK; ++filter) {
            *U++ = filter < filters ? w[(filter * channels + channel) * taps + tap] * SCALE_OF_X : 0.0f;
          }
        }
      }
    }
  }
}

/* One tap of a pixel: so many channels, or zeros without any, from a term on. */
static void put(const x_element *channels, int64_t number, float *line, int64_t lines, int64_t term) {
  for (int64_t done = 0; done < number;) {
    const int64_t lane = (term + done) % LANES, some = least(LANES - lane, number - done);
    float *target = line + (term + done) / LANES * lines * LANES + lane;
    store_first(target, channels ? load_x(channels + done, some) : broadcast(0.0f), some);
    done += some;
  }
}

static void gather(const layer *of, const job *work, int64_t image, int64_t group, int64_t first, int64_t number) {
  const @name@_dims *dims = &of->dims;
  const int64_t channels = dims->channels / dims->groups, blocks = parts(terms_of(dims), LANES);
  const int64_t lines = tallest(number), tall = number_of_tallest(number);
  const x_element *x = work->x + image * dims->height * dims->width * dims->channels + group * channels;
  int64_t pixel = 0;
  for (int64_t rows_done = 0; pixel < number; ++rows_done) {
    const int64_t rows = rows_done < tall ? lines : lines - 1;
    for (int64_t line = 0; line < rows; ++line, ++pixel) {
      float *target = work->workspace + ((pixel - line) * blocks + line) * LANES;
      const int64_t top = (first + pixel / of->out_width) * dims->stride_down - dims->top;
      const int64_t left = pixel % of->out_width * dims->stride_across - dims->left;
      int64_t term = 0;
      for (int64_t i = 0; i < dims->taps_down; ++i) {
        for (int64_t j = 0; j < dims->taps_across; ++j, term += channels) {
          const int64_t row = top + i * dims->dilation_down, column = left + j * dims->dilation_across;
          const int is_pixel = row >= 0 && row < dims->height && column >= 0 && column < dims->width;
          put(is_pixel ? x + (row * dims->width + column) * dims->channels : NULL, channels, target, rows, term);
        }
      }
    }
  }
}

static void multiply(const layer *of, const job *work, int64_t image, int64_t group, int64_t first, int64_t number) {
  const int64_t filters = of->dims.filters / of->dims.groups, terms = terms_of(&of->dims);
  const int64_t blocks = parts(terms, LANES), lines = tallest(number), tall = number_of_tallest(number);
  float *M = work->workspace + V_floats(of);
  for (int64_t start = 0; start < filters; start += BLOCK) {
    const float *U = work->U + group * group_floats(of) + start * terms;
    const int64_t filter = group * filters + start, width = of->out_width;
    int64_t pixel = 0;
    for (int64_t rows_done = 0; pixel < number; ++rows_done) {
      const int64_t rows = rows_done < tall ? lines : lines - 1;
      micro_kernels[rows - 1](work->workspace + pixel * blocks * LANES, rows, U, terms, M + pixel * BLOCK, BLOCK);
      pixel += rows;
    }
    for (int64_t row = 0; row < number / width; row += SIDE) {
      for (int64_t column = 0; column < width; column += SIDE) {
        const pixels sums = {M + (row * width + column) * BLOCK, width * BLOCK, BLOCK};
        const residuals residual = residual_at(work, image, filter, first + row, column);
        y_element *y = y_at(work, image, filter, (first + row) / SIDE, column / SIDE);
        finish_pixel(sums, work->numbers + filter, of->apart, residual, y, least(BLOCK, filters - start));
      }
    }
  }
}

#else

static void pack_weights(const layer *of, const float *weights, float *U) {
  const int64_t groups = of->dims.groups, filters = of->dims.filters / groups, terms = terms_of(&of->dims);
  const int64_t lines = tallest(filters), tall = number_of_tallest(filters);
  for (int64_t group = 0; group < groups; ++group) {
    const float *w = weights + group * filters * terms;
    for (int64_t number = 0; number < parts(filters, ROWS); ++number) {
      const int64_t rows = number < tall ? lines : lines - 1;
      for (int64_t first = 0; first < terms; first += LANES) {
        for (int64_t row = 0; row < rows; ++row) {
          for (int64_t term = first; term < first + LANES; ++term) *U++ = term < terms ? w[row * terms + term] * SCALE_OF_X : 0.0f;
        }
      }
      w += rows * terms;
    }
  }
}

/* One term of a row of pixels, from one of the band on: those from low to high are in the image, the others zeros. */
static void put(const x_element *plane, int64_t place, int64_t step, int64_t low, int64_t high, float *term, int64_t terms,
                int64_t pixel, int64_t number) {
  for (int64_t done = 0; done < number;) {
    const int64_t lane = (pixel + done) % BLOCK, some = least(BLOCK - lane, number - done);
    const int64_t begin = most(0, least(low - done, some)), end = most(begin, least(high - done, some));
    float *target = term + (pixel + done) / BLOCK * terms * BLOCK + lane;
    int64_t i = 0;
    for (; i < begin; ++i) target[i] = 0.0f;
    copy_x(plane + place + (done + i) * step, step, end - i, target + i);
    for (i = end; i < some; ++i) target[i] = 0.0f;
    done += some;
  }
}

static void gather(const layer *of, const job *work, int64_t image, int64_t group, int64_t first, int64_t number) {
  const @name@_dims *dims = &of->dims;
  const int64_t channels = dims->channels / dims->groups, terms = terms_of(dims), step = dims->stride_across;
  const int64_t height = dims->height, width = dims->width;
  for (int64_t row = 0; row < number / of->out_width; ++row) {
    float *term = work->workspace;
    for (int64_t channel = 0; channel < channels; ++channel) {
      const x_element *plane = work->x + (image * dims->channels + group * channels + channel) * height * width;
      for (int64_t i = 0; i < dims->taps_down; ++i) {
        const int64_t y = (first + row) * dims->stride_down + i * dims->dilation_down - dims->top;
        const int is_row = y >= 0 && y < height;
        for (int64_t j = 0; j < dims->taps_across; ++j, term += BLOCK) {
          const int64_t left = j * dims->dilation_across - dims->left;
          const int64_t low = left < 0 ? parts(-left, step) : 0, high = left < width ? parts(width - left, step) : 0;
          put(plane, y * width + left, step, low, is_row ? high : 0, term, terms, row * of->out_width, of->out_width);
        }
      }
    }
  }
}

static void multiply(const layer *of, const job *work, int64_t image, int64_t group, int64_t first, int64_t number) {
  const int64_t filters = of->dims.filters / of->dims.groups, terms = terms_of(&of->dims), pitch = M_row(of);
  const int64_t lines = tallest(filters), tall = number_of_tallest(filters), width = of->out_width;
  const float *U = work->U + group * group_floats(of);
  float *M = work->workspace + V_floats(of);
  int64_t filter = group * filters;
  for (int64_t rows_done = 0; rows_done < parts(filters, ROWS); ++rows_done) {
    const int64_t rows = rows_done < tall ? lines : lines - 1;
    for (int64_t start = 0; start < number; start += BLOCK) {
      micro_kernels[rows - 1](U, rows, work->workspace + start * terms, terms, M + start, pitch);
    }
    U += rows * parts(terms, LANES) * LANES;
    for (int64_t line = 0; line < rows; ++line, ++filter) {
      for (int64_t row = 0; row < number / width; row += SIDE) {
        const pixels sums = {M + line * pitch + row * width, width, 1};
        const residuals residual = residual_at(work, image, filter, first + row, 0);
        y_element *y = y_at(work, image, filter, (first + row) / SIDE, 0);
        finish_row(sums, work->numbers + filter, of->apart, residual, y, width / SIDE);
      }
    }
  }
}

#endif

static void run_item(const layer *of, const job *work, int64_t item) {
  const int64_t groups = of->dims.groups, band = item / groups, bands = bands_of(of);
  const int64_t first = band % bands * of->panel * SIDE, rows = least(of->panel * SIDE, of->out_height - first);
  gather(of, work, band / bands, item % groups, first, rows * of->out_width);
  multiply(of, work, band / bands, item % groups, first, rows * of->out_width);
}

