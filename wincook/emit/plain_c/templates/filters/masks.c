/* Masks: of each product, block of filters and block of channels, in this order, whether it is kept. */

/* Whether of so many, some that this code keeps together lie in different blocks of a mask. */
static int are_apart(int64_t number, int64_t together, int64_t block) {
  for (int64_t first = 0; first < number; first += together) {
    if (first / block != (least(first + together, number) - 1) / block) return 1;
  }
  return 0;
}

static int64_t parts_at_most(int64_t number, int64_t size) { return parts(number, least(number, size)); }

/* Whether a mask is of this layer and tile, and its blocks are those of this code or multiples. */
static int32_t status_of_mask(const @name@_mask *mask, const @name@_dims *dims) {
  int64_t bits;
  if (mask->filters != dims->filters || mask->channels != dims->channels) return @NAME@_ARGUMENT;
  if (mask->products != PRODUCTS || !mask->bits) return @NAME@_ARGUMENT;
  if (mask->block_filters < 1 || mask->block_channels < 1) return @NAME@_ARGUMENT;
  bits = PRODUCTS * parts_at_most(dims->filters, mask->block_filters);
  bits *= parts_at_most(dims->channels, mask->block_channels);
  if (mask->bytes != parts(bits, 8)) return @NAME@_ARGUMENT;
  if (mask->bits[mask->bytes - 1] & ((1 << (mask->bytes * 8 - bits)) - 1)) return @NAME@_ARGUMENT;
  if (are_apart(dims->filters, BLOCK, mask->block_filters)) return @NAME@_NO_IMPLEMENTATION;
  if (are_apart(dims->channels, IN_WORD, mask->block_channels)) return @NAME@_NO_IMPLEMENTATION;
  return @NAME@_OK;
}

/* Whether a word of channels of a block of filters is kept; all are, without a mask. */
static int is_kept(const @name@_mask *mask, int64_t product, int64_t block, int64_t word) {
  int64_t place;
  if (!mask) return 1;
  place = product * parts_at_most(mask->filters, mask->block_filters) + block * BLOCK / mask->block_filters;
  place = place * parts_at_most(mask->channels, mask->block_channels) + word * IN_WORD / mask->block_channels;
  return mask->bits[place / 8] >> (7 - place % 8) & 1;
}

