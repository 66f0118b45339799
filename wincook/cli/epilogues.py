"""What follows a convolution, as the command line names it: the words that headers and plans print."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from wincook.epilogue.epilogue import Epilogue, Pool
from wincook.errors import NotationError, WincookError, quoted

_POOLS: dict[str, Pool] = {"max pool": "max", "average pool": "average"}
_COMMA = re.compile(r",(?![^()]*\))")  # which is not within a clamp(-1, 2)
EpilogueOption = Annotated[
    str,
    typer.Option(
        "--epilogue",
        metavar="WORDS",
        help="What follows the convolution and its bias, in this order: scale (and shift), residual, an activation "
        "(relu, relu6, leaky(0.1), clamp(-1, 2), silu, gelu), max pool or average pool; such as 'residual, relu'.",
        show_default=False,
    ),
]


def read_epilogue(text: str) -> Epilogue:
    """The epilogue of such words; nothing of none.

    Raises:
        NotationError: other words, or in another order; the message names the option.
    """
    words = [" ".join(word.split()) for word in _COMMA.split(text)] if text.strip() else []
    others = [word for word in words if word not in {"scale", "residual", *_POOLS}]
    try:
        epilogue = Epilogue(
            others[0] if others else None,
            scale="scale" in words,
            residual="residual" in words,
            pool=next((_POOLS[word] for word in words if word in _POOLS), None),
        )
    except WincookError as error:
        raise NotationError(f"--epilogue {quoted(text)}: {error}") from None
    if len(words) != len(epilogue.words) or _kinds(words) != _kinds(list(epilogue.words)):
        raise NotationError(
            f"--epilogue {quoted(text)} must be scale, residual, an activation, max pool or average pool, each once "
            "and in this order"
        )
    return epilogue


def _kinds(words: list[str]) -> list[str]:
    return [word if word in {"scale", "residual", *_POOLS} else "activation" for word in words]
