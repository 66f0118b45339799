"""What is emitted, built and run by the tools of C."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

import wincook as wc
from tests.emit.library.called import dims_of
from tests.emit.library.tools import needs, ran
from wincook.emit import Library, emit_library
from wincook.kernels import make_plan
from wincook.kernels.codegen.native.machine import MACHINES
from wincook.kernels.compile import kernel_of
from wincook.layers import Layout

pytestmark = pytest.mark.slow
ROOT = Path(wc.__file__).parents[1]
COMPUTE = Path(__file__).with_name("compute.c")
FROM_LIBC = {"fmaf", "memset", "memcpy", "memmove"}


def test_the_test_in_c_passes_for_each_variant_that_this_processor_has(library: Library) -> None:
    needs("make", "gcc", "ar")
    printed = ran("make", "-s", "test", folder=library.folder)
    assert set(re.findall(r"layer (\d)", printed)) == {"0", "1"}
    assert "WRONG" not in printed
    found = json.loads(ran("./test_conv", "--json", folder=library.folder))
    assert found["right"]
    assert found["abi_version"] == 1
    assert all(0 < layer["error"] <= layer["bound"] for layer in found["layers"])


def test_the_test_in_c_fails_beyond_the_ulps_that_it_is_told(library: Library) -> None:
    needs("make", "gcc", "ar")
    ran("make", "-s", "test_conv", folder=library.folder)
    assert not json.loads(ran("./test_conv", "--json", "--max-ulp", "0.01", folder=library.folder, code=1))["right"]
    ran("./test_conv", "--max-ulp", "100", folder=library.folder)
    for wrong in (["--max-ulp"], ["--max-ulp", "many"], ["--max-ulp", "-1"], ["--ulp"]):
        ran("./test_conv", *wrong, folder=library.folder, code=2)


def test_the_example_runs(library: Library) -> None:
    needs("make", "gcc", "ar")
    assert "F(4x4,3x3), " in ran("make", "-s", "example", folder=library.folder)


def test_threads_of_std_thread_openmp_and_pools_compute_the_same(library: Library) -> None:
    needs("make", "g++", "ar")
    assert "3 ways to compute" in ran("make", "-s", "threads", folder=library.folder)


@pytest.mark.parametrize(
    ("processor", "variants"), [("Nehalem", ["x86-64"]), ("max", ["x86-64-v3", "x86-64"])], ids=["Nehalem", "max"]
)
def test_the_best_variant_of_an_emulated_processor_runs(processor: str, variants: list[str], library: Library) -> None:
    needs("make", "gcc", "ar", "qemu-x86_64")  # which has no AVX-512
    ran("make", "-s", "test_conv", folder=library.folder)
    found = json.loads(ran("qemu-x86_64", "-cpu", processor, "./test_conv", "--json", folder=library.folder))
    assert found["right"]
    assert list(dict.fromkeys(layer["variant"] for layer in found["layers"])) == variants


def test_two_libraries_fit_into_one_program(library: Library, tmp_path: Path) -> None:
    needs("gcc", "make", "ar")
    plan = make_plan(wc.Layer(8, 8, (9, 9), (3, 3), groups=8), "depthwise", target="generic", threads=1)
    other = emit_library(plan, tmp_path / "dw", name="dw", machine="x86-64-v3")
    use = "conv_dims a = CONV_DIMS; dw_dims b = DW_DIMS;"
    check = "a.taps_down != b.taps_down || conv_abi_version() != dw_abi_version()"
    (tmp_path / "both.c").write_text(
        f'#include "conv.h"\n#include "dw.h"\nint main(void) {{ {use} return {check}; }}\n', encoding="utf-8"
    )
    archives = (str(library.folder / "libconv.a"), str(other.folder / "libdw.a"))
    folders = (f"-I{library.folder}", f"-I{other.folder}")
    ran("gcc", "-Wall", "-Werror", *folders, "both.c", *archives, "-lm", "-o", "both", folder=tmp_path)
    ran("./both", folder=tmp_path)


def test_objects_ask_for_libc_and_libm_alone(library: Library) -> None:
    needs("nm")
    names = [file for file in library.files if file.endswith(".o")]
    symbols = {kind: set[str]() for kind in "UT"}
    for line in ran("nm", *names, folder=library.folder).splitlines():
        *_, kind, symbol = ["", "", *line.split()][-2:]
        symbols.setdefault(kind, set()).add(symbol)
    assert symbols["U"] - symbols["T"] <= FROM_LIBC
    assert all(symbol.startswith("conv_") for symbol in symbols["T"])


def test_the_shared_library_shows_its_five_functions(library: Library) -> None:
    needs("nm", "make", "gcc")
    shown = ran("nm", "-D", "--defined-only", "libconv.so", folder=library.folder).split()[2::3]
    assert shown == ["conv_abi_version", "conv_pack", "conv_query", "conv_run", "conv_shape"]
    assert (library.folder / "libconv.so").stat().st_size < 3 * 200_000


@pytest.mark.parametrize(
    "compiler",
    [("gcc", "-std=c99"), ("gcc", "-std=c17"), ("g++", "-std=c++17"), ("clang", "-std=c99"), ("clang++", "-std=c++17")],
    ids=" ".join,
)
def test_the_header_is_c_and_cpp_and_may_be_included_twice(
    compiler: tuple[str, str], library: Library, tmp_path: Path
) -> None:
    needs(compiler[0])
    source = tmp_path / ("a.cpp" if "++" in compiler[0] else "a.c")
    use = "conv_dims d = CONV_DIMS; conv_args a; a.dims = d; return (int)sizeof a != 8 * 36 || conv_abi_version() != 1;"
    source.write_text(f'#include "conv.h"\n#include "conv.h"\nint main(void) {{ {use} }}\n', encoding="utf-8")
    flags = ("-Wall", "-Wextra", "-Werror", "-pedantic", f"-I{library.folder}")
    objects = [str(library.folder / file) for file in library.files if file.endswith(".o")]
    ran(*compiler, *flags, str(source), *objects, "-lm", "-o", str(tmp_path / "a"), folder=tmp_path)
    ran(str(tmp_path / "a"), folder=tmp_path)


def test_pkg_config_and_cmake_find_the_library(library: Library, tmp_path: Path) -> None:
    needs("pkg-config", "cmake", "make", "gcc", "ar")
    flags = ran("env", f"PKG_CONFIG_PATH={library.folder}", "pkg-config", "--cflags", "--libs", "conv", folder=tmp_path)
    assert flags.split() == [f"-I{library.folder}", f"-L{library.folder}", "-lconv"]
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.16)\nproject(use C)\nfind_package(conv CONFIG REQUIRED)\n"
        "foreach(kind conv static)\nadd_executable(use_${kind} use.c)\n"
        "target_link_libraries(use_${kind} conv::${kind})\nendforeach()\n",
        encoding="utf-8",
    )
    (tmp_path / "use.c").write_text(
        '#include "conv.h"\nint main(void) { return conv_abi_version() != CONV_ABI_VERSION; }\n', encoding="utf-8"
    )
    ran("cmake", "-S", ".", "-B", "build", f"-Dconv_DIR={library.folder}", folder=tmp_path)
    ran("cmake", "--build", "build", folder=tmp_path)
    for kind in ("conv", "static"):
        ran(f"build/use_{kind}", folder=tmp_path)


def test_valgrind_finds_nothing(library: Library) -> None:
    needs("valgrind", "make", "gcc", "ar")
    ran("make", "-s", "test_conv", folder=library.folder)
    found = json.loads(ran("valgrind", "-q", "--error-exitcode=3", "./test_conv", "--json", folder=library.folder))
    assert found["right"]


def test_an_address_sanitizer_finds_nothing(library: Library, tmp_path: Path) -> None:
    needs("gcc", "make", "ar")
    sanitizers = "-fsanitize=address,undefined"
    where = str(library.folder)
    command = ("gcc", "-O1", sanitizers, "-fno-sanitize-recover", f"-I{where}", f"{where}/test.c", f"{where}/libconv.a")
    ran(*command, "-lm", "-o", str(tmp_path / "test"), folder=tmp_path)
    ran(str(tmp_path / "test"), folder=tmp_path)


# What compiles a program for a machine, and what runs one here.
WASI = ("clang", "--target=wasm32-wasi", "--sysroot=/usr")
RISCV = ("qemu-riscv64", "-L", "/usr/riscv64-linux-gnu")
BUILT: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {
    "aarch64": (("aarch64-linux-gnu-gcc",), [("qemu-aarch64", "-L", "/usr/aarch64-linux-gnu")]),
    "riscv64": (("riscv64-linux-gnu-gcc",), [RISCV, ("env", "QEMU_CPU=rv64,v=true,vlen=256", *RISCV)]),
    "wasm32": (WASI, [("node", "--no-warnings", "run.mjs")]),
}


@pytest.mark.parametrize(("machine", "layout"), [("aarch64", "NHWC"), ("riscv64", "NCHW"), ("wasm32", "NHWC")])
def test_a_library_for_another_machine_has_the_same_bits_there(machine: str, layout: Layout, tmp_path: Path) -> None:
    compiler, runners = BUILT[machine]
    needs("make", compiler[0], runners[0][0], *(("wasm-ld", "llvm-ar") if compiler is WASI else ()))
    layer = wc.Layer(21, 30, (13, 18), (3, 3), padding=((1, 1), (0, 2)), batch=2, layout=layout)
    plan = make_plan(layer, "F(4x4,3x3)", target="generic", threads=1)
    emitted = emit_library(plan, tmp_path / "conv", name="conv", machine=machine)
    assert not emitted.unlinked
    rng = np.random.default_rng(1)
    shapes = (layer.input_shape, layer.weight_shape, (layer.filters,))
    x, weights, bias = (rng.uniform(-1, 1, shape).astype(np.float32) for shape in shapes)
    kernel = kernel_of(plan)
    expected = kernel(x, kernel.pack(weights, bias))

    folder = emitted.folder
    assert "F(4x4,3x3)" in ran("make", "-s", "example", "test_conv", folder=folder)
    (folder / "in").write_bytes(b"".join(array.tobytes() for array in (dims_of(layer), x, weights, bias)))
    ran(*compiler, "-O1", "-I.", str(COMPUTE), "libconv.a", "-lm", "-o", "compute", folder=folder)
    variants: list[str] = []
    for runner in runners:
        found = json.loads(ran(*runner, "test_conv", "--json", folder=folder))
        assert found["right"]
        variants += dict.fromkeys(layer["variant"] for layer in found["layers"])
        ran(*runner, "compute", "in", "out", folder=folder)
        y = np.fromfile(folder / "out", np.float32).reshape(layer.output_shape)
        np.testing.assert_array_equal(y.view(np.int32), expected.view(np.int32))
    assert set(variants) == {variant.name for variant in MACHINES[machine].variants}


def test_the_program_of_the_page_runs(library: Library, tmp_path: Path) -> None:
    needs("gcc", "make", "ar")
    page = (ROOT / "docs" / "ship-a-kernel.md").read_text(encoding="utf-8")
    (tmp_path / "main.c").write_text(page.partition("```c\n")[2].partition("```")[0], encoding="utf-8")
    archive = str(library.folder / "libconv.a")
    ran("gcc", "-Wall", "-Werror", f"-I{library.folder}", "main.c", archive, "-lm", "-o", "main", folder=tmp_path)
    first, last = re.findall(r"y = (\S+), and 9 x 64 is (\d+)", ran("./main", folder=tmp_path))[0]
    assert abs(float(first) - int(last)) < 1e-2
