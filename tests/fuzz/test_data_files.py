"""Files of data: arrays, images, models; right ones that were changed in places, and mere bytes."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import Image

from wincook.analysis.data.arrays import law_of, read_array
from wincook.demo.photo import load
from wincook.errors import WincookError
from wincook.integrations.weights import holds_a_model, read_weights

Search = Callable[..., None]
Mutated = Callable[..., st.SearchStrategy[Any]]

NUMBERS = np.arange(1, 37, dtype=np.float32).reshape(2, 2, 3, 3)
NPY = [
    b"'<f4'",
    b"'|O'",
    b"'<c8'",
    b"'<U9'",
    b"(1,)",
    b"(-1,)",
    b"(10**9,10**9)",
    b"True",
    b"{",
    b"(",
    b"\xff\xff\xff\xff",
]
HEADERS = [b'"F32"', b'"BF16"', b'"C64"', b"[", b"{", b"}", b"99999999999999999999", b"-1", b"null", b"1e9", b'"w"']


def npy() -> list[bytes]:
    def saved(array: Any) -> bytes:
        stream = io.BytesIO()
        np.save(stream, array)
        return stream.getvalue()

    return [saved(NUMBERS), saved(np.asfortranarray(NUMBERS.astype(">f8"))), saved(NUMBERS.astype(np.int8))]


def npz() -> list[bytes]:
    written = []
    for save, arrays in ((np.savez, {"w": NUMBERS}), (np.savez_compressed, {"w": NUMBERS, "b": np.ones(3)})):
        stream = io.BytesIO()
        save(stream, **arrays)
        written.append(stream.getvalue())
    return written


def safetensors() -> list[bytes]:
    entries = {"w": {"dtype": "F32", "shape": [2, 2, 3, 3], "data_offsets": [0, 144]}}
    headers = [json.dumps(entry).encode() for entry in (entries, {**entries, "__metadata__": {"format": "pt"}})]
    return [struct.pack("<Q", len(header)) + header + NUMBERS.tobytes() for header in headers]


def images() -> list[bytes]:
    rng, written = np.random.default_rng(0), []
    image = Image.fromarray(rng.integers(0, 256, (33, 34, 3), np.uint8))
    for kind in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM"):
        stream = io.BytesIO()
        image.save(stream, kind)
        written.append(stream.getvalue())
    return written


def models() -> dict[str, list[bytes]]:
    """Of the frameworks that are there."""
    written: dict[str, list[bytes]] = {
        ".onnx": [b"\x08\x08:\x00"],
        ".pt": [b"PK\x03\x04", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."],
    }
    if find_spec("onnx"):
        import onnx  # noqa: PLC0415 (an extra)

        tensor = onnx.numpy_helper.from_array(NUMBERS, "w")
        model = onnx.helper.make_model(onnx.helper.make_graph([], "layer", [], [], [tensor]))
        written[".onnx"].append(model.SerializeToString())
    if find_spec("torch"):
        import torch  # noqa: PLC0415 (an extra)

        for zipped in (True, False):
            stream = io.BytesIO()
            torch.save({"state_dict": {"w": torch.from_numpy(NUMBERS)}}, stream, _use_new_zipfile_serialization=zipped)
            written[".pt"].append(stream.getvalue())
    return written


@pytest.mark.slow
def test_any_file_of_data_is_read_or_refused(search: Search, mutated: Mutated, tmp_path: Path) -> None:
    seeds = {".npy": npy(), ".npz": npz(), ".safetensors": safetensors(), ".png": images(), **models()}
    words = st.one_of(st.binary(max_size=8), st.sampled_from([*NPY, *HEADERS]))

    def files(suffix: str) -> st.SearchStrategy[tuple[bytes, str]]:
        return st.tuples(
            st.one_of(mutated(st.sampled_from(seeds[suffix]), words), st.binary(max_size=99)), st.just(suffix)
        )

    def check(case: tuple[bytes, str]) -> None:
        contents, suffix = case
        path = tmp_path / f"data{suffix}"
        path.write_bytes(contents)
        with suppress(WincookError):
            law_of(weights=read_weights(str(path)) if holds_a_model(str(path)) else read_array(path))
        if suffix == ".png":
            with suppress(WincookError):
                load(path)

    search(st.sampled_from(sorted(seeds)).flatmap(files), check, 300, 30_000)
