# What is public here; each module is loaded when one of its names is used.

from .nova2025 import best_symmetric_set as best_symmetric_set
from .nova2025 import kappa_finite as kappa_finite
from .papers import PAPERS as PAPERS
from .papers import reproduce as reproduce
