/* What follows the sums of some filters: one pixel of y from SIDE x SIDE pixels of sums, and of the residual. All of
   the last vectors of sums and numbers can be read. */
static void finish_pixel(pixels sums, const float *numbers, int64_t apart, residuals residual, y_element *y, int64_t number) {
  for (int64_t lane = 0; lane < number; lane += LANES) {
    vector of_filter[FILTER_ROWS], squares[SIDE * SIDE];
    for (int i = 0; i < FILTER_ROWS; ++i) of_filter[i] = load(numbers + i * apart + lane);
    for (int i = 0; i < SIDE; ++i) {
      for (int j = 0; j < SIDE; ++j) {
        const vector value = load(sums.first + i * sums.row + j * sums.column + lane);
        const int64_t here = i * residual.row + j * residual.column + lane;
        squares[i * SIDE + j] = finished(value, of_filter, added(residual.first, here, number - lane));
      }
    }
    store_y(y + lane, pooled(squares), number - lane);
  }
}

