"""What a reader has to know of a language: its comments, where statements end, what 1/4 is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """`cuts`: the quotient of two integers is an integer. `ends_at_line`: a statement ends with its line.

    `arrays`: arithmetic on lists is that of arrays. `repeats`: `[0.0; 12]` is a number twelve times.
    `comments` are the patterns of comments, as of regular expressions; `preprocessed`: lines with # are directives.
    """

    comments: tuple[str, ...] = ()
    cuts: bool = False
    ends_at_line: bool = True
    arrays: bool = False
    repeats: bool = False
    preprocessed: bool = False
    quotes: bool = True  # '…' is a text, or a letter
    fixed: frozenset[str] = frozenset()  # words of declarations whose value never changes


_BLOCK, _SLASHES, _HASH = r"/\*.*?(?:\*/|\Z)", r"//[^\n]*", r"#[^\n]*"
_C = (_BLOCK, _SLASHES)

C = Language(
    _C,
    cuts=True,
    ends_at_line=False,
    preprocessed=True,
    fixed=frozenset({"const", "constexpr", "constant", "__constant", "__constant__"}),
)
JAVA = Language(_C, cuts=True, ends_at_line=False)
RUST = Language(_C, cuts=True, ends_at_line=False, repeats=True, fixed=frozenset({"const"}))
VERILOG = Language(_C, cuts=True, ends_at_line=False, quotes=False, fixed=frozenset({"localparam", "parameter"}))
SCRIPT = Language(_C)
GO = Language(_C, cuts=True)
JULIA = Language((r"#=.*?(?:=#|\Z)", _HASH), arrays=True, quotes=False)
MATLAB = Language((r"%\{.*?(?:%\}|\Z)", r"%[^\n]*"), arrays=True, quotes=False)
HASHED = Language((_HASH,))
PROSE = Language(arrays=True)
COMMENT = Language(arrays=True)

_SUFFIXES: dict[Language, str] = {
    C: "c h cc hh cpp hpp cxx hxx cu cuh cl inc inl ipp tpp m4 mm metal glsl comp frag vert hlsl cg fx ino def td pat",
    JAVA: "java cs",
    RUST: "rs",
    VERILOG: "sv svh v vh",
    SCRIPT: "js ts jsx tsx mjs cjs swift wgsl php d zig",
    GO: "go kt kts scala sc",
    JULIA: "jl",
    MATLAB: "m mat",
    HASHED: "py pyi pyx pxd pxi rb r sh yaml yml toml cfg conf ini pl nim",
}
_LANGUAGES = {f".{suffix}": language for language, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}


def language_of(suffix: str) -> Language:
    """The language of files whose names end so; prose, if that is not known.

    >>> language_of(".cpp").cuts, language_of(".jl").arrays, language_of(".txt") is PROSE
    (True, True, True)
    """
    return _LANGUAGES.get(suffix.lower(), PROSE)
