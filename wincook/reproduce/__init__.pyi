# What is public here; each module is loaded when one of its names is used.

from .papers import PAPERS as PAPERS
from .papers import reproduce as reproduce
