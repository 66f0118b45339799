"""What was found, for other programs: nothing is rounded, and exact numbers are text.

- `plain`: each kind of value as plain data, which is what `--json` prints. `values`: what JSON has no notation for.
- `csv`, `latex`: the tables of any view.
- `run`: a run of a command, saved in one file and read back. `difference`: two runs, figure by figure.
- `assertion`: a tolerance as a test that runs.
"""
