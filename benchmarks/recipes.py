"""Write the figures of all recipes that the choice of an algorithm reads.

    python -m benchmarks.recipes

Run it where the atlas, the passes of programs, or the prediction of errors changed.
"""

from __future__ import annotations

from pathlib import Path

import wincook
from wincook.files import write_atomically
from wincook.kernels.choice.recipe import PAIRS, TABLE, table
from wincook.kernels.choice.recipe_table import all_recipes, pairs_text, table_text


def main() -> None:
    """Write the files."""
    folder = Path(wincook.__file__).parent / "kernels" / "choice"
    recipes = all_recipes()
    write_atomically(folder / TABLE, table_text(recipes).encode())
    print(f"{len(recipes)} recipes")
    table.cache_clear()
    write_atomically(folder / PAIRS, pairs_text().encode())


if __name__ == "__main__":
    main()
