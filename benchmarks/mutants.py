"""How many of N random mutants the tests kill: `make mutants`, or python benchmarks/mutants.py --help.

A mutant is a module in which one operator, comparison or constant is another one; cosmic-ray makes them. Each is tried
in a copy of the tree, so that a run that is cut off leaves nothing behind: first by the tests that mirror or import its
module, its own examples, and what holds of every module, then by all tests of its chapter. The first failure kills it,
and so does the clock. The sample is that of the seed: places first, each as likely as another, then what is done to the
place.

Survivors are printed as diffs. One that computes the same is no fault of the tests; those stand, with the reason, in
benchmarks/mutants.toml, and count for nothing. Exits with 1 if fewer are killed than --least.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from queue import SimpleQueue

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).parents[1]
CHAPTERS = ("exact", "points", "construct", "interchange", "program", "analysis", "judge", "layers", "kernels")
COPIED = ("wincook", "tests", "pyproject.toml")
OF_ANY = ("tests/test_conventions.py", "tests/test_estimates.py")  # tests of all modules
LEFT_OUT = Path("wincook/kernels/codegen/body")  # numba compiles it: what it computes is held against the interpreter
# An operator becomes one of its own kind, lest most mutants die of a TypeError.
FAMILIES = (
    {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"},
    {"LShift", "RShift", "BitOr", "BitAnd", "BitXor"},
    {"Lt", "LtE", "Gt", "GtE", "Eq", "NotEq"},
    {"Is", "IsNot"},
    {"In", "NotIn"},
    {"USub", "UAdd"},
    {"Delete", "Not"},
)
OTHERS = {
    "NumberReplacer",
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
}
_LINES_SHOWN = 30
_PATIENCE = 10  # seconds of a clock, for one of the processor: others may use it as well
Place = tuple[Path, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """The occurrence of an operator of cosmic-ray in a module."""

    module: Path
    operator: str
    occurrence: int

    def texts(self, root: Path) -> tuple[str, str]:
        """The module as it is in a tree, and as the mutant has it."""
        source = (root / self.module).read_text(encoding="utf-8")
        return source, mutate_code(source, get_operator(self.operator)(), self.occurrence) or source

    def is_another(self, root: Path) -> bool:
        """Whether it differs in more than its spelling: 1e150 + 1 is 1e150; what is no Python is another."""
        before, after = map(_meaning, self.texts(root))
        return before != after

    def diff(self, root: Path) -> list[str]:
        """What differs: lines that go, and lines that come."""
        before, after = (text.splitlines() for text in self.texts(root))
        return list(difflib.unified_diff(before, after, str(self.module), "", n=0, lineterm=""))

    @property
    def chapter(self) -> str:
        """The package that it is of."""
        return self.module.parts[1]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant, and the lines that it changed."""

    mutant: Mutant
    diff: list[str]
    killed: bool
    seconds: float


def _meaning(text: str) -> str:
    try:
        return ast.dump(ast.parse(text))
    except SyntaxError:
        return text


def places(root: Path, module: Path) -> Iterator[tuple[tuple[int, int], Mutant]]:
    """All mutants of a module, and where each begins; annotations are never computed, and left alone."""
    source = (root / module).read_text(encoding="utf-8")
    annotated = set(_annotations(ast.parse(source)))
    nodes = list(ast_nodes(get_ast(source)))
    for name in filter(_is_plausible, operator_names()):
        operator = get_operator(name)
        positions = (position for node in nodes for position in operator().mutation_positions(node))
        for occurrence, (start, _) in enumerate(positions):
            if start not in annotated:
                yield start, Mutant(module, name, occurrence)


def _is_plausible(name: str) -> bool:
    kind, *pair = name.partition("/")[2].rsplit("_", 2)
    return kind in OTHERS if not pair else any(family.issuperset(pair) for family in FAMILIES)


def _annotations(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """Every place (line, column) inside one, or in the Literal of a name for one."""
    for node in ast.walk(tree):
        literal = node if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal" else None
        for note in (getattr(node, "annotation", None), getattr(node, "returns", None), literal):
            if isinstance(note, ast.expr) and note.end_col_offset is not None:
                yield from ((note.lineno, column) for column in range(note.col_offset, note.end_col_offset))


def sample(root: Path, modules: list[Path], number: int, seed: int) -> list[Mutant]:
    """So many mutants, no two in one place."""
    at: dict[Place, list[Mutant]] = defaultdict(list)
    for module in modules:
        for start, mutant in places(root, module):
            at[module, start].append(mutant)
    rng = random.Random(seed)
    chosen = rng.sample(sorted(at), min(number, len(at)))
    return [rng.choice(at[place]) for place in chosen]


def stages(root: Path, module: Path) -> list[list[str]]:
    """The tests to run, the likeliest to fail first."""
    chapter = Path("tests", module.parts[1])
    dotted = ".".join(module.with_suffix("").parts)
    near = [
        test.relative_to(root)
        for test in sorted((root / chapter).rglob("test_*.py"))
        if test.stem == f"test_{module.stem}" or dotted in test.read_text(encoding="utf-8")
    ]
    return [[str(module), *map(str, near), *OF_ANY], [str(chapter)]]


class Tree:
    """A copy of the project, in which one mutant at a time is tried."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
        command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "wincook", "tests"]
        subprocess.run(command, cwd=folder, check=True)  # so that byte code never outlives its source

    @property
    def log(self) -> Path:
        """What pytest last said."""
        return self.folder / "log"

    def passes(self, tests: list[str], seconds: float) -> bool:
        """Whether these tests pass, in so much time of the processor."""
        paths = [str(self.folder), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
        with (
            self.log.open("wb") as log,
            subprocess.Popen(
                command,
                cwd=self.folder,
                env=os.environ | environment | {"XDG_CACHE_HOME": str(self.folder / "cache")},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            ) as process,
        ):
            try:
                with suppress(ProcessLookupError):
                    resource.prlimit(process.pid, resource.RLIMIT_CPU, (ceil(seconds), ceil(seconds)))
                return process.wait(_PATIENCE * seconds) in {0, 5}  # 5: there is no test
            except subprocess.TimeoutExpired:
                return False
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

    def outcome(self, mutant: Mutant, seconds: float) -> Outcome:
        """Try a mutant: each stage of its tests has so long."""
        start, (before, after) = time.monotonic(), mutant.texts(self.folder)
        place = self.folder / mutant.module
        place.write_text(after, encoding="utf-8")
        try:
            killed = not all(self.passes(tests, seconds) for tests in stages(self.folder, mutant.module))
        finally:
            place.write_text(before, encoding="utf-8")
        return Outcome(mutant, mutant.diff(self.folder), killed, time.monotonic() - start)


def main() -> None:
    """Sample, try, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=300, help="of mutants")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--seconds", type=float, default=600, help="of the processor, for either stage")
    parser.add_argument("--green", action="store_true", help="do not see first whether the tests pass without a mutant")
    parser.add_argument("--jobs", type=int, default=1, help="mutants tried at once")
    parser.add_argument("--least", type=float, default=95, help="per cent that have to be killed")
    parser.add_argument("modules", nargs="*", help="wincook/chapter/module.py; default: all of the chapters")
    options = parser.parse_args()
    equivalent = tomllib.loads((ROOT / "benchmarks/mutants.toml").read_text(encoding="utf-8"))["equivalent"]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        Path(folder).chmod(0o755)  # some tests run as a user without a name, who has to read it
        trees: SimpleQueue[Tree] = SimpleQueue()
        for job in range(options.jobs):
            (Path(folder) / str(job)).mkdir()
            trees.put(Tree(Path(folder) / str(job)))
        tree = trees.get()
        modules = [Path(name) for name in options.modules] or _all_modules(tree.folder)
        chosen = sample(tree.folder, modules, options.number, options.seed)
        others = [mutant for mutant in chosen if mutant.is_another(tree.folder)]
        mutants = [mutant for mutant in others if _key(mutant.diff(tree.folder)) not in equivalent]
        for chapter in sorted({mutant.chapter for mutant in mutants} if not options.green else ()):
            if not tree.passes([f"tests/{chapter}"], options.seconds):
                said = tree.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LINES_SHOWN:]
                sys.exit("\n".join([*said, f"tests/{chapter} fail without any mutant, or take too long (--seconds)"]))
        trees.put(tree)

        def tried(mutant: Mutant) -> Outcome:
            tree = trees.get()
            try:
                return tree.outcome(mutant, options.seconds)
            finally:
                trees.put(tree)

        outcomes = []
        with ThreadPoolExecutor(options.jobs) as pool:
            for outcome in pool.map(tried, mutants):
                outcomes.append(outcome)
                _tell(outcome)
    _sum_up(outcomes, options.least)


def _all_modules(root: Path) -> list[Path]:
    paths = (path.relative_to(root) for chapter in CHAPTERS for path in (root / "wincook" / chapter).rglob("*.py"))
    return sorted(path for path in paths if LEFT_OUT not in path.parents)


def _key(diff: list[str]) -> str:
    """How benchmarks/mutants.toml names it: the module, the line that goes, and the one that comes."""
    changed = [line for line in diff[2:] if line[0] in "+-"]
    return f"{diff[0].removeprefix('--- ').strip()} " + " ".join(f"{line[0]} {line[1:].strip()}" for line in changed)


def _tell(outcome: Outcome) -> None:
    print(f"{'killed' if outcome.killed else 'SURVIVED'} in {outcome.seconds:.0f} s: {_key(outcome.diff)}", flush=True)


def _sum_up(outcomes: list[Outcome], least: float) -> None:
    print()
    for chapter in CHAPTERS:
        ended = [outcome.killed for outcome in outcomes if outcome.mutant.chapter == chapter]
        print(f"{chapter:10} {sum(ended):4} of {len(ended):4} killed")
    for outcome in outcomes:
        if not outcome.killed:
            print("", *outcome.diff, sep="\n")
    killed = sum(outcome.killed for outcome in outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes)
    share = 100 * killed / max(1, len(outcomes))
    print(
        f"\n{killed} of {len(outcomes)} mutants killed, {share:.1f} %; {seconds / max(1, len(outcomes)):.0f} s a mutant"
    )
    if share < least:
        sys.exit(1)


if __name__ == "__main__":
    main()
