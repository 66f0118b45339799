"""Python: what stands around a list counts as a whole, or the list does not count."""

from __future__ import annotations

from typing import Any

import pytest

BT = "[[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]]"
G = "[[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]]"
TWICE = "[[2, 0, 0], [1, 1, 1], [1, -1, 1], [0, 0, 2]]"
TURNED = "[[1, 0.5, 0.5, 0], [0, 0.5, -0.5, 0], [0, 0.5, 0.5, 1]]"
FLAT = "[1, 0, 0, 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0, 0, 1]"
AT = "[[1, 1, 1, 0], [0, 1, -1, -1]]"

# The value of G beside the right BT and AT; the verdict; what is said.
VALUES = [
    # Lists in other words.
    (f"np.array({G}, dtype=np.float32)", "right", ()),
    (f"torch.tensor({G}, dtype=torch.float32, device='cuda')", "right", ()),
    (f"jnp.asarray({G})", "right", ()),
    (f"nn.Parameter(torch.tensor({G}), requires_grad=False)", "right", ()),
    (f"np.matrix('{G[2:-2].replace('], [', '; ').replace(',', '')}')", "right", ()),
    (G.replace("[", "(").replace("]", ")"), "right", ()),
    (f"np.array({TURNED}).T", "right", ()),
    (f"np.array({TURNED}).transpose(1, 0)", "right", ()),
    (f"np.transpose({TURNED})", "right", ()),
    (f"np.array({FLAT}).reshape(4, 3)", "right", ()),
    (f"torch.tensor({FLAT}).view(4, 3)", "right", ()),
    (f"np.reshape({FLAT}, (4, 3))", "right", ()),
    (f"np.array({G}).astype('float64')", "right", ()),
    (G.replace("0.5", "Fraction(1, 2)"), "right", ()),
    (G.replace("0.5", "sympy.Rational(1, 2)"), "right", ()),
    (G.replace("0.5", "2 ** -1"), "right", ()),
    # Arithmetic on a list.
    (f"np.array({TWICE}) / 2", "right", ()),
    (f"0.5 * np.array({TWICE})", "right", ()),
    (f"np.array({G}) * 2", "right", ("up to the factor 2",)),
    (f"-np.array({G})", "right", ("up to the factor -1",)),
    (f"np.array({TWICE}) * np.array([.5, .5, .5, .5])[:, None]", "right", ()),
    (f"np.diag([.5, .5, .5, .5]) @ np.array({TWICE})", "right", ()),
    (f"np.diag([1, .5, .5, 2]) @ np.array({TWICE})", "wrong", ("G[0,0] is 2; 1 would", "G[3,2] is 4; 1 would")),
    (f"np.array({G}) * [1, 2, 1]", "wrong", ("sums are wrong",)),
    (f"np.array({TWICE}) // 2", "wrong", ("G[1,0] is 0; 1/2 would", "G[2,1] is -1; -1/2 would")),
    (f"np.array({G}) + 1", "wrong|unjudged", ()),
    (f"np.array({G}) ** 2", "wrong|unjudged", ()),
    # Integers have no halves.
    (f"np.array({G}).astype(int)", "wrong", ("G[1,0] is 0; 1/2 would",)),
    (f"np.array({G}).astype('int32')", "wrong", ("G[1,0] is 0; 1/2 would",)),
    (f"np.array({G}, dtype=np.int8)", "wrong", ("G[2,1] is 0; -1/2 would",)),
    (f"np.array({G}, np.int64)", "wrong", ("G[1,2] is 0; 1/2 would",)),
    (f"np.array({G}, 'i4')", "wrong", ("G[1,2] is 0; 1/2 would",)),
    (f"torch.tensor({G}).int()", "wrong", ("G[1,0] is 0; 1/2 would",)),
    (f"torch.tensor({G}, dtype=torch.long)", "wrong", ("G[1,0] is 0; 1/2 would",)),
    (f"tf.constant({G}, dtype=tf.int32)", "wrong", ("G[1,0] is 0; 1/2 would",)),
    (f"np.array({TWICE}, dtype=int) * .5", "right", ()),
    # What is not understood is no matrix, and is named.
    (f"f({G})", "unjudged|nothing", ("G",)),
    (f"np.abs(np.array({G}))", "wrong|unjudged|nothing", ("G",)),
    (f"np.array({G}) @ rotation", "unjudged|nothing", ("G",)),
    (f"scale * np.array({G})", "unjudged|nothing", ("G",)),
    (f"np.array({G})[::-1]", "wrong|unjudged", ("G",)),
    (f"np.array({G})[:, ::-1]", "right", ("a true convolution",)),
    (f"[row for row in {G}]", "right|unjudged|nothing", ("G",)),
    ("np.loadtxt('g.txt')", "unjudged|nothing", ("G",)),
    ("np.zeros([4, 3])", "wrong|unjudged|nothing", ()),
    ("torch.randn([4, 3])", "unjudged|nothing", ("G",)),
    ("[[1] * 3] * 4", "wrong|nothing", ()),
]


@pytest.mark.parametrize(("value", "verdict", "told"), VALUES, ids=[value for value, _, _ in VALUES])
def test_the_whole_value_counts(judged: Any, value: str, verdict: str, told: tuple[str, ...]) -> None:
    judged(f"import numpy as np\nBT = np.array({BT})\nG = {value}\nAT = np.array({AT})\n", ".py", verdict, *told)


MENDED, OPEN = "[[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, 5]]", "is not known, since line"

# What comes after a first BT whose last entry is 5: the verdict, and what is said.
CHANGES = [
    # Followed, where it surely happens once.
    ("BT[3][3] = -1", "right", ("line 4 changes BT, and is followed: BT[3][3] = -1",)),
    ("BT[3, 3] = -1", "right", ()),
    ("BT[-1, -1] = -1.0", "right", ()),
    ("BT[3][3] = -1\nBT[0, 0] = 0.5", "unjudged|nothing", (OPEN,)),  # an array of integers, which makes it 0
    ("BT[3, 3] -= 6", "right", ()),
    ("BT[3] = [0, 1, 0, -1]", "right", ()),
    ("BT[3, 2:] = [0, -1]", "right", ()),
    ("BT[:, 3] = [0, 0, 0, -1]", "right", ()),
    ("BT[3][3] = 1", "wrong", ("BT[3,3] is 1; -1 would make it right",)),
    ("BT[3][3] = -1\nBT[0] *= 2\nG[0] /= 2", "right", ()),
    ("BT[3][3] = -1\nG[0] *= 2", "wrong", ("G[0,0] is 2; 1 would make it right",)),
    ("BT[3].sub_([0, 0, 0, 6])", "right", ()),
    ("with torch.no_grad():\n    BT[3][3] = -1", "right", ()),
    ("if x:\n    raise ValueError\nBT[3][3] = -1", "right", ()),
    ("BT[3][3] = -1\nBT += 0", "right", ()),
    # Nobody knows whether it happens, how often, or what it does.
    ("if x:\n    BT[3][3] = -1", "unjudged|nothing", (OPEN, "BT[3][3] = -1")),
    ("for k in range(4):\n    BT[k][3] = k", "unjudged|nothing", (OPEN, "BT[k][3] = k")),
    ("for row in BT:\n    row[3] = -1", "unjudged|nothing", (OPEN, "row[3] = -1")),
    ("def patched():\n    BT[3][3] = -1", "unjudged|nothing", (OPEN,)),
    ("if x:\n    BT = -BT", "unjudged|nothing", (OPEN,)),
    ("BT[3][3] = last()", "unjudged|nothing", (OPEN,)),
    ("BT[k][3] = -1", "unjudged|nothing", (OPEN,)),
    ("BT[[3, 2]] = BT[[2, 3]]", "unjudged|nothing", (OPEN,)),
    ("BT.fill(0)", "unjudged|nothing", (OPEN,)),
    ("BT.zero_()", "unjudged|nothing", (OPEN,)),
    ("BT.sort()", "unjudged|nothing", (OPEN,)),
    ("BT.reverse()", "unjudged|nothing", (OPEN,)),
    ("del BT[3]", "unjudged|nothing", (OPEN,)),
    ("np.negative(BT, out=BT)", "unjudged|nothing", (OPEN,)),
    ("np.copyto(BT, right)", "unjudged|nothing", (OPEN,)),
    ("BT.T[3, 3] = -1", "unjudged|nothing", (OPEN,)),
    ("BT.reshape(-1)[15] = -1", "unjudged|nothing", (OPEN,)),
    # Changed under a second name.
    ("last = BT[3]\nlast[3] = -1", "unjudged|nothing", (OPEN,)),
    ("last = BT[k]\nlast[3] = -1", "unjudged|nothing", (OPEN,)),
    ("copy = BT\nBT[3][3] = -1", "unjudged|nothing", (OPEN,)),
    ("copy = BT\ncopy[3][3] = -1", "unjudged|nothing", (OPEN,)),
]


@pytest.mark.parametrize(("change", "verdict", "told"), CHANGES, ids=[change for change, _, _ in CHANGES])
def test_a_change_in_place_is_followed_or_the_matrix_is_not_judged(
    judged: Any, change: str, verdict: str, told: tuple[str, ...]
) -> None:
    judged(f"BT = np.array({MENDED})\nG = np.array({G})\nAT = np.array({AT})\n{change}\n", ".py", verdict, *told)


@pytest.mark.parametrize(
    ("start", "each"),
    [("", ""), ("def mats():", "    "), ("class W:\n    def __init__(self):", "        self.")],
    ids=["module", "function", "method"],
)
def test_changes_of_lists_are_followed_in_any_block(judged: Any, start: str, each: str) -> None:
    lines = [f"BT = {MENDED}", f"G = {G}", "AT = [[1, 1, 1, 0]]", "AT.append([0, 1, -1, -1])", "BT[3][3] = -1"]
    text = "\n".join([start, *(each + line for line in lines)])
    judged(text, ".py", "right", "changes", "is followed")
    judged(text.replace("-1, -1])", "-1, 1])"), ".py", "wrong", "AT[1,3] is 1; -1 would make it right")


def test_entries_of_dictionaries_are_changed_too(judged: Any) -> None:
    text = f"sets = {{'BT': {MENDED}, 'G': {G}}}\nsets['AT'] = {AT}\nsets['BT'][3][3] = %s\n"
    judged(text % "-1", ".py", "right|unjudged|nothing", "BT")
    judged(text % "1", ".py", "wrong|unjudged|nothing", "BT")


def test_what_follows_a_return_may_not_happen(judged: Any) -> None:
    text = f"def mats(m):\n    G = {G}\n    AT = {AT}\n    BT = {MENDED}\n"
    rest = "    if m == 2:\n        return BT\n    BT[3][3] = -1\n    return BT\n"
    judged(text + rest, ".py", "unjudged|nothing", OPEN)


def test_a_matrix_that_is_set_anew_counts_as_it_is_last(judged: Any) -> None:
    text = f"BT = np.array({BT})\nG = np.array({TURNED})\nAT = np.array({AT})\nG = G.T\n"
    judged(text, ".py", "right", "F(2,3)")
    again = G.replace("-0.5", "0.5")
    judged(f"BT = {BT}\nG = {G}\nAT = {AT}\nG = {again}\n", ".py", "wrong|unjudged", "G")


@pytest.mark.parametrize(
    "text",
    [
        f"# BT = {BT.replace('-1', '5')}  # old\nBT = {BT}\nG = {G}\nAT = {AT}",
        f'"""Uses\n    G = {TWICE}\n"""\nBT = {BT}\nG = {G}\nAT = {AT}',
        (
            f"class W(Module):\n    def __init__(self):\n        self.register_buffer('BT', torch.tensor({BT}))\n"
            f"        self.register_buffer('G', torch.tensor({G}))\n        self.register_buffer('AT', tensor({AT}))"
        ),
        f"BT: list[list[float]] = {BT}\nG: np.ndarray = np.array({G})\nAT: Any = {AT}",
        f"BT, G, AT = {BT}, {G}, {AT}",
        f"mats = {{'BT': {BT}, 'G': {G}, 'AT': {AT}}}",
        f"def mats():\n    return np.array({AT}), np.array({G}), np.array({BT})",
    ],
    ids=["comment", "docstring", "buffers", "annotated", "unpacked", "dictionary", "returned"],
)
def test_sets_stand_in_many_places(judged: Any, text: str) -> None:
    judged(text, ".py", "right", "F(2,3) with 4 multiplications")


def test_a_wrong_matrix_is_not_saved_by_a_right_comment(judged: Any) -> None:
    text = f"# G = {G}\nBT = {BT}\nG = {G.replace('-0.5', '0.5')}\nAT = {AT}"
    judged(text, ".py", "wrong", "G[2,1] is 1/2; -1/2 would make it right")


@pytest.mark.parametrize(
    "text",
    [
        "kernel_size = [3, 3]\nstride = [1, 1]\npadding = [1, 1]\ninput = [1, 64]",
        "BT = np.zeros([4, 4])\nG = np.ones([4, 3])\nAT = np.zeros((2, 4))",
        "BT = torch.randn([4, 4])\nG = torch.randn([4, 3])\nAT = torch.full([4, 4], 2.)",
        "BT = [[0] * 4 for _ in range(4)]\nG = [[0.0 for _ in range(3)] for _ in range(4)]\nAT = [[0] * 4] * 2",
        "a = pd.read_csv(f, usecols=[0])\nb = pd.read_csv(f, usecols=[1])\nc = pd.read_csv(f, usecols=[2])",
        "A = [4]\nB = [2]\nG = [1]",
        "sobel_x = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]\nsobel_y = [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]",
        "x = [[1, 2]][0]\ny = [[3, 4]][0]\nz = [[5, 6]][0]",
    ],
)
def test_sizes_and_settings_are_no_matrices(judged: Any, text: str) -> None:
    judged(text, ".py", "nothing")


def test_a_whole_matrix_scaled_in_place_scales_the_sums(judged: Any) -> None:
    text = f"BT = np.array({BT})\nG = np.array({G})\nAT = np.array({AT})\nG /= 2\n"
    judged(text, ".py", "right", "up to the factor 1/2")
