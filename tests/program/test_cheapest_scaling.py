"""The cheapest gauge: the same convolution, never dearer, and cheaper where rows hold needless constants."""

import pytest
import sympy

from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.construct.rescale.named import rescale
from wincook.program.cheapest_scaling import cheapest_scaling
from wincook.program.cost import cost
from wincook.program.programs import programs_of
from wincook.program.style import Style


def operations(chosen: BilinearAlgorithm, style: Style) -> tuple[int, int]:
    programs = programs_of(chosen, style)
    return cost(programs.input[0]).operations, cost(programs.output[0]).operations


@pytest.mark.slow
@pytest.mark.parametrize("style", [Style(), Style(fma=False)], ids=str)
@pytest.mark.parametrize("points", ["0, ±1, ±2, ∞", "0, ±3/5, ±4/3, ∞", "1/3, 2, -5, 7, ±1"])
def test_it_convolves_and_costs_no_more(points: str, style: Style) -> None:
    chosen = algorithm("F(4,3)", points)
    cheap = cheapest_scaling(chosen, style)
    cheap.verify()
    assert sum(operations(cheap, style)) <= sum(operations(chosen, style))


def test_needless_constants_are_taken_out() -> None:
    plain = algorithm("F(2,3)", "0, ±1, ∞")
    scales = [sympy.Rational(p, q) for p, q in ((3, 1), (-5, 7), (5, 7), (1, 9))]
    dear = BilinearAlgorithm(plain.tile, plain.points, (rescale(plain.axes[0], scales, scales[::-1]),))
    style = Style()
    assert sum(operations(dear, style)) > 8
    cheap = cheapest_scaling(dear, style)
    cheap.verify()
    assert operations(cheap, style) == (4, 4)


def test_irrational_matrices_stay() -> None:
    chosen = algorithm("F(2,3)", "0, ±1, ∞")
    root = sympy.sqrt(2)
    scaled = BilinearAlgorithm(chosen.tile, (), (rescale(chosen.axes[0], [root] * 4, [1 / root] * 4),))
    assert cheapest_scaling(scaled) == scaled
