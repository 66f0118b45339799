"""Files of the package joined into one text: their imports gathered at the top, their docstrings as comments."""

from __future__ import annotations

import ast
import sys
from functools import lru_cache
from importlib import resources

from wincook.kernels.codegen.families import FAMILIES

BODY = "kernels/codegen/body/{}"


def body_of(parts: tuple[str, ...]) -> tuple[str, list[str]]:
    """The gathered imports of files of the body, and each file without its docstring and imports."""
    return text_of_files(tuple(map(BODY.format, parts)))


@lru_cache(maxsize=8 * len(FAMILIES))  # of all formats
def text_of_files(parts: tuple[str, ...]) -> tuple[str, list[str]]:
    """The same of any files."""
    names: dict[str, set[str]] = {}
    bodies = []
    for part in parts:
        text = resources.files("wincook").joinpath(f"{part}.py").read_text(encoding="utf-8")
        tree = ast.parse(text)
        for node in tree.body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    names[f"import {alias.name} as {alias.asname}" if alias.asname else f"import {alias.name}"] = set()
            elif isinstance(node, ast.ImportFrom) and not str(node.module).startswith(("wincook", "__future__")):
                names.setdefault(f"from {node.module} import ", set()).update(alias.name for alias in node.names)
        rest = [node for node in tree.body[1:] if not isinstance(node, ast.ImportFrom | ast.Import)]
        code = text.splitlines()[min(map(_first_line, rest)) - 1 :]
        space = [""] if isinstance(rest[0], ast.Assign) else ["", ""]
        bodies.append("\n".join([_comment(ast.get_docstring(tree) or ""), *space, *code]))
    return _import_block([head + ", ".join(sorted(imported)) for head, imported in names.items()]), bodies


def _import_block(lines: list[str]) -> str:
    """Imports in the usual order: the standard library, a blank line, the rest."""

    def module(line: str) -> str:
        return line.split()[1]

    ordered = sorted(lines, key=lambda line: (line.startswith("from"), module(line)))
    standard = [line for line in ordered if module(line).split(".")[0] in sys.stdlib_module_names]
    return "\n".join([*standard, "", *(line for line in ordered if line not in standard)])


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _comment(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.strip().splitlines())
