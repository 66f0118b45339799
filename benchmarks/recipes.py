"""Write the figures of all recipes that the choice of an algorithm reads.

    python -m benchmarks.recipes

Run it where the atlas, the passes of programs, or the prediction of errors changed.
"""

from __future__ import annotations

from pathlib import Path

import wincook
from wincook.files import write_atomically
from wincook.kernels.choice.recipe import TABLE
from wincook.kernels.choice.recipe_table import all_recipes, table_text


def main() -> None:
    """Write the file."""
    recipes = all_recipes()
    place = Path(wincook.__file__).parent / "kernels" / "choice" / TABLE
    write_atomically(place, table_text(recipes).encode())
    print(f"{len(recipes)} recipes")


if __name__ == "__main__":
    main()
