"""Published figures beside those obtained here: one module per paper."""
