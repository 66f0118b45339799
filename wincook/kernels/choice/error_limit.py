"""How much error a layer may have: relative RMS, or a signal-to-noise ratio in decibels."""

from __future__ import annotations

from wincook.arguments import real_number
from wincook.errors import NotationError, WincookError, quoted
from wincook.exact.numeral import numeral

DEFAULT_LIMIT = 3e-6
_MOST_DECIBELS = 1000


def error_limit(max_error: object) -> float:
    """The RMS of the error over the RMS of y that is allowed, as a number, or in text with `dB` behind decibels.

    Raises:
        NotationError: no positive number; negative decibels.

    >>> error_limit("1e-5"), error_limit("60 dB")
    (1e-05, 0.001)
    """
    if not isinstance(max_error, str):
        return real_number("max_error", max_error, above=0)
    text = max_error.strip()
    in_decibels = text.lower().endswith("db")
    try:
        number = float(numeral(text[:-2].strip() if in_decibels else text))
        if in_decibels:
            return 10 ** (-real_number("decibels", number, least=0, most=_MOST_DECIBELS) / 20)
        return real_number("max_error", number, above=0)
    except (WincookError, OverflowError):
        raise NotationError(
            f"max_error = {quoted(max_error)} must be a relative RMS error above 0, such as 3e-6, or decibels, "
            "such as 110 dB"
        ) from None


def error_at(min_snr: str) -> float:
    """The same of a signal-to-noise ratio, in decibels with or without `dB` behind them.

    Raises:
        NotationError: no such ratio.

    >>> error_at("60 dB"), error_at("60")
    (0.001, 0.001)
    """
    text = min_snr.strip()
    try:
        return error_limit(text if text.lower().endswith("db") else f"{text} dB")
    except NotationError:
        raise NotationError(
            f"min_snr = {quoted(min_snr)} must be a signal-to-noise ratio in decibels, such as 35dB"
        ) from None
