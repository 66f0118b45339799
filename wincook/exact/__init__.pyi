# What is public here; each module is loaded when one of its names is used.

from .notation import text as text
from .number import Algebraic as Algebraic
from .number import Number as Number
from .number import nearest as nearest
from .rounded_up import rounded_up as rounded_up
