from __future__ import annotations

from pathlib import Path

import pytest
from llvmlite import binding

import wincook as wc
from tests.golden import Golden
from wincook.errors import TargetError
from wincook.kernels import target as module
from wincook.kernels.target import AVX2, AVX512, GENERIC, RVV, Target, host_isa_names


@pytest.fixture
def fresh() -> None:
    """What this machine was found to have is asked for again."""
    for function in (module._host_isas, module.host_cache):
        function.cache_clear()


@pytest.mark.parametrize(
    ("features", "names"),
    [
        (dict.fromkeys(AVX512.features + AVX2.features, True), ["avx512", "avx2", "generic"]),
        (dict.fromkeys(AVX512.features[:-1] + AVX2.features, True), ["avx2", "generic"]),
        ({"avx2": True}, ["generic"]),
        ({}, ["generic"]),
    ],
)
def test_an_instruction_set_needs_all_its_features(
    features: dict[str, bool], names: list[str], fresh: None, monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    monkeypatch.setattr(binding, "get_host_cpu_features", lambda: features)
    assert host_isa_names() == names
    assert Target.of(None).isa.name == names[0]
    with golden.raises(TargetError, match=f"it has {', '.join(names)}"):
        Target.of("neon")
    module._host_isas.cache_clear()


@pytest.mark.parametrize(
    ("caches", "size"),
    [
        ({"index0": ("1", "32K"), "index2": ("2", "512K"), "index3": ("3", "32768K")}, 512 << 10),
        ({"index0": ("1", "32K")}, 1 << 20),
        ({"index2": ("2", "1M")}, 1 << 20),
        ({}, 1 << 20),
    ],
)
def test_the_second_cache_is_as_large_as_the_system_says(
    caches: dict[str, tuple[str, str]], size: int, fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, texts in caches.items():
        (tmp_path / name).mkdir()
        for file, text in zip(("level", "size"), texts, strict=True):
            (tmp_path / name / file).write_text(f"{text}\n")
    (tmp_path / "index9").mkdir()  # without a word
    monkeypatch.setattr(module, "_CACHES", tmp_path)
    assert Target.host().l2 == size
    module.host_cache.cache_clear()


def test_vectors_and_micro_kernels_fit_the_registers() -> None:
    """32 registers of AVX-512, 16 of the others: sums, the operands of a row, and one value."""
    for isa, registers, floats in ((AVX512, 32, 16), (AVX2, 16, 8), (GENERIC, 16, 4)):
        assert isa.lanes == floats
        assert isa.rows * isa.vectors + isa.vectors + 1 <= registers


@pytest.mark.parametrize("fields", [{"isa": "avx2"}, {"l2": 0}, {"l2": 1.5}, {"threads": 0}, {"threads": None}])
def test_targets_of_nothing_are_refused(fields: dict[str, object], golden: Golden) -> None:
    with golden.raises(TargetError, match=next(iter(fields))):
        Target(**({"isa": AVX2, "l2": 1 << 20, "threads": 1} | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("target", [Target(RVV, 1 << 20, 1), Target(GENERIC, 1 << 20, 1, ("avx512vnni",))], ids=str)
def test_code_that_cannot_run_here_is_not_compiled(target: Target) -> None:
    """A processor ends the process at an instruction that it lacks."""
    layer = wc.Layer(3, 4, (6, 6), (3, 3))
    with pytest.raises(TargetError, match=f"{(*target.features, target.isa.name)[0]} cannot run on this machine"):
        wc.compile(layer, "F(2x2,3x3)", format="int8", target=target, threads=1)
