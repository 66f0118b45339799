"""What is told before a search begins."""

from __future__ import annotations

import time

import pytest

from wincook.cli import searching


@pytest.mark.parametrize(("seconds", "told"), [(0.3, True), (0.0, False)])
def test_compiling_is_announced_where_it_takes_long(
    seconds: float, told: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(searching, "predict_batch", lambda *_: time.sleep(seconds))
    searching.prepare(patience=0.1)
    time.sleep(0.2)
    assert ("compiled, once on this machine" in capsys.readouterr().err) is told
