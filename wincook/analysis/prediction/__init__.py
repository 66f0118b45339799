"""The RMS error in closed form.

- `predict`: the prediction. `moments`: second moments of the data. `propagation`: how they and errors pass a stage.
- `rounding_noise`: the errors that are made; `rounding_constant`: by one rounding; `twins`: by a + b and b - a.
- `constant_errors`: by constants that a format cannot hold.
- `rounded_sums`: a program as float arrays. `caveats`: what makes a prediction less certain.
- `batch`: a model of all this for many sets of points at once, compiled.
"""
