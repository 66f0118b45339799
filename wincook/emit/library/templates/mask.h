
/* Which blocks of transformed filters are kept, as `wincook.sparse.Mask` has them, or write_mask in JSON. */
typedef struct @name@_mask {
  int64_t filters, channels, products; /* of the layer, and of its tile */
  int64_t block_filters, block_channels; /* of a block */
  int64_t bytes; /* of bits */
  const uint8_t *bits; /* of each product, block of filters and block of channels, in this order, whether it is kept: eight
                          in a byte, the first one highest; zeros fill up the last */
} @name@_mask;
