"""Ctrl-C in the middle of long work: what was done so far is answered, and the exit code is 130."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from wincook.cli.watch import watching
from wincook.reproduce.finding import Finding

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def pressed_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    """Ctrl-C is pressed when a function is called for the n-th time, counted from 0."""

    def press(place: str, number: int) -> None:
        module, _, name = place.rpartition(".")
        called: Any = getattr(__import__(module, fromlist=[name]), name)
        calls = iter(range(1000))

        def call(*args: Any, **kwargs: Any) -> Any:
            if next(calls) == number:
                signal.raise_signal(signal.SIGINT)
            return called(*args, **kwargs)

        monkeypatch.setattr(place, call)

    return press


def test_compare_answers_with_the_rows_so_far(run: Run, pressed_at: Callable[[str, int], None]) -> None:
    pressed_at("wincook.cli.commands.compare.compare_algorithms", 2)
    code, out, err = run("compare", "F(2,3)", "F(4,3)", "-f", "fp32", "-f", "fp16", "--json")
    assert [(row["tile"], row["format"]) for row in json.loads(out)] == [("F(2,3)", "float32"), ("F(2,3)", "float16")]
    assert (code, err.count("\n"), "interrupted" in err) == (130, 1, True)


def test_a_sweep_answers_with_the_values_so_far(run: Run, pressed_at: Callable[[str, int], None]) -> None:
    pressed_at("wincook.analysis.prediction.predict.prediction_of", 2)
    words = ("-p", "0,±a,inf", "--sweep", "a=1/4:2:1/4", "-f", "fp32", "-f", "fp16", "--json")
    code, out, err = run("compare", "F(2,3)", *words)
    assert [(row["format"], row["a"]) for row in json.loads(out)] == [("float32", a) for a in ("1/4", "1/2", "3/4")]
    assert (code, err.count("\n"), "interrupted" in err) == (130, 1, True)


def test_condition_and_verify_answer_with_the_algorithms_so_far(
    run: Run, pressed_at: Callable[[str, int], None]
) -> None:
    pressed_at("wincook.cli.commands.condition.gauged_conditions", 1)
    code, out, _ = run("condition", "F(2,3)", "F(4,3)", "--json")
    assert (code, len(json.loads(out))) == (130, 1)
    pressed_at("wincook.bilinear.check", 1)
    code, out, _ = run("verify", "F(2,3)", "F(4,3)", "none.json")
    assert (code, out) == (130, "F(2,3) with 4 multiplications: 24 identities hold exactly\n")


def test_reproduce_answers_with_the_figures_so_far(run: Run, pressed_at: Callable[[str, int], None]) -> None:
    pressed_at("wincook.reproduce.barabasz2020.mean_error", 3)
    code, out, err = run("reproduce", "barabasz2020", "-n", "20", "--json")
    data = json.loads(out)
    assert (code, len(data["findings"])) == (130, 2 + 3)
    assert data["remarks"] == ["Interrupted: there are more figures than these."]
    assert "interrupted" in err
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wincook.reproduce.sfc2024.counts", lambda: (Finding("one", 1.0, 1.0, 0.0),))
        pressed_at("wincook.reproduce.sfc2024.relative_error", 1)
        assert len(json.loads(run("reproduce", "sfc2024", "-n", "20", "--json")[1])["findings"]) == 1 + 1


@pytest.mark.slow
@pytest.mark.parametrize(("place", "number", "banks"), [("analyse", 4, 0), ("scipy_runs", 1, 1)])
def test_the_demo_answers_with_what_was_found_so_far(
    run: Run,
    pressed_at: Callable[[str, int], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    place: str,
    number: int,
    banks: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("wincook.demo.run.KERNELS", {3: (2,), 5: (2,), 7: (2,)})
    Image.fromarray(np.arange(64 * 64 * 3, dtype=np.uint8).reshape(64, 64, 3)).save("photo.png")
    pressed_at(f"wincook.demo.run.{place}", number)
    code, out, _ = run("demo", "--photo", "photo.png", "-n", "16")
    assert code == 130
    assert "F(1x1,3x3)" in out
    assert out.count("beside float64") == banks
    assert "picture" not in out
    assert [path.name for path in tmp_path.iterdir()] == ["photo.png"]


@pytest.mark.slow
@pytest.mark.parametrize("words", [("compare", "F(2,3)"), ("condition", "F(2,3)"), ("reproduce", "nova2025")])
def test_without_any_result_there_is_no_answer(
    run: Run, pressed_at: Callable[[str, int], None], words: tuple[str, ...]
) -> None:
    for place in ("cli.commands.compare.compare_algorithms", "cli.commands.condition.gauged_conditions"):
        pressed_at(f"wincook.{place}", 0)
    pressed_at("wincook.reproduce.nova2025.kappa_finite", 0)
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (130, "", 1)


def test_a_signal_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with watching(2, "steps", gently=True) as watch:
            signal.raise_signal(signal.SIGINT)
            assert watch.each(lambda item: item, [1, 2]) == [1, 2]
        assert not watch.interrupted
    finally:
        signal.signal(signal.SIGINT, before)
