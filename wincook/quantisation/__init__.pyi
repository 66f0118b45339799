# What is public here; each module is loaded when one of its names is used.

from .affine import Affine as Affine
from .calibrate import calibrate as calibrate
from .calibration import Calibration as Calibration
from .statistics import Statistics as Statistics
from .stored import as_json as as_json
from .stored import from_json as from_json
from .stored import read_calibration as read_calibration
from .stored import write_calibration as write_calibration
