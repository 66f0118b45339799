# What is public here; each module is loaded when one of its names is used.

from .mask import Mask as Mask
from .stored import as_json as as_json
from .stored import from_json as from_json
from .stored import read_mask as read_mask
from .stored import write_mask as write_mask
