"""C and its kin: declarations, brace initialisers, types, divisions, and what changes a matrix later."""

from __future__ import annotations

import re
from typing import Any

import pytest

BT = "{{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}}"
G = "{{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}}"
AT = "{{1, 1, 1, 0}, {0, 1, -1, -1}}"
HALVES = G.replace("0.5", "1/2")
POINTED = G.replace("0.5", "1.0/2")
GOOD = f"float BT[4][4] = {BT};\nfloat G[4][3] = {G};\nfloat AT[2][4] = {AT};\n"


def brackets(text: str) -> str:
    return text.replace("{", "[").replace("}", "]")


def blanks(text: str) -> str:
    return "[" + text[2:-2].replace("}, {", "; ").replace(", ", " ") + "]"


def declared(form: str) -> str:
    return "\n".join(form.format(name, value) for name, value in (("BT", BT), ("G", G), ("AT", AT)))


def c_file(g: str) -> str:
    return f"float BT[4][4] = {BT};\n{g}\nfloat AT[2][4] = {AT};\n"


SETS = {
    "nested.c": GOOD,
    "flat.c": GOOD.replace("}, {", ", ").replace("{{", "{").replace("}}", "}"),
    "no_size.c": GOOD.replace("[4][4]", "[][4]").replace("[4][3]", "[][3]").replace("[2][4]", "[][4]"),
    "sizes.c": GOOD.replace("[4][4]", "[T][T]").replace("[4][3]", "[T][K]"),
    "suffixes.c": GOOD.replace("1,", "1.0f,").replace("0.5", "0.5f").replace("0,", "0.f,"),
    "casts.c": c_file(f"const float G[4][3] = {G.replace('0.5', '(float)1 / 2')};"),
    "constexpr.cpp": GOOD.replace("float ", "static constexpr double "),
    "brace.cpp": GOOD.replace(" =", ""),
    "constant.cu": GOOD.replace("float ", "__constant__ float "),
    "half.cl": GOOD.replace("float ", "__constant half ").replace("0.5", "0.5h"),
    "array.cpp": (
        f"std::array<std::array<float, 4>, 4> BT = {{{BT}}};\nstd::array<std::array<float, 3>, 4> G = {{{G}}};\n"
        f"std::array<std::array<float, 4>, 2> AT = {{{AT}}};"
    ),
    "vector.cpp": "\n".join(
        f"std::vector<std::vector<float>> {n} = {v};" for n, v in (("BT", BT), ("G", G), ("AT", AT))
    ),
    "trait.hpp": f"template <> struct Wino<2, 3> {{\n{GOOD.replace('float', 'static constexpr float')}}};",
    "java": "class W {\n"
    + "\n".join(f"static final float[][] {n} = {v};" for n, v in (("BT", BT), ("G", G), ("AT", AT)))
    + "}",
    "new.java": f"double[][] BT = new double[][] {BT}; double[][] G = new double[][] {G}; double[][] AT = {AT};",
    "cs": f"static readonly float[,] BT = {BT}; float[,] G = new float[4, 3] {G}; float[,] AT = new float[,] {AT};",
    "go": f"package w\nvar bT = [4][4]float32{BT}\nvar g = [][]float64{G}\nvar (\n\taT = [2][4]float32{AT}\n)\n",
    "rs": (
        f"pub const BT: [[f32; 4]; 4] = {brackets(BT)};\npub static G: [[f32; 3]; 4] = {brackets(G)};\n"
        f"let at: Vec<Vec<f32>> = vec!{brackets(AT).replace('[', 'vec![').replace('vec![vec![', '[vec![', 1)};"
    ),
    "ts": f"export const BT: number[][] = {brackets(BT)};\nconst G = {brackets(G)};\nlet AT = {brackets(AT)} as const;",
    "swift": brackets(declared("let {}: <<Float>> = {}")).replace("<<", "[[").replace(">>", "]]"),
    "js": f"const BT = {brackets(BT)};\nconst G = {brackets(HALVES)};\nconst AT = {brackets(AT)};",
    "jl": f"BT = {blanks(BT)}\nG = Float32{blanks(G)}\nconst AT = {blanks(AT)}\n",
    "rational.jl": f"BT = {blanks(BT)}\nG = {blanks(HALVES).replace('/', '//')}\nAT = {blanks(AT)}\n",
    "m": f"BT = {blanks(BT)};\nG = {blanks(HALVES)};\nAT = {blanks(AT)};\n",
    "commas.m": f"BT = {blanks(BT).replace(' ', ', ').replace(';,', ';')};\nG = {blanks(G)};\nAT = {blanks(AT)};\n",
    "sv": (
        f"localparam int BT [4][4] = {BT.replace('{', chr(39) + '{')};\n"
        f"localparam real G [4][3] = {G.replace('{', chr(39) + '{')};\n"
        f"localparam int AT [2][4] = {AT.replace('{', chr(39) + '{')};"
    ),
}


@pytest.mark.parametrize("name", SETS)
def test_declarations_of_many_languages_are_read(judged: Any, name: str) -> None:
    judged(SETS[name], f".{name.rsplit('.', maxsplit=1)[-1]}", "right", "on {0, ±1, ∞}: a correlation; 24 sums")


@pytest.mark.parametrize("name", SETS)
def test_a_changed_entry_is_wrong_in_every_language(judged: Any, name: str) -> None:
    """The last -1 of AT, AT[1,3], loses its sign."""
    text = SETS[name]
    place = max(text.rfind("-1}"), text.rfind("-1]"), text.rfind("-1.0f}"))
    text = text[:place] + text[place + 1 :]
    judged(text, f".{name.rsplit('.', maxsplit=1)[-1]}", "wrong", "AT[1,3] is 1; -1 would make it right")


# Integers have no halves, and a quotient of integers is cut: as the language has it.
CUT = [
    (".c", c_file(f"short G[4][3] = {G};")),
    (".c", c_file(f"static const int8_t G[4][3] = {G};")),
    (".c", c_file(f"const unsigned int G[4][3] = {G.replace('-', '')};")),
    (".c", c_file(f"const float G[4][3] = {HALVES};")),
    (".c", "#define HALF 1/2\n" + c_file(f"const float G[4][3] = {G.replace('0.5', 'HALF')};")),
    (".c", "const int half = 0.5;\n" + c_file(f"const float G[4][3] = {G.replace('0.5', 'half')};")),
    (".c", c_file(f"const float G[4][3] = {G.replace('0.5', '(int)0.5')};")),
    (".cu", c_file(f"__constant__ float G[4][3] = {HALVES};")),
    (".cpp", c_file(f"std::array<std::array<float, 3>, 4> G = {{{HALVES}}};")),
    (".cpp", c_file(f"std::vector<std::vector<int>> G = {G};")),
    (".java", f"float[][] BT = {BT}; float[][] G = {HALVES}; float[][] AT = {AT};"),
    (".cs", f"float[,] BT = {BT}; float[,] G = {HALVES}; float[,] AT = {AT};"),
    (".go", f"var bT = [4][4]float64{BT}\nvar g = [4][3]float64{HALVES}\nvar aT = [2][4]float64{AT}"),
    (".sv", SETS["sv"].replace("real", "int").replace("0.5", "1/2")),
]


@pytest.mark.parametrize(("suffix", "text"), CUT)
def test_halves_are_cut_where_the_language_cuts_them(judged: Any, suffix: str, text: str) -> None:
    judged(text, suffix, "wrong", "G[1,0] is 0; 1/2 would make it right")


INSERTED = "m.insert({{Key{{2, 3, T::{}}}, Mat<float>({})}});"
KEYED = [
    (".cpp", 'std::map<std::string, Mat> mats = {{"BT", {BT}}, {"G", {G}}, {"AT", {AT}}};'),
    (".cpp", "".join(INSERTED.format(key, name) for key, name in (("IN", "BT"), ("WEIGHT", "G"), ("OUT", "AT")))),
    (".java", 'm.put("BT", new float[][] BT); m.put("G", new float[][] G); m.put("AT", new float[][] AT);'),
    (".js", "const m = new Map([['BT', BT], ['G', G], ['AT', AT]]);"),
]


@pytest.mark.parametrize(("suffix", "text"), KEYED)
@pytest.mark.parametrize("wrong", [False, True])
def test_entries_of_maps_have_their_keys_for_names(judged: Any, suffix: str, text: str, wrong: bool) -> None:
    for name, rows in (("BT", BT), ("AT", AT), ("G", G.replace("-0.5", "0.7") if wrong else G)):
        listed = rows.replace("{", "[").replace("}", "]") if suffix == ".js" else rows
        text = re.sub(rf"\{{{name}\}}|(?<=[ (>\]])\b{name}\b(?=[);\]])", listed, text)
    judged(text, suffix, "wrong" if wrong else "right", *(["G[2,1] is 7/10"] if wrong else ["24 sums hold"]))


@pytest.mark.parametrize("suffix", [".c", ".cpp", ".java", ".cs", ".rs", ".jl", ".m", ".js"])
def test_a_quotient_with_a_point_is_not_cut(judged: Any, suffix: str) -> None:
    name = next(key for key in SETS if key.rsplit(".", maxsplit=1)[-1] == suffix[1:])
    judged(SETS[name].replace("0.5", "1.0/2"), suffix, "right", "24 sums hold exactly")


CHANGES = [
    (".c", GOOD, "void init(void) { BT[3][3] = 1; }"),
    (".c", GOOD, "void init(void) { BT[3][3] *= -1.0f; }"),
    (".c", GOOD, "void init(void) { for (int i = 0; i < 4; i++) for (int j = 0; j < 3; j++) G[i][j] += 1.0f; }"),
    (".c", GOOD, "void init(void) { memset(G, 0, sizeof(G)); }"),
    (".c", GOOD, "void init(void) { AT[0][0]++; }"),
    (".cpp", GOOD, "void init() { std::copy(right, right + 16, BT[0]); }"),
    (".java", SETS["java"], "class V { static { System.arraycopy(right, 0, W.BT, 0, 4); } }"),
    (".cpp", SETS["vector.cpp"], "void init() { G[1][1] = 2; }"),
    (".go", SETS["go"], "func init() { bT[3][3] *= -1 }"),
    (".java", SETS["java"], "class V { static { W.BT[3][3] = 1; } }"),
    (".rs", SETS["rs"], "fn init() { at[1][3] = 1.0; }"),
    (".js", SETS["js"], "BT[3][1] = 2;"),
    (".js", SETS["js"], "G[1] = G[1].map(x => 2 * x);"),
    (".jl", SETS["jl"], "G ./= 2\nBT[4, 4] = 3"),
    (".m", SETS["m"], "G(2,:) = 2*G(2,:);"),
    (".m", SETS["m"], "BT(4,4) = 1;"),
]


@pytest.mark.parametrize(("suffix", "text", "change"), CHANGES, ids=[f"{s} {c}" for s, _, c in CHANGES])
def test_a_matrix_that_is_changed_later_is_not_judged(judged: Any, suffix: str, text: str, change: str) -> None:
    judged(f"{text}\n{change}\n", suffix, "unjudged|nothing", "is not known, since line")


def test_a_matrix_that_is_copied_is_not_changed(judged: Any) -> None:
    judged(f"{GOOD}\nvoid init(float* p) {{ memcpy(p, BT, sizeof(BT)); }}\n", ".c", "right")


@pytest.mark.parametrize("change", ["BT[3][3] = -1;", "BT[3][3] *= -1;", "memcpy(BT, right, sizeof(BT));"])
def test_nothing_wrong_is_said_of_a_value_that_is_replaced(judged: Any, change: str) -> None:
    text = GOOD.replace("{0, 1, 0, -1}", "{0, 1, 0, 1}")
    judged(f"{text}\nvoid init(void) {{ {change} }}\n", ".c", "unjudged|nothing", "BT is not known, since line 5")
    judged(f"{text}\nvoid init(void) {{ BT(3, 3) = -1; use(BT); }}\n", ".c", "wrong", "BT[3,3] is 1; -1 would")


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".cpp", "cv::Mat BT(4, 4, CV_32F), G = cv::Mat(4, 3, CV_32F), AT = cv::Mat::zeros(2, 4, CV_32F);"),
        (".cpp", "Tensor BT({4, 4}), G({4, 3}), AT({2, 4});\nint kernel[2] = {3, 3}, stride[2] = {1, 1};"),
        (".cs", "float[,] BT = new float[4, 4]; float[,] G = new float[4, 3]; int[] k = { 3, 3 };"),
        (
            ".go",
            "var bT = [4][4]float32{}\nvar g [4][3]float32\nvar aT = make([]float32, 8)\nvar s = [4]int{4, 3, 2, 4}",
        ),
        (".java", "float[][] BT = new float[4][4]; float[][] G = new float[4][3]; float[] AT = new float[8];"),
        (".jl", "BT = zeros(4, 4)\nG = ones(4, 3)\nAT = Array{Float32}(undef, 2, 4)"),
        (".js", "const BT = new Float32Array(16); const G = Array(12).fill(0); const AT = tf.zeros([2, 4]);"),
        (".m", "BT = zeros(4,4);\nG = ones(4,3);\nAT = rand(2,4);\nB = reshape(x, [4 4]);"),
        (".rs", "let bt = vec![0.0; 16];\nlet g = vec![vec![0.0; 3]; 4];\nlet at = [[0.0f32; 4]; 2];"),
        (".sv", "logic signed [15:0] BT [4][4];\nlogic signed [15:0] G [4][3];\nlocalparam int AT [2] = '{2, 4};"),
        (".c", "float BT[4][4], G[4][3], AT[2][4];\nint sizes[] = {4, 3, 2, 4};"),
    ],
)
def test_sizes_are_no_matrices(judged: Any, suffix: str, text: str) -> None:
    judged(text, suffix, "nothing")


@pytest.mark.parametrize(
    "g",
    [
        "float G[4][3];",
        "float G[4][3] = {ROW(1, 0, 0), ROW(2, 2, 2), ROW(.5, -.5, .5), ROW(0, 0, 1)};",
        "extern const float G[4][3];",
        f"float G[4][3] = {G.replace('0.5', 'half')};",
    ],
)
def test_a_matrix_that_is_in_the_file_is_never_solved_for(judged: Any, g: str) -> None:
    judged(c_file(g), ".c", "unjudged|nothing", "G")


def test_octal_numbers_partial_rows_and_dead_code_are_as_c_has_them(judged: Any) -> None:
    judged(c_file(f"float G[4][3] = {G};").replace("{1, 0, -1, 0}", "{001, 0, -1, 0}"), ".c", "right|nothing")
    judged(f"#if 0\nfloat G[4][3] = {G.replace('-', '')};\n#endif\n{GOOD}", ".c", "right|unjudged")
    wide = "float AT[8][8] = {{1, 1, 1}, {0, 1, -1, -1}}, G[8][8] = {{1}, {.5, .5, .5}, {.5, -.5, .5}, {0, 0, 1}}"
    judged(f"{wide}, BT[8][8] = {{{{1, 0, -1}}, {{0, 1, 1}}, {{0, -1, 1}}, {{0, 1, 0, -1}}}};", ".h", "right|nothing")
