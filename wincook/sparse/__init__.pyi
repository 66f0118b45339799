# What is public here; each module is loaded when one of its names is used.

from .energy import Energy as Energy
from .error import PruningError as PruningError
from .error import pruning_error as pruning_error
from .mask import Mask as Mask
from .prune import prune as prune
from .simulate import simulate as simulate
from .stored import as_json as as_json
from .stored import from_json as from_json
from .stored import read_mask as read_mask
from .stored import write_mask as write_mask
from .transform import transformed as transformed
