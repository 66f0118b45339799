/* The first elements of @what@ from a place on, as far as a vector goes; zeros behind them. Nothing else is read. */
SOMETIMES static inline vector load_@what@(const @what@_element *place, int64_t number) {
  uint32_t bits[LANES];
  words read;
  if (number >= LANES) {
    for (int lane = 0; lane < LANES; ++lane) bits[lane] = (uint32_t)place[lane];
  } else {
    for (int lane = 0; lane < LANES; ++lane) bits[lane] = (uint32_t)ZERO_OF_@WHAT@;
    for (int64_t lane = 0; lane < number; ++lane) bits[lane] = (uint32_t)place[lane];
  }
  memcpy(&read, bits, sizeof read);
  return @floats@;
}

