"""Exact convolution of integers modulo primes.

- `modular`: the construction over GF(p). `ntt`: on the roots of unity.
- `system`: several primes at once. `integer_range`: what the data may be. `accumulators`: how wide sums get before they
  are reduced. `mixed_radix`: integers from their residues.
"""
