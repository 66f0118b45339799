"""What errors are, on tiles that are drawn.

- `measure`: the programs run in rounded arithmetic, against arithmetic that is exact or nearly so.
- `tiles`: how tiles are drawn and computed. `reference`: what they are held against. `statistics`: of the errors.
- `ulp_distribution`: how often a Gaussian error is so many ulps. `simulate_layer`: a whole layer, in any format;
  `simulate_direct`: the same by sums of products. `quantised`: products of integers in both.
"""
