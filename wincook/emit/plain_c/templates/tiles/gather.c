/* x into V: for each output the channels of each of its taps. Beside the image are zeros. */

/* The channels of a tap, from a term on, into the lines of a tile, which are so many floats apart. */
static inline void put_tap(const layer *of, const job *work, const x_element *pixel, int64_t channels, int64_t term,
                           float *line, int64_t apart) {
  const int64_t end = terms_of_tap(of), step = work->of_x.channel;
  for (int64_t channel = 0; channel < end; channel += LANES) {
    const int64_t place = (term + channel) / (IN_FLOAT * LANES) * apart, first = (term + channel) % (IN_FLOAT * LANES);
    const int64_t number = most(0, channels - channel);
#if V_IS_X
    put_x_in_V(line + place, first, least(LANES, end - channel), pixel + channel * step, step, number);
#else
    const vector value = load_x_apart(pixel + channel * step, step, number);
    put_in_V(line + place, first, least(LANES, end - channel), value, first_product(of), channel);
#endif
  }
}

static void load_panel(const layer *of, const job *work, int64_t first, int64_t last) {
  const @name@_dims *dims = &of->dims;
  float *V = work->workspace + places_of(of).V;
  for (int64_t output = first; output < last; ++output) {
    const int64_t row = output / of->out_width % of->out_height * dims->stride_down - dims->top;
    const int64_t column = output % of->out_width * dims->stride_across - dims->left;
    const x_element *image = work->x + output / of->out_width / of->out_height * work->of_x.image;
    float *line = V + line_of_tile(of, output - first, last - first);
    int64_t term = 0;
    for (int64_t i = 0; i < dims->taps_down; ++i) {
      for (int64_t j = 0; j < dims->taps_across; ++j, term += terms_of_tap(of)) {
        const int64_t y = row + i * dims->dilation_down, x = column + j * dims->dilation_across;
        const int is_inside = y >= 0 && y < dims->height && x >= 0 && x < dims->width;
        const x_element *pixel = image + (is_inside ? y * work->of_x.row + x * work->of_x.column : 0);
        put_tap(of, work, pixel, is_inside ? dims->channels : 0, term, line, tallest(last - first) * LANES);
      }
    }
  }
}

