# What is public here; each module is loaded when one of its names is used.

from .objective import OBJECTIVES as OBJECTIVES
from .objective import Objective as Objective
from .objective import objective_of as objective_of
from .running.outcome import Outcome as Outcome
from .running.outcome import Progress as Progress
from .running.run import run as run
from .running.store import Store as Store
from .running.store import StoredRun as StoredRun
from .running.store import default_store as default_store
from .search import Search as Search
from .sets.space import FAMILIES as FAMILIES
from .sets.space import PRESENCE as PRESENCE
from .sets.space import Space as Space
from .strategies import FINITE as FINITE
from .strategies import STRATEGIES as STRATEGIES
from .sweep import Scored as Scored
from .sweep import Sweep as Sweep
from .winner import Winner as Winner
from .winner import published as published
from .winner import winners as winners
