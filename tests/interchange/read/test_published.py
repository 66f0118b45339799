"""Constants as they were published: what they are, and what is said if one of them is changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sympy
import wincnn
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from wincook.interchange.read.examine import readings_of
from wincook.interchange.read.sets.reading import Reading
from wincook.judge import judge

# Lavin and Gray, arXiv 1509.09308, section 4.1.
LAVIN_23 = """
BT = [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]]
G = [[1, 0, 0], [1/2, 1/2, 1/2], [1/2, -1/2, 1/2], [0, 0, 1]]
AT = [[1, 1, 1, 0], [0, 1, -1, -1]]
"""
# NNPACK's F(6,3): github.com/Maratyszcza/NNPACK/issues/8, from the author of the paper; flat, as IREE has it.
NNPACK_63 = """
const float BT_6x6_3x3[] = {
    1, 0, -21.f/4, 0, 21.f/4, 0, -1, 0,   0, 1, 1, -17.f/4, -17.f/4, 1, 1, 0,   0, -1, 1, 17.f/4, -17.f/4, -1, 1, 0,
    0, 1.f/2, 1.f/4, -5.f/2, -5.f/4, 2, 1, 0,   0, -1.f/2, 1.f/4, 5.f/2, -5.f/4, -2, 1, 0,
    0, 2, 4, -5.f/2, -5, 1.f/2, 1, 0,   0, -2, 4, 5.f/2, -5, -1.f/2, 1, 0,   0, -1, 0, 21.f/4, 0, -21.f/4, 0, 1 };
const float G_6x6_3x3[] = {
    1, 0, 0,   -2.f/9, -2.f/9, -2.f/9,   -2.f/9, 2.f/9, -2.f/9,   1.f/90, 1.f/45, 2.f/45,   1.f/90, -1.f/45, 2.f/45,
    32.f/45, 16.f/45, 8.f/45,   32.f/45, -16.f/45, 8.f/45,   0, 0, 1 };
const float AT_6x6_3x3[] = {
    1, 1, 1, 1, 1, 1, 1, 0,   0, 1, -1, 2, -2, .5f, -.5f, 0,   0, 1, 1, 4, 4, .25f, .25f, 0,
    0, 1, -1, 8, -8, .125f, -.125f, 0,   0, 1, 1, 16, 16, .0625f, .0625f, 0,
    0, 1, -1, 32, -32, .03125f, -.03125f, 1 };
"""
# ncnn, src/layer/x86/convolution_3x3_winograd.h: one matrix in the code, two in comments, rows scaled against columns.
NCNN_63 = """
    const float ktm[8][3] = { {1.0f, 0.0f, 0.0f}, {-2.0f/9, -2.0f/9, -2.0f/9}, {-2.0f/9, 2.0f/9, -2.0f/9},
        {1.0f/90, 1.0f/45, 2.0f/45}, {1.0f/90, -1.0f/45, 2.0f/45},
        {1.0f/45, 1.0f/90, 1.0f/180}, {1.0f/45, -1.0f/90, 1.0f/180}, {0.0f, 0.0f, 1.0f} };
    // const float itm[8][8] = {
    //     {1.0f, 0.0f, -5.25f, 0.00f, 5.25f, 0.00f, -1.0f, 0.0f},
    //     {0.0f, 1.0f, 1.00f, -4.25f, -4.25f, 1.00f, 1.0f, 0.0f},
    //     {0.0f, -1.0f, 1.00f, 4.25f, -4.25f, -1.00f, 1.0f, 0.0f},
    //     {0.0f, 0.5f, 0.25f, -2.50f, -1.25f, 2.00f, 1.0f, 0.0f},
    //     {0.0f, -0.5f, 0.25f, 2.50f, -1.25f, -2.00f, 1.0f, 0.0f},
    //     {0.0f, 2.0f, 4.00f, -2.50f, -5.00f, 0.50f, 1.0f, 0.0f},
    //     {0.0f, -2.0f, 4.00f, 2.50f, -5.00f, -0.50f, 1.0f, 0.0f},
    //     {0.0f, -1.0f, 0.00f, 5.25f, 0.00f, -5.25f, 0.0f, 1.0f}
    // };
    // const float otm[6][8] = {
    //     {1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 32.0f, 32.0f, 0.0f}, {0.0f, 1.0f, -1.0f, 2.0f, -2.0f, 16.0f, -16.0f, 0.0f},
    //     {0.0f, 1.0f, 1.0f, 4.0f, 4.0f, 8.0f, 8.0f, 0.0f}, {0.0f, 1.0f, -1.0f, 8.0f, -8.0f, 4.0f, -4.0f, 0.0f},
    //     {0.0f, 1.0f, 1.0f, 16.0f, 16.0f, 2.0f, 2.0f, 0.0f}, {0.0f, 1.0f, -1.0f, 32.0f, -32.0f, 1.0f, -1.0f, 1.0f}
    // };
    // first = m0 + (m1 + m2) + 4 * m3, and so on: prose that is no matrix
"""
# The same file: F(4,3) on 0, ±√2/2, ±√2, ∞.
NCNN_43 = """
    const float sq2 = 1.41421356237f;
    const float ktm[6][3] = { {1.0f, 0.0f, 0.0f}, {-2.0f / 3, -sq2 / 3, -1.0f / 3}, {-2.0f / 3, sq2 / 3, -1.0f / 3},
        {1.0f / 6, sq2 / 6, 1.0f / 3}, {1.0f / 6, -sq2 / 6, 1.0f / 3}, {0.0f, 0.0f, 1.0f} };
    // const float itm[6][6] = {
    //     {1.0f, 0.0f, -2.5f, 0.0f, 1.0f, 0.0f}, {0.0f, -sq2, -2.0f, sq2/2, 1.0f, 0.0f},
    //     {0.0f, sq2, -2.0f, -sq2/2, 1.0f, 0.0f}, {0.0f, -sq2/2, -0.5f, sq2, 1.0f, 0.0f},
    //     {0.0f, sq2/2, -0.5f, -sq2, 1.0f, 0.0f}, {0.0f, 1.0f, 0.0f, -2.5f, 0.0f, 1.0f}
    // };
    // const float otm[4][6] = {
    //     {1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 0.0f}, {0.0f, sq2/2, -sq2/2, sq2, -sq2, 0.0f},
    //     {0.0f, 0.5f, 0.5f, 2.0f, 2.0f, 0.0f}, {0.0f, sq2/4, -sq2/4, sq2*2, -sq2*2, 1.0f}
    // };
"""
# oneDNN, src/cpu/x64/jit_avx512_core_f32_wino_conv_4x3.cpp and the reorder of its weights: 0, ±5/8, ±3/2, ∞.
ONEDNN_43 = """
const float G_4x4_3x3[6][3] = { { 1.13777777777778f, 0.f, 0.f },
    { -0.688403361344538f, -0.430252100840336f, -0.26890756302521f },
    { -0.688403361344538f, 0.430252100840336f, -0.26890756302521f },
    { 0.119514472455649f, 0.179271708683473f, 0.26890756302521f },
    { 0.119514472455649f, -0.179271708683473f, 0.26890756302521f }, { 0.f, 0.f, 1.f } };
const float BT_4x4_3x3[6][6] = { { 0.87890625f, 0, -2.640625f, 0, 1, 0 },
    { 0, -2.25f * 0.625f, -2.25f, 0.625f, 1, 0 }, { 0, -2.25f * -0.625f, -2.25f, -0.625f, 1, 0 },
    { 0, -0.390625f * 1.5f, -0.390625f, 1.5f, 1, 0 }, { 0, -0.390625f * -1.5f, -0.390625f, -1.5f, 1, 0 },
    { 0, 0.87890625f, 0, -2.640625f, 0, 1 } };
const float AT_4x4_3x3[4][6] = { { 1, 1, 1, 1, 1, 0 }, { 0, 0.625f, -0.625f, 1.5f, -1.5f, 0 },
    { 0, 0.390625f, 0.390625f, 2.25f, 2.25f, 0 }, { 0, 0.244140625f, -0.244140625f, 3.375f, -3.375f, 1 } };
"""
PUBLISHED = {
    "Lavin F(2,3)": (LAVIN_23, ".py", "F(2,3)", "0, ±1, ∞"),
    "NNPACK F(6,3)": (NNPACK_63, ".h", "F(6,3)", "0, ±1, ±2, ±1/2, ∞"),
    "ncnn F(6,3)": (NCNN_63, ".h", "F(6,3)", "0, ±1, ±2, ±1/2, ∞"),
    "ncnn F(4,3)": (NCNN_43, ".h", "F(4,3)", "0, ±√2/2, ±√2, ∞"),
    "oneDNN F(4,3)": (ONEDNN_43, ".cpp", "F(4,3)", "0, ±5/8, ±3/2, ∞"),
}


def reading(folder: Path, text: str, suffix: str) -> Reading:
    path = folder / f"published{suffix}"
    path.write_text(text, encoding="utf-8")
    (result,) = readings_of(path)
    return result


@pytest.mark.parametrize(("text", "suffix", "tile", "points"), PUBLISHED.values(), ids=PUBLISHED)
def test_published_constants_are_a_correlation(tmp_path: Path, text: str, suffix: str, tile: str, points: str) -> None:
    published = reading(tmp_path, text, suffix)
    verdict = judge(published.axis)
    assert (verdict.kind, str(verdict.tile), str(verdict.points), verdict.scale) == ("correlation", tile, points, 1)
    assert published.doubts == ()


@pytest.mark.slow
@settings(max_examples=16)
@given(st.data(), st.sampled_from(sorted(PUBLISHED)))
def test_a_changed_constant_is_named(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, which: str) -> None:
    text, suffix, _, _ = PUBLISHED[which]
    axis = reading(tmp_path_factory.getbasetemp(), text, suffix).matrices
    name = data.draw(st.sampled_from(["AT", "G", "BT"]))
    matrix = getattr(axis, name).as_mutable()
    row, column = data.draw(st.integers(0, matrix.rows - 1)), data.draw(st.integers(0, matrix.cols - 1))
    right = matrix[row, column]
    matrix[row, column] = -right or sympy.Rational(1, 2)
    matrices: dict[str, Any] = {"AT": axis.AT, "G": axis.G, "BT": axis.BT, name: matrix.as_immutable()}
    verdict = judge(wc.Transforms(**matrices))
    assert verdict.kind is None
    assert (name, row, column, right) in [
        (mistake.matrix, mistake.row, mistake.column, mistake.right)
        for repair in verdict.repairs
        for mistake in repair.mistakes
    ]


def test_decimals_are_told_with_what_they_were_taken_for(tmp_path: Path) -> None:
    taken = dict(reading(tmp_path, ONEDNN_43, ".cpp").taken)
    assert taken["0.688403361344538"] == sympy.Rational(2048, 2975)
    assert len(taken) == 6


def test_an_integer_division_in_c_is_what_the_compiler_makes_of_it(tmp_path: Path) -> None:
    """1.0f / 6 without the decimal point is zero in C, but not in Python."""
    verdict = judge(reading(tmp_path, NCNN_43.replace("{1.0f / 6, sq2", "{1 / 6, sq2"), ".h").axis)
    assert [str(repair.mistakes[0]) for repair in verdict.repairs] == ["G[3,0] is 0; 1/6 would make it right"]
    assert judge(reading(tmp_path, LAVIN_23, ".py").axis).kind


@pytest.mark.parametrize("fractions_in", [wincnn.FractionsInG, wincnn.FractionsInA])
def test_the_output_of_wincnn_is_recognised(tmp_path: Path, fractions_in: int) -> None:
    """On the points of TVM's F(4,3) (topi/nn/winograd_util.py), with A and B turned as TVM has them."""
    points = (0, -1, 1, sympy.Rational(1, 2), -2)
    AT, G, BT, _ = wincnn.cookToomFilter(points, 4, 3, fractions_in)
    text = "\n".join(
        f"{name} = np.array({[[float(entry) for entry in row] for row in matrix.tolist()]})"
        for name, matrix in (("A_data", AT.T), ("G_data", G), ("B_data", BT.T))
    )
    published = reading(tmp_path, text, ".py")
    verdict = judge(published.axis)
    assert (verdict.kind, str(verdict.points)) == ("correlation", "0, -1, 1, 1/2, -2, ∞")
    assert dict(published.taken_for) == {"AT": "A_data, turned", "G": "G_data", "BT": "B_data, turned"}
