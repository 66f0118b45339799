"""Published figures beside those obtained here: one module per paper.

Each paper is computed by its own definition of the error, as far as it states one, on seeded data, and gives a
`Reproduction`: figures, deviations, verdicts, and what else was seen. docs/reproduce.md discusses them.

    finding         one figure as published and as obtained, and its verdict
    papers          the papers by name: `reproduce`
    published.json  the published figures, with their sources

    mean_error      the mean error as Barabasz and Alam define it
    rank            which number tells good points from bad: rank correlations over random sets

    barabasz2020    points for kernels of three taps
    nova2025        points by condition numbers
    sfc2024         cyclotomic factors in float16
    meng2019        complex points in integers
    additions2026   additions after minimisation
    alam2022        points in groups of reciprocals

    field           the sets that libraries and papers use, side by side
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
