/* What follows the sums of one filter: a row of y from SIDE rows of sums, and of the residual. All of the last vectors
   of sums can be read. */
static void finish_row(pixels sums, const float *numbers, int64_t apart, residuals residual, y_element *y, int64_t width) {
  vector of_filter[FILTER_ROWS];
  for (int i = 0; i < FILTER_ROWS; ++i) of_filter[i] = broadcast(numbers[i * apart]);
  for (int64_t j = 0; j < width; j += LANES) {
#if SIDE == 1
    store_y(y + j, finished(load(sums.first + j), of_filter, added(residual.first, j, width - j)), width - j);
#else
    vector squares[SIDE * SIDE];
    for (int i = 0; i < SIDE; ++i) {
      const int64_t first = SIDE * j, second = first + LANES, here = i * residual.row, number = SIDE * width;
      const float *row = sums.first + i * sums.row;
      const vector a = finished(load(row + first), of_filter, added(residual.first, here + first, number - first));
      const vector b = finished(load(row + second), of_filter, added(residual.first, here + second, number - second));
      squares[i * SIDE] = even_lanes(a, b);
      squares[i * SIDE + 1] = odd_lanes(a, b);
    }
    store_y(y + j, pooled(squares), width - j);
#endif
  }
}

