# What is public here; each module is loaded when one of its names is used.

from .entry import Entry as Entry
from .file import read_atlas as read_atlas
from .file import write_atlas as write_atlas
from .lookup import NEAREST as NEAREST
from .lookup import PREFERRED as PREFERRED
from .lookup import Choice as Choice
from .lookup import entries as entries
from .lookup import look_up as look_up
from .lookup import points_for as points_for
from .parts import MEASURES as MEASURES
from .parts import Conditions as Conditions
from .parts import Counts as Counts
from .parts import Errors as Errors
from .parts import Origin as Origin
from .parts import Proven as Proven
from .parts import Published as Published
from .reasons import reasons as reasons
