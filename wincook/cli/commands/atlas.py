"""`wincook atlas`: the best points known, sets beside them, and what they win."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wincook.atlas.entry import Entry
from wincook.atlas.lookup import entries, look_up
from wincook.atlas.reasons import reasons
from wincook.cli.answer import AsOption, JsonOption, Output, SaveOption
from wincook.cli.completion import among
from wincook.cli.numbers import WHOLE, read_whole
from wincook.cli.options import NoLimitOption, SeedOption, VerboseOption
from wincook.errors import NotationError
from wincook.precision import PRESETS, Precision
from wincook.report.data.plain.atlas import plain_choice, plain_entry, plain_rankings
from wincook.report.tables.atlas import choice_view, entries_table, rankings_view, reasons_table
from wincook.tile import Tile


def atlas(
    context: typer.Context,
    what: Annotated[
        str | None,
        typer.Argument(
            help="F(m,r), whose entries are printed; or compare, or why. Left out, all entries are printed.",
            metavar="TILE|compare|why",
        ),
    ] = None,
    subject: Annotated[
        str | None,
        typer.Argument(
            help="For compare a file of sets: a .txt file of lines such as 'F(4,3) on 0,±1,±2,inf', a .json file with "
            "a list of them, or a file of matrices. For why the tile.",
            metavar="FILE|TILE",
        ),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            autocompletion=among(PRESETS),
            help="The format of the entries, or a policy. Default: all of them; float32 for compare and why.",
        ),
    ] = None,
    extra: Annotated[
        int | None,
        typer.Option(
            "--extra",
            parser=read_whole,
            metavar=WHOLE,
            help="How many products the entries take beyond m + r - 1 on each axis. Default: any number; 0 for why.",
        ),
    ] = None,
    dimension: Annotated[
        int | None,
        typer.Option(
            "--dimension", parser=read_whole, metavar=WHOLE, help="Print entries of tiles with so many axes alone."
        ),
    ] = None,
    taps: Annotated[
        int | None,
        typer.Option(
            "--taps", "-r", parser=read_whole, metavar=WHOLE, help="Print entries of filters of r taps alone."
        ),
    ] = None,
    tile: Annotated[
        str | None,
        typer.Option("--tile", metavar="TILE", help="For compare, the tile of the sets in the file that name none."),
    ] = None,
    samples: Annotated[
        int,
        typer.Option(
            "--samples",
            "-n",
            parser=read_whole,
            metavar=WHOLE,
            help="For compare, how many tiles are measured, at least 8; with 0 errors are predicted alone.",
        ),
    ] = 0,
    seed: SeedOption = 0,
    answer: AsOption = "text",
    as_json: JsonOption = False,
    save: SaveOption = None,
    _no_limit: NoLimitOption = False,
    _verbose: VerboseOption = 0,
) -> None:
    """Print the best points known for a tile, rank sets beside them, or say what they win.

    Example: wincook atlas "F(6x6,3x3)"; wincook atlas compare sets.txt -n 500; wincook atlas why "F(6x6,3x3)"
    """
    output = Output.of(context, answer, as_json, save)
    if what in {"compare", "why"} and subject is None:
        raise NotationError(f"atlas {what} needs {'a file of sets' if what == 'compare' else 'a tile, such as F(4,3)'}")
    if what == "compare":
        _compare(output, Path(str(subject)), tile, precision or "float32", samples, seed)
    elif what == "why":
        _why(output, str(subject), precision or "float32", extra or 0)
    elif subject is not None:
        raise NotationError(f"atlas takes one tile; for others write compare FILE, or why TILE, not {what} {subject}")
    else:
        _list(output, what, precision, extra, dimension, taps)


def _list(
    output: Output, tile: str | None, precision: str | None, extra: int | None, dimension: int | None, taps: int | None
) -> None:
    """The entries that fit what is asked; what a tile gets that has none."""
    wanted = None if tile is None else Tile.of(tile)
    policy = None if precision is None else str(Precision.of(precision))

    def fits(entry: Entry) -> bool:
        return (
            (wanted is None or entry.tile == wanted)
            and (policy is None or entry.format == policy)
            and (extra is None or entry.extra == extra)
            and (dimension is None or entry.tile.dimension == dimension)
            and (taps is None or {*entry.tile.taps} == {taps})
        )

    fitting = [entry for entry in entries() if fits(entry)]
    if wanted is not None and not fitting:
        choice = look_up(wanted, policy or "float32", extra or 0)
        output.answer(plain_choice(wanted, choice), choice_view(wanted, choice))
        return
    if not fitting:
        raise NotationError("no entry of the atlas is like that; leave an option out, or name a tile")
    output.answer([plain_entry(entry) for entry in fitting], entries_table(fitting))


def _why(output: Output, tile: str, precision: str, extra: int) -> None:
    """Sentences on the entry of a tile."""
    wanted = Tile.of(tile)
    choice = look_up(wanted, precision, extra)
    said = [f"{choice.note}."] if choice.note else []
    said += reasons(choice.entry) if choice.entry else [f"They are {choice.point_names}."]
    data, text = plain_choice(wanted, choice) | {"reasons": said}, "\n".join(said)
    output.answer(data, reasons_table(wanted, said), document=f"{text}\n")


def _compare(output: Output, path: Path, tile: str | None, precision: str, samples: int, seed: int) -> None:
    """Sets of a file beside the atlas."""
    from wincook.cli.atlas_sets import read_sets
    from wincook.cli.watch import telling
    from wincook.search.entries.ranking import rank

    algorithms = read_sets(path, tile)
    with telling(f"{len(algorithms)} sets beside the atlas"):
        rankings = rank(algorithms, precision, samples=samples, seed=seed)
    output.answer(plain_rankings(rankings), rankings_view(rankings))
