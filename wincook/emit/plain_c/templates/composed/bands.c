/* Bands of rows: images of kernels, their outputs, and what follows. */

typedef @inner_type@ inner_element; /* of x as kernels read it */

/* Which place of an axis stands for one beyond its ends; -1 if that is a zero. */
static int64_t inside(int64_t place, int64_t size) {
  if (place >= 0 && place < size) return place;
#if PADS == REPLICATES
  return place < 0 ? 0 : size - 1;
#elif PADS == REFLECTS
  return place < 0 ? -place : 2 * (size - 1) - place;
#else
  return -1;
#endif
}

/* So many elements of x that are so far apart, as they are, or as floats less the zero point. */
static void take_x(const x_element *place, int64_t apart, int64_t number, inner_element *target) {
#if CONVERTS
  copy_x(place, apart, number, target);
#else
  for (int64_t i = 0; i < number; ++i) target[i] = place[i * apart];
#endif
}

/* What x is beside the image. */
static void put_beside(int64_t number, inner_element *target) {
  for (int64_t i = 0; i < number; ++i) target[i] = (inner_element)BESIDE;
}

#if INNER_LAST

/* The rows of a kernel's input from one on, of one image at x. */
static void load_image(const job *work, const x_element *x, const call *of, int64_t first, int64_t rows,
                       inner_element *target) {
  const strides *apart = &work->of_x;
  x += of->channel * apart->channel;
  for (int64_t i = 0; i < rows; ++i) {
    const int64_t row = inside(of->row + (first + i) * of->row_step, HEIGHT);
    for (int64_t j = 0; j < of->columns; ++j, target += of->channels) {
      const int64_t column = inside(of->column + j * of->column_step, WIDTH);
      if (row < 0 || column < 0) {
        put_beside(of->channels, target);
      } else {
        take_x(x + row * apart->row + column * apart->column, apart->channel, of->channels, target);
      }
    }
  }
}

#else

/* Columns of a row from one to another that lie beside the image. */
static void load_beside(const x_element *line, int64_t apart, const call *of, int64_t from, int64_t to,
                        inner_element *target) {
  for (int64_t j = from; j < to; ++j) {
    const int64_t column = inside(of->column + j * of->column_step, WIDTH);
    if (column < 0) {
      put_beside(1, target + j);
    } else {
      take_x(line + column * apart, 1, 1, target + j);
    }
  }
}

/* The rows of a kernel's input from one on, of one image at x. */
static void load_image(const job *work, const x_element *x, const call *of, int64_t first, int64_t rows,
                       inner_element *target) {
  const strides *apart = &work->of_x;
  for (int64_t channel = of->channel; channel < of->channel + of->channels; ++channel) {
    for (int64_t i = 0; i < rows; ++i, target += of->columns) {
      const int64_t row = inside(of->row + (first + i) * of->row_step, HEIGHT), left = of->left;
      const x_element *line = x + channel * apart->channel + row * apart->row;
      if (row < 0) {
        put_beside(of->columns, target);
        continue;
      }
      load_beside(line, apart->column, of, 0, left, target);
      take_x(line + (of->column + left * of->column_step) * apart->column, of->column_step * apart->column,
             of->right - left, target + left);
      load_beside(line, apart->column, of, of->right, of->columns, target);
    }
  }
}

#endif

/* Some rows of a kernel's outputs to their places in a band of so many: added up, or as they are. */
static void add_outputs(const float *share, const call *of, int64_t rows, const output_move *move, int64_t height,
                        float *total) {
  const strides to = strides_of_band();
  const int64_t channel = INNER_LAST ? 1 : rows * of->out_columns, column = INNER_LAST ? of->filters : 1;
  for (int64_t k = 0; k < move->filters; ++k) {
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t row = move->row + i * BAND_STEP;
      const float *source = share + (move->filter + k) * channel + i * of->out_columns * column;
      float *target = total + (move->to_filter + k) * to.channel + row * to.row + move->column * to.column;
      if (row >= height) break;
      for (int64_t j = 0; j < move->columns; ++j) {
        float *place = target + j * move->column_step * to.column;
        *place = ADDS ? *place + source[j * column] : source[j * column];
      }
    }
  }
}

/* All items of a kernel, from an image to its outputs. */
static void run_kernel(const call *of, int64_t rows, const inner_element *image, const float *packed, float *share,
                       float *workspace) {
  @name@_args args;
  int64_t y[4], items;
  memset(&args, 0, sizeof args);
  args.dims = dims_of(of, rows);
  args.x.data = image;
  args.y.data = share;
  args.packed = packed;
  args.workspace = workspace;
  args.workspace_bytes = 4 * floats_of_call(of, rows).workspace;
  (void)of->shape(&args.dims, y, &items);
  (void)of->run(&args, 0, items);
}

/* What follows the convolution, on a band of an image. */
static void end_band(const layer *of, const job *work, int64_t image, int64_t first, int64_t height, const float *total) {
  const strides from = strides_of_band();
#if CHANNELS_LAST
  for (int64_t i = 0; i < height / SIDE; ++i) {
    for (int64_t j = 0; j < OUT_WIDTH / SIDE; ++j) {
      const pixels sums = {total + i * SIDE * from.row + j * SIDE * from.column, from.row, from.column};
      const residuals residual = residual_at(work, image, 0, first + i * SIDE, j * SIDE);
      finish_pixel(sums, work->numbers, of->apart, residual, y_at(work, image, 0, first / SIDE + i, j), FILTERS);
    }
  }
#else
  for (int64_t k = 0; k < FILTERS; ++k) {
    for (int64_t i = 0; i < height / SIDE; ++i) {
      const pixels sums = {total + k * from.channel + i * SIDE * from.row, from.row, 1};
      const residuals residual = residual_at(work, image, k, first + i * SIDE, 0);
      y_element *y = y_at(work, image, k, first / SIDE + i, 0);
      finish_row(sums, work->numbers + k, of->apart, residual, y, OUT_WIDTH / SIDE);
    }
  }
#endif
}

/* A band of rows of one image: all parts one after another, and then what follows. */
static void run_item(const layer *of, const job *work, int64_t item) {
  const int64_t image = item / BANDS, band = item % BANDS, first = band * BAND * BAND_STEP;
  const int64_t height = least(BAND * BAND_STEP, of->out_height - first);
  float *input = work->workspace + kernel_floats(), *share = input + IMAGE_FLOATS, *total = share + SHARE_FLOATS;
  const float *packed = work->U;
  memset(total, 0, sizeof(float) * (size_t)band_floats());
  for (int64_t i = 0; i < CALLS; ++i) {
    const call *kernel = calls + i;
    const int64_t rows = rows_of(kernel, band);
    if (rows > 0) {
      const x_element *x = work->x + image * work->of_x.image;
      const int64_t start = band * BAND * kernel->stride_down;
      load_image(work, x, kernel, start, input_rows(kernel, rows), (inner_element *)input);
      run_kernel(kernel, rows, (const inner_element *)input, packed, share, work->workspace);
      for (int64_t j = kernel->outputs_begin; j < kernel->outputs_end; ++j) {
        add_outputs(share, kernel, rows, output_moves + j, height, total);
      }
    }
    packed += floats_of_call(kernel, 1).packed;
  }
  end_band(of, work, image, first, height, total);
}

