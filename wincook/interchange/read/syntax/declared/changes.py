"""Statements that change a matrix after it was given, in any language but Python: they are noted, and not followed.

BT[3][3] = 1;        G[i][j] *= 2;        AT[0][0]++;        memset(G, 0, sizeof(G));        G(2,:) = 2*G(2,:)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wincook.interchange.read.syntax.declared.extents import Extents
from wincook.interchange.read.syntax.declared.left_side import LeftSide
from wincook.interchange.read.syntax.words import Word, name_at, text_at
from wincook.interchange.read.tables import Change, Findings

CHANGING = {"+=", "-=", "*=", "/=", "++", "--"}
_FIRST, _THIRD, _ALL = slice(0, 1), slice(2, 3), slice(None)
_FILLING = {  # which of the arguments a call changes
    **dict.fromkeys(("memset", "memcpy", "memmove", "bzero", "fill", "fill_n", "fill!", "copyto!", "sort"), _FIRST),
    **dict.fromkeys(("copy", "copy_n", "arraycopy"), _THIRD),
    **dict.fromkeys(("swap", "transform", "swap!", "rotate", "reverse"), _ALL),
}
_LONGEST_LEFT, _LONGEST_SHOWN, _LONGEST_CHANGE = 40, 60, 12
_MEMBER = re.compile(r"\.|->|::")


class Changes:
    """Notes changes among the findings; `fixed` are the names of constants, which no statement changes."""

    def __init__(self, words: Sequence[Word], extents: Extents, left: LeftSide, findings: Findings) -> None:
        self.words = words
        self.extents = extents
        self.left = left
        self.findings = findings
        self.fixed: set[str] = set()

    def assigned(self, place: int, scope: Sequence[str]) -> None:
        """What the sign at a place changes: `BT[3][3] = 1`, `G *= 2`, `AT[0][0]++`."""
        name = self.left.read(place)[0]
        if name:
            end = self.extents.end(place + 1, _LONGEST_CHANGE)
            shown = "".join(
                f" {word.text} " if word.text in {"=", *CHANGING} else word.text
                for word in self.words[self.left.start(place) : end]
            )
            self._note(name, shown, self.words[place].line, scope)

    def part_assigned(self, place: int, scope: Sequence[str]) -> None:
        """`G(2,:) = …`, as Matlab writes it."""
        opening = place - 1
        if text_at(self.words, opening) != ")":
            return
        while opening > max(0, place - _LONGEST_LEFT) and text_at(self.words, opening) != "(":
            opening -= 1
        if name := name_at(self.words, opening - 1):
            shown = "".join(word.text for word in self.words[opening - 1 : place + 1])
            self._note(name, f"{shown} …", self.words[place].line, scope)

    def called(self, place: int, scope: Sequence[str]) -> None:
        """A call that changes what it is given, by its opening bracket: `memset(G, 0, sizeof(G))`."""
        changed = _FILLING.get(_MEMBER.split(text_at(self.words, place - 1))[-1])
        if changed is None:
            return
        end = min(self.extents.partners[place], place + _LONGEST_LEFT, len(self.words) - 1)
        shown = "".join(word.text for word in self.words[place - 1 : end + 1])
        for argument in self._arguments(place + 1, end)[changed]:
            for word in argument:
                if word.kind == "NAME":
                    self._note(word.text, shown, word.line, scope)

    def _arguments(self, start: int, end: int) -> list[list[Word]]:
        """The words of each argument of a call."""
        arguments: list[list[Word]] = [[]]
        depth = 0
        for word in self.words[start:end]:
            depth += (word.text in {"(", "["}) - (word.text in {")", "]"})
            if word.text == "," and not depth:
                arguments.append([])
            else:
                arguments[-1].append(word)
        return arguments

    def scope_of(self, name: str, scope: Sequence[str]) -> tuple[str, ...] | None:
        """The innermost scope around that has a matrix of the name; None if it is constant, or another's.

        A member, `w->BT`, is that of any scope.
        """
        last = _MEMBER.split(name)[-1]
        scopes = [table.scope for table in self.findings.tables if table.name == last]
        if last in self.fixed or not scopes:
            return None
        if last != name:
            return scopes[-1]
        around = [known for known in scopes if tuple(scope[: len(known)]) == known]
        return max(around, key=len) if around else None

    def _note(self, name: str, shown: str, line: int, scope: Sequence[str]) -> None:
        known = self.scope_of(name, scope)
        if known is not None:
            self.findings.changes.append(Change(_MEMBER.split(name)[-1], shown[:_LONGEST_SHOWN], line, known))
