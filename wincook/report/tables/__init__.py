"""The view of each kind of value: which tables it has, and which sentences stand beside them.

- `errors`, `comparison`, `conditions`, `ranges`, `quantisation`, `scales`, `tolerance`: of an analysis.
- `algorithm`: counts, matrices and programs. `residues`: a residue system.
- `reproduction`: published figures beside those obtained. `demo`: what the demo measured.

A view holds the values as they were computed beside the texts for people; every medium is made from it.
"""
