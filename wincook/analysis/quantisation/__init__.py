"""Small integers in the Winograd domain.

- `scheme`: how U and V are quantised. `sqnr`: what that costs on layers that are drawn, in decibels.
- `calibrated`: what it costs a layer on its own images, by the scales of a calibration. `predict_snr`: in closed form.
- `of_law`: the same for data of a law, in any format of products, before there are weights.
"""
