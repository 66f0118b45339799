"""The logger `wincook`: stages with their times, passes, and silence unless someone listens."""

from __future__ import annotations

import inspect
import logging
import subprocess
import sys

import pytest

import wincook as wc
from wincook.log import LOGGER, timed
from wincook.program.programs import proven_program
from wincook.program.style import AIMS

POINTS = "0, ±1, ±7/3, ∞"  # of no other test: what is cached is not made, and not told


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG, "wincook")
    return caplog


def test_every_stage_is_told_with_its_time(told: pytest.LogCaptureFixture) -> None:
    algorithm = wc.algorithm("F(4,3)", POINTS)
    algorithm.verify()
    wc.analyse(algorithm, "float32", samples=2)
    stages = [record for record in told.records if record.levelno == logging.INFO and "F(4,3)" in record.getMessage()]
    assert {vars(record)["stage"] for record in stages} == {
        "construct",
        "prove",
        "programs",
        "predict",
        "bound",
        "measure",
    }
    assert all(0 <= vars(record)["seconds"] < 60 for record in told.records)


def test_compiling_is_a_stage(told: pytest.LogCaptureFixture) -> None:
    wc.compile(wc.Layer(1, 1, (4, 4), (3, 3)), "F(2x2,3x3)", target="generic")
    assert "compile" in {vars(record)["stage"] for record in told.records}


def test_every_pass_of_a_chain_is_told(told: pytest.LogCaptureFixture) -> None:
    proven_program.cache_clear()
    wc.programs_of(wc.algorithm("F(4,3)", "0, ±1, ±7/4, ∞"))
    passes = [vars(record)["stage"] for record in told.records if record.levelno == logging.DEBUG]
    assert passes == ["dot products", *AIMS["balanced"][0]] * 3


def test_a_timed_function_is_the_function(told: pytest.LogCaptureFixture) -> None:
    assert next(iter(inspect.signature(wc.predict).parameters)) == "algorithm"
    assert wc.predict.__name__ == "predict"
    assert timed("nothing")(lambda: 3)() == 3
    assert told.records[-1].getMessage().startswith("nothing: , ")


@pytest.mark.slow
def test_nothing_is_configured_and_nothing_is_printed() -> None:
    assert not LOGGER.handlers
    assert LOGGER.level == logging.NOTSET
    code = "import wincook as wc; wc.algorithm('F(2,3)').verify()"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (process.stdout, process.stderr) == ("", "")
