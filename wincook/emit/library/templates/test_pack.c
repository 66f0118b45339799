  status = code->pack(&dims, weights, bias, scale, shift, packed, packed_bytes);
