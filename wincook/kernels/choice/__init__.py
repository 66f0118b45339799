"""Which algorithm a layer gets when its user names none: the quickest within a limit on the error.

In the order of use:

    error_limit   how much error is allowed, as people write it
    recipe        algorithms of one axis: products, operations and error of each
    recipe_table  these figures, computed ahead of time
    machine       what this machine can do: arithmetic and memory, in numbers
    remembered    what was measured on this machine, kept in the cache folder
    cost          the time of a plan, predicted, and what it is spent on
    rank          the plans of a plain layer, the quickest first
    tuned         which of them won on this machine, where that was tried
    choose        the ways to compute any layer, the quickest first
    narrow        the same in narrow formats, chosen for their noise
"""
