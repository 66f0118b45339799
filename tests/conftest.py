"""Property tests draw the same examples everywhere, and no example is timed."""

from hypothesis import settings

settings.register_profile("wincook", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("wincook")
