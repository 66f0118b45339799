  if (code->pack_sparse) { /* of blocks, the second of each three is left out */
    @name@_mask mask = {dims.filters, dims.channels, layer->products, 32, 2, 0, NULL};
    const int64_t blocks = mask.products * ((dims.filters + 31) / 32) * ((dims.channels + 1) / 2);
    mask.bytes = (blocks + 7) / 8;
    uint8_t *bits = calloc((size_t)mask.bytes, 1);
    if (!bits) exit(2);
    for (int64_t i = 0; i < blocks; ++i) bits[i / 8] = (uint8_t)(bits[i / 8] | (i % 3 != 1) << (7 - i % 8));
    mask.bits = bits;
    status = code->pack_sparse(&dims, &mask, weights, bias, scale, shift, packed, packed_bytes, 0);
    mask.bytes += 1;
    if (!status && code->pack_sparse(&dims, &mask, weights, bias, scale, shift, packed, packed_bytes, 0) != @NAME@_ARGUMENT) status = -1;
    free(bits);
  } else {
    status = code->pack(&dims, weights, bias, scale, shift, packed, packed_bytes);
  }
