"""What errors stay below: always, or with a probability that is given.

- `standard_model`: what one operation adds. `error_forms`: how each rounding reaches the outputs, exactly.
- `worst_case`: a bound for all data within a reach; `reach`: which data that is, and how likely a sample leaves it.
- `probabilistic`: one that an output exceeds with probability p at most; `variance_moments`: how the variance of an
  error varies with the data.
- `tolerance`: the atol and rtol of a test. `adversary`: inputs that come near the worst case.
"""
