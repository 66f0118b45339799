import numpy as np

from tests.near import near
from wincook.demo import views


def test_a_picture_is_cut_to_what_can_be_shown() -> None:
    shown = views.picture(np.array([-1.0, 0.5, 2.0]).reshape(3, 1, 1))
    np.testing.assert_array_equal(shown, [[[0, 0.5, 1]]])


def test_ink_grows_with_the_gradient() -> None:
    gradient = np.array([[[0.0, 0.03, 0.3]], [[0.0, 0.04, 0.4]]])
    shown = views.edges(gradient)
    assert shown.shape == (1, 3, 3)
    assert shown[0, 0, 0] == 1 > shown[0, 1, 0] > shown[0, 2, 0] == 0


def test_hues_without_purity_are_grey_and_without_strength_dark() -> None:
    angle = np.linspace(0, 6, 7)
    grey = views.hues(angle, np.ones(7), np.zeros(7))
    assert np.ptp(grey, axis=-1).max() < 1e-3
    assert views.hues(angle, np.zeros(7), np.ones(7)).max() < 0.05
    bright = views.hues(angle, np.ones(7), np.ones(7))
    assert bright.min() >= 0
    assert bright.max() <= 1
    assert np.ptp(bright, axis=-1).min() > 0.2


def test_the_wheel_is_a_disc_whose_opposite_spokes_agree() -> None:
    wheel = views.wheel(41)
    assert wheel.shape == (41, 41, 4)
    assert wheel[0, 0, 3] == 0
    assert wheel[20, 0, 3] == 1
    assert wheel[20, 5] == near(wheel[20, 35])
    assert np.abs(wheel[20, 5] - wheel[5, 20]).max() > 0.2
