"""What is said of a file of wincook's that was changed: that it was; its contents are judged all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import wincook as wc
from wincook.interchange.read.examine import readings_of
from wincook.interchange.read.stated.seal import changed_document, changed_text
from wincook.interchange.write.export import export, write_export
from wincook.judge import judge

ALGORITHM = wc.algorithm("F(2x4,3x3)")
CHANGED = "the file was changed after wincook wrote it: its digest is "
TEXTS = {"text": ".txt", "unicode": ".txt", "latex": ".tex", "c": ".h", "numpy": ".py"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_is_as_it_was_or_this_is_said(kind: str, tmp_path: Path) -> None:
    text = export(ALGORITHM, kind, wc.programs_of(ALGORITHM))
    path = tmp_path / f"export{TEXTS[kind]}"
    for same in (text, text + "\n", text.rstrip("\n"), text.replace("\n", "\r\n")):
        path.write_bytes(same.encode())
        assert [reading.remarks for reading in readings_of(path)] == [(), ()]
    remark = {"text": "\nremark\n", "unicode": "\nremark\n", "latex": "% x\n", "c": "// x\n", "numpy": "# x\n"}[kind]
    header, blank, body = text.rpartition("SHA-256 of all below the blank line")
    for changed in (text + remark, header + blank + body.replace("1", "1 ", 1)):
        assert changed_text(changed).startswith(CHANGED)
    path.write_text(text + remark, encoding="utf-8")
    for reading in readings_of(path):
        (said,) = reading.remarks
        assert said.startswith(CHANGED)
        assert not judge(reading.axis).wrong
    without = "\n".join(line for line in text.split("\n") if "digest " not in line)
    assert changed_text(without).endswith("its header has no digest")


def test_the_layout_of_a_document_may_change_but_not_its_contents(tmp_path: Path) -> None:
    text = export(ALGORITHM, "json")
    assert changed_document(text) == changed_document(json.dumps(json.loads(text), indent=7)) == ""
    data = json.loads(text)
    data["axes"][0]["G"][0][0] = "17"
    assert changed_document(json.dumps(data)).startswith(CHANGED)
    del data["digest"]
    assert changed_document(json.dumps(data)) == ""
    path = tmp_path / "export.json"
    path.write_text(text.replace('"0, ±1, ∞"', '"0, -1, 1, ∞"'), encoding="utf-8")
    assert all(reading.remarks[0].startswith(CHANGED) for reading in readings_of(path))


def test_an_archive_has_the_digest_of_its_document(tmp_path: Path) -> None:
    path = tmp_path / "export.npz"
    write_export(ALGORITHM, "npz", path)
    assert [reading.remarks for reading in readings_of(path)] == [(), ()]
