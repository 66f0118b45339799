"""Each kind of value as plain data: what `--json` prints.

- `errors`, `comparison`, `conditions`, `ranges`, `quantisation`, `tolerance`: of an analysis.
- `verdict`: proofs, and what was found in matrices. `residues`: a residue system.
- `reproduction`: published figures beside those obtained. `demo`: what the demo measured.

Algorithms and programs have theirs in `wincook.interchange.write.plain`, since `wincook.load` reads them back.
"""
