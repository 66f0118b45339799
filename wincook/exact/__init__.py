"""Exact numbers: how they are written, held, converted and computed with. No float touches the algebra.

- `numeral`: the one reader of numerals, 12, 0.3, 1e-1.
- `notation`: points and expressions as people write them, to sympy and back.
- `expansion`: how large an expression grows when it is multiplied out.
- `field`: the field that holds given numbers, and arithmetic in it.
- `conversion`: exact numbers from what Python programs hold.
- `number`: the same without sympy, for programs: fractions, and real algebraic numbers.
- `polynomial`, `matrix`: what constructions need of both.
- `rounded_up`: bounds in few digits.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
