"""Both ends of each format: algorithms read from files of any origin, and written for other programs and people."""
