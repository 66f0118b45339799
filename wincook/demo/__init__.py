"""The main job on a real photo: exact algorithms, compiled, run, judged and timed."""
