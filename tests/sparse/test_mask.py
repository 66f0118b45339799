from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.golden import Golden
from wincook.errors import DataError, ShapeError
from wincook.sparse import Mask, as_json, from_json, read_mask, write_mask

TILE = "F(2x2,3x3)"


def mask(filters: int = 70, channels: int = 5, block: tuple[int, int] = (32, 1)) -> Mask:
    shape = (16, -(-filters // block[0]), -(-channels // block[1]))
    kept = np.random.default_rng(0).random(shape) < 0.5
    return Mask.of(TILE, kept, filters=filters, channels=channels, block=block)


def test_a_mask_holds_what_it_was_given_and_can_be_compared() -> None:
    kept = np.random.default_rng(0).random((16, 3, 5)) < 0.5
    again = Mask.of(TILE, kept, filters=70, channels=5)
    np.testing.assert_array_equal(again.kept, kept)
    assert again.sparsity == 1 - kept.mean()
    assert again == mask()
    assert hash(again) == hash(mask())
    assert again != mask(69)


@pytest.mark.parametrize(
    ("block", "width"), [((32, 1), 32), ((32, 1), 16), ((64, 2), 32), ((96, 3), 32), ((96, 1), 64)]
)
def test_rows_are_those_of_each_number(block: tuple[int, int], width: int) -> None:
    """A kernel's block of filters is kept where all its filters are; the last ones may be smaller."""
    drawn = mask(block=block)
    rows, each = drawn.rows(width), drawn.of_each()
    assert rows.shape == (16, -(-70 // width), 5)
    assert each.shape == (16, 70, 5)
    np.testing.assert_array_equal(np.repeat(rows, width, axis=1)[:, :70], each)


def test_masks_are_kept_as_json(tmp_path: Path) -> None:
    drawn = mask(block=(32, 4))
    write_mask(tmp_path / "mask.json", drawn)
    assert read_mask(tmp_path / "mask.json") == drawn == from_json(as_json(drawn))


def test_masks_are_kept_as_archives_of_numpy(tmp_path: Path, golden: Golden) -> None:
    drawn, path = mask(block=(32, 4)), tmp_path / "mask.npz"
    write_mask(path, drawn)
    assert read_mask(path) == drawn
    with np.load(path) as held:
        arrays = dict(held)
    np.testing.assert_array_equal(arrays["kept"], drawn.kept)
    for change in (
        {"kept": arrays["kept"].astype(float)},
        {"kept": arrays["kept"][:3]},
        {"kept": arrays["kept"].ravel()},
        {"mask": np.array(["text"])},
        {"mask": arrays["mask"].astype(float)},
        {"mask": arrays["mask"][:20]},
        {"more": np.ones(3)},
    ):
        np.savez(path, **arrays | change)
        with golden.raises(DataError, match="mask.npz"):
            read_mask(path)
    path.write_bytes(b"PK")
    with golden.raises(DataError, match="mask.npz"):
        read_mask(path)


def test_blocks_that_a_kernel_cannot_leave_out_are_named(golden: Golden) -> None:
    with golden.raises(ShapeError, match="16 filters.*32 filters"):
        mask(block=(16, 1)).rows(32)


def test_masks_of_the_wrong_shape_are_named(golden: Golden) -> None:
    with golden.raises(ShapeError, match=r"\(16, 2, 5\).*\(16, 3, 5\)"):
        Mask.of(TILE, np.ones((16, 2, 5), bool), filters=70, channels=5)
    with golden.raises(DataError, match="float64"):
        Mask.of(TILE, np.ones((16, 3, 5)), filters=70, channels=5)


def test_a_file_that_is_no_mask_is_named(tmp_path: Path, golden: Golden) -> None:
    text = as_json(mask())
    for wrong in (
        "[1",
        text.replace("mask 1", "mask 2"),
        text.replace('"tile"', '"tiles"'),
        text.replace('"bits": "', '"bits": "A'),
    ):
        with pytest.raises(DataError):
            from_json(wrong)
    (tmp_path / "mask.json").write_text("{}")
    with golden.raises(DataError, match=r"mask.json"):
        read_mask(tmp_path / "mask.json")
