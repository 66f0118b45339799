"""Exact numbers and the field's notation in ASCII, for files and terminals that hold no more."""

from __future__ import annotations

import re

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀ", "0123456789+-T")
_RADICAND = re.compile(r"\d+|sqrt\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SPELT = str.maketrans(
    {"±": "+-", "∞": "inf", "√": "sqrt", "·": "*", "×": "x", "÷": "/", "−": "-", "–": "-", "—": "-", "…": "..."}
    | {"≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "→": "->", "’": "'", "★": "*", "⊙": "*", "‖": "||"}
    | {"κ": "kappa", "σ": "sigma", "ρ": "rho", "Σ": "sum", "Π": "prod", "∂": "d"}
    | {"░": ".", "▒": ":", "▓": "*", "█": "#"}
)


def ascii_text(words: str) -> str:
    r"""Text in ASCII alone: points and numbers as `Points.parse` takes them, the rest as it is commonly spelt.

    What has no such spelling is given by its code.

    >>> print(ascii_text("0, ±1/2, ±2√2, ∞; κ∞ ≤ 2·10⁻³, ‖·‖₁ of x²+1: ü"))
    0, +-1/2, +-2*sqrt(2), inf; kappa_inf <= 2*10^-3, norm_1 of x^2+1: \xfc
    """
    if words.isascii():
        return words
    words = words.replace("κ∞", "kappa_inf").replace("‖·‖∞", "norm_inf").replace("‖·‖", "norm").replace("·", "*")
    words = re.sub(r"(?<=[\w)])√", "*√", words)
    while "√" in words:  # the last one first: it stands within the others
        before, _, after = words.rpartition("√")
        radicand = _RADICAND.match(after)
        words = f"{before}sqrt({radicand[0]}){after[radicand.end() :]}" if radicand else f"{before}sqrt{after}"
    words = re.sub("[⁰¹²³⁴-⁹⁺⁻ᵀ]+", lambda raised: f"^{raised[0].translate(_RAISED)}", words)
    words = re.sub("[₀-₉]+", lambda lowered: f"_{lowered[0].translate(_LOWERED)}", words)
    return words.translate(_SPELT).encode("ascii", "backslashreplace").decode()
