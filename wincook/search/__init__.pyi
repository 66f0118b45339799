# What is public here; each module is loaded when one of its names is used.

from .objective import OBJECTIVES as OBJECTIVES
from .objective import Objective as Objective
from .objective import objective_of as objective_of
from .outcome import Outcome as Outcome
from .outcome import Progress as Progress
from .run import run as run
from .search import Search as Search
from .space import FAMILIES as FAMILIES
from .space import PRESENCE as PRESENCE
from .space import Space as Space
from .store import Store as Store
from .store import StoredRun as StoredRun
from .store import default_store as default_store
from .strategies import FINITE as FINITE
from .strategies import STRATEGIES as STRATEGIES
from .sweep import Scored as Scored
from .sweep import Sweep as Sweep
from .winner import Winner as Winner
from .winner import published as published
from .winner import winners as winners
