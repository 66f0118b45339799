"""Small integers in the Winograd domain.

- `snr`: the ratio of signal to noise, and how errors of products reach y.
- `scheme`: how U and V may be quantised. `of_scheme`: what that costs on layers that are drawn, in decibels.
- `calibrated`: what it costs a layer on its own images, by the scales of a calibration. `predict_snr`: in closed form.
- `drawn`: a layer and images of a law. `of_law`: the same for these, in any format of products.
"""
