"""Which statements change a matrix, and which only use it."""

from __future__ import annotations

import pytest

from wincook.interchange.read.syntax.declared.declarations import declared_findings
from wincook.interchange.read.syntax.language import JAVA, MATLAB, C, Language

GIVEN = "float G[2][2] = {{1, 2}, {3, 4}};\n"


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("G[1][0] = 2;", "G[1][0] = 2"),
        ("G[i][j] *= x;", "G[i][j] *= x"),
        ("G[0][0]++;", "G[0][0] ++ "),
        ("memset(G, 0, n);", "memset(G,0,n)"),
        ("std::copy(a, b, G[0]);", "std::copy(a,b,G[0])"),
        ("w->G[0][0] = 1;", "w->G[0][0] = 1"),
        ("swap(x, G);", "swap(x,G)"),
    ],
)
def test_changes_are_noted_with_their_lines(statement: str, shown: str) -> None:
    (change,) = declared_findings(f"{GIVEN}void f() {{ {statement} }}", C, {}).changes
    assert (change.name, change.statement, change.line, change.scope) == ("G", shown, 2, ())


@pytest.mark.parametrize(
    "statement", ["x = G[1][0];", "memcpy(p, G, n);", "use(G);", "if (G[0][0] == 1) {}", "std::copy(G, G + 4, out);"]
)
def test_uses_are_no_changes(statement: str) -> None:
    assert declared_findings(f"{GIVEN}void f() {{ {statement} }}", C, {}).changes == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("class V { float[][] G = {{1, 2}, {3, 4}}; } class W { void f() { G[0][0] = 1; } }", JAVA),
        (f"const {GIVEN} void f() {{ G[0][0] = 1; }}", C),
    ],
)
def test_constants_and_those_of_others_are_not_changed(text: str, language: Language) -> None:
    assert declared_findings(text, language, {}).changes == []


def test_parts_in_matlab() -> None:
    (change,) = declared_findings("G = [1 2; 3 4];\nG(2,:) = 0;", MATLAB, {}).changes
    assert change.statement == "G(2,:)= …"
