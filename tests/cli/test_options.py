"""No option is offered that can only fail: each stands in one call at least that succeeds."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import wincook as wc
from wincook.cli.group import COMMANDS, command_named
from wincook.layers.notation.named import NamedLayer
from wincook.layers.notation.text import read_layer
from wincook.quantisation import calibrate, write_calibration

Run = Callable[..., tuple[int, str, str]]

ALGORITHM = "-p 0,±a,±1/a,inf --at a=2 --gauge balance --form weight-gradient"
CALLS: dict[str, list[str]] = {
    "show": [
        f"4,3 {ALGORITHM} --programs --as c --out f43.h --no-limit",
        "2,3 --basis legendre --dimension 2 --json -v",
        "4x4,3x3 -p 0,±1,x^2+1,inf --joint",
        "4,3 --blocks 2",
        "2x2,3x3 --programs --as c --name f23 --type int32",
        "4,3 --prime 17",
        "4,3 --after factor",
    ],
    "verify": [
        f"4,3 {ALGORITHM} --as csv --no-limit",
        "2,3 --basis legendre --dimension 2 --json -v",
        "4x4,3x3 -p 0,±1,x^2+1,inf --joint",
        "4,3 --blocks 2",
        "4,3 --prime 17",
    ],
    "condition": [
        f"4,3 {ALGORITHM} --as latex --save c.json --no-limit",
        "2,3 --basis legendre --dimension 2 --json -v",
        "4x4,3x3 -p 0,±1,x^2+1,inf --joint",
        "4,3 --blocks 2",
    ],
    "analyse": [
        f"4,3 {ALGORITHM} -f fp16 -c 2 --law normal -n 20 --seed 1 --as csv --save a.json --no-limit",
        "2,3 --basis legendre --dimension 2 -n 20 --html a.html --plot a.svg --theme dark --json -v",
        "2x2,3x3 --kernel --inputs x.npy --weights w.npy -n 20",
        "2x2,3x3 -f int8 -c 2 --law relu",
        "4x4,3x3 -p 0,±1,x^2+1,inf --joint -n 20",
        "4,3 --blocks 2 -n 20",
    ],
    "compare": [
        f"4,3 {ALGORITHM} -f fp16 -c 2 --law normal -n 20 --seed 1 --sort error --as csv --save b.json --no-limit",
        "2,3 --basis legendre --dimension 2 --plot a.svg --theme dark --json -v",
        "4x4,3x3 -p 0,±1,x^2+1,inf --joint",
        "4,3 --blocks 2",
        "4,3 -p 0,±a,±b,inf --at b=3/2 --sweep a=1/2:3/4:1/8 --plot b.png --save d.json",
    ],
    "tolerance": [
        f"4,3 {ALGORITHM} -f fp32 -c 2 --law normal --range 2 --filter-range 0.5 --outputs 9 --probability 1e-6",
        "2,3 --basis legendre --dimension 2 --rigorous --against float32 --json -v --no-limit",
        "2,3 --pytest",
        "4x4,3x3 -p 0,±1,x^2+1,inf --joint --as csv --save t.json",
        "4,3 --blocks 2",
    ],
    "ranges": [
        f"4,3 {ALGORITHM} -f fp32 -c 2 --law normal --range 2 --filter-range 0.5 --as csv --save r.json --no-limit",
        "2,3 --basis legendre --dimension 2 --bits 8 --wrap --json -v",
        "4x4,3x3 -p 0,±1,x^2+1,inf --joint -f fp32",
        "4,4 --blocks 2 -f fp32",
    ],
    "int8": [
        f"4,3 {ALGORITHM} -b 6 -c 2 --law normal -n 1 --filters 2 --tiles-per-layer 4 --seed 1 --no-limit",
        "2,3 --basis legendre --dimension 2 -n 1 --filter-scales filter --powers-of-two --json -v",
        "4x4,3x3 -p 0,±1,x^2+1,inf --joint -n 1 --input-scales tensor --clipping percentile --percentile 99",
        "2,3 -n 1 --as csv --save i.json",
        "4,3 --blocks 2 -n 1",
        "--calibrate x.npy --weights w.npy --margin 1.5 --x-scale 0.02,3 --y-scale 0.1",
        "2x2,3x3 --calibrate x.npy --weights w.npy --held-out x.npy -f int16 --to c.json",
    ],
    "sparse": [
        "'2x6x6 -> 2, 3x3' --tile 2x2,3x3 --weights w.npy --inputs x.npy --sparsity 0.5 --mask k.json --as csv -v",
        "'4x9x9 -> 4, 3x3' --law normal --block 64x2 --threads 1 --target generic --seed 1 --save u.json --no-limit",
        "'4x9x9 -> 4, 3x3' -f bf16 --sparsity 0.5 --mask k.npz",
        "'4x9x9 -> 4, 3x3' --measure --seconds 0.01 --target generic --plot u.svg --theme dark --json",
    ],
    "residues": ["4,3 -b 16 -c 2 --inputs uint8 --filters -7..7 --as csv --save s.json --no-limit -v", "4,3 --json"],
    "atlas": [
        "4x4,3x3 -f fp32 --extra 0 --dimension 2 --taps 3 --as csv --save k.json --no-limit -v",
        "compare sets.txt --tile 4,3 -n 16 --seed 1 --json",
        "why 4x4,3x3",
    ],
    "reproduce": [
        "meng2019 --as csv --save p.json --no-limit -v",
        "barabasz2020 -n 20 --seed 1 --plot p.svg --theme dark",
        "--json",
    ],
    "search": [
        "2,3 -f fp16 -c 2 --law normal -o rms -n 1 --seed 1 --winners 2 --samples 9 --store s --as csv --save q.json",
        "2,2 -n 1 -e 1 --least-extra 1 --gauge balance --height 2 --denominator 1 --root 2 --store s -v",
        "2,3 --strategy refine --start 0,1,inf -s 0.1 -w 2 --store s --resume --samples 0 --json",
        "2,2 -n 1 --zero any --infinity any --family free --dask local:1 --store s --samples 0",
    ],
    "view": ["saved.json --html v.html --as csv", "saved.json --json"],
    "diff": ["saved.json saved.json --as latex", "saved.json saved.json --json"],
    "emit": [
        f"4x4,3x3 {ALGORITHM} --out . --layout NHWC --filters 8 --kind module --target generic --json --no-limit",
        "2,3 --basis legendre --dimension 2 -v",
        "4x4,3x3 --blocks 2,2",
        "2x2,3x3 --kind asm --target generic",
        "2x2,3x3 --layer '2x9x9 -> 4, 3x3' --kind c --name conv -f int8 --calibration c.json --out text",
        "2x2,3x3 --kind library --target aarch64 --name conv --force --out conv",
        "2x2,3x3 --layer '2x9x9 -> 4, 3x3' --kind library --target aarch64 -f int8 --calibration c.json --out q",
        (
            "2x2,3x3 --kind c --input-format uint8 --x-scale 0.05,128 --output-format int8 --y-scale 0.1 --out u "
            "--epilogue 'residual, relu' --residual-format uint8 --residual-scale 0.1,5"
        ),
        "2x2,3x3 -f bfloat16 --input-format float16 --output-format bfloat16 --target generic",
        "2x2,3x3 --sparse --target generic",
        "direct --layer '4x9x9 -> 4, 3x3, dilation 2, NHWC' --target generic",
        "m.onnx --max-error 1e-5 --target generic",
        "--network resnet18 --target generic",
    ],
    "convert": [
        "m.onnx --out c -e 1e-5 --inputs i.npz --batch 2 --engine reference --target aarch64 --name net --json",
        "m.onnx --out c --seed 1 --force --threads 1 --target aarch64 --as csv --save n.json --no-limit -v",
    ],
    "demo": [
        "--photo tiny.png --out d.png -n 16 --seed 1 --as csv --save d.json --no-limit -v",
        "--photo tiny.png --out d.png -n 16 --json",
    ],
    "plan": [
        "'4x9x9 -> 4, 3x3' --max-error '100 dB' --threads 1 --target generic --runners-up 1 --as csv --save l.json -v",
        "'4x9x9 -> 4, 3x3' --format bfloat16 --min-snr 35dB --target generic",
        "'4x9x9 -> 4, 3x3' --target generic --measure --tune --seconds 0.01 --json --no-limit",
        "--network resnet18",
        "m.onnx --batch 2 --threads 1",
    ],
    "bench": [
        "'4x9x9 -> 4, 3x3' --tile 2x2,3x3 --threads 1 --target generic --seconds 0.01 --as csv --save m.json -v",
        "'4x9x9 -> 4, 3x3' --max-error 1e-5 --target generic --seconds 0.01 --stages --json --no-limit",
    ],
    "doctor": ["--as csv --save o.json -v", "--json --measure"],
}


def save_model(path: Path) -> None:
    """One convolution, of any number of images."""
    onnx: Any = pytest.importorskip("onnx")
    helper, numbers = onnx.helper, onnx.TensorProto.FLOAT
    x = helper.make_tensor_value_info("x", numbers, (None, 2, 6, 6))
    y = helper.make_tensor_value_info("y", numbers, None)
    w = onnx.numpy_helper.from_array(np.ones((4, 2, 3, 3), np.float32), "w")
    graph = helper.make_graph([helper.make_node("Conv", ["x", "w"], ["y"])], "model", [x], [y], [w])
    onnx.save(helper.make_model(graph), str(path))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """What the calls read, and where they write."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CFLAGS", "-O0")  # of libraries
    # What is found out about this machine in passing is not for the plans of other tests.
    monkeypatch.setattr("wincook.kernels.choice.remembered._place", lambda kind, key: tmp_path / f"{kind}.json")
    rng = np.random.default_rng(0)
    np.save("x.npy", rng.normal(size=(1, 2, 6, 6)))
    np.savez("i.npz", x=rng.normal(size=(2, 2, 6, 6)))
    np.save("w.npy", rng.normal(size=(2, 2, 3, 3)))
    Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)).save("tiny.png")
    save_model(Path("m.onnx"))
    images = np.abs(rng.normal(size=(2, 2, 9, 9))).astype(np.float32)
    small = wc.Layer(2, 4, (9, 9), (3, 3))
    write_calibration("c.json", calibrate(small, wc.algorithm("2x2,3x3"), images, format="int8"))
    Path("sets.txt").write_text("0, ±1, ±2, ∞\nF(2,3) on 0, ±2, ∞\n", encoding="utf-8")
    network = (NamedLayer("conv", 1, read_layer("4x9x9 -> 4, 3x3")),)
    monkeypatch.setattr("wincook.cli.shipped.network_layers", lambda name: network)
    monkeypatch.setattr("wincook.demo.run.KERNELS", {3: (2,), 5: (2,), 7: (2,)})
    assert run("residues", "4,3", "--save", "saved.json")[0] == 0


def test_every_command_is_called() -> None:
    assert set(CALLS) == set(COMMANDS)


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_stands_in_a_call_that_succeeds(run: Run, name: str) -> None:
    options: list[Any] = [option for option in command_named(name).params if option.param_type_name == "option"]
    calls = [shlex.split(call) for call in CALLS[name]]
    for call in calls:
        code, out, err = run(name, *call)
        assert (code, bool(out)) == (0, True), (call, err)
    words = {word for call in calls for word in call}
    unused = [option.opts for option in options if not words & {*option.opts} and "--help" not in option.opts]
    assert not unused


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    for option in command_named(name).params:
        words = option.help
        assert words, option.name
        assert words[0].isupper() or words.startswith("F(m,r)")
        assert words.endswith("."), words


@pytest.mark.parametrize(
    ("command", "option"),
    [
        *((name, "--prime") for name in ("condition", "analyse", "compare", "tolerance", "ranges", "int8", "emit")),
        ("emit", "--joint"),
        ("residues", "--points"),
    ],
)
def test_options_that_can_only_fail_are_not_offered(run: Run, command: str, option: str) -> None:
    code, _, err = run(command, "F(4x4,3x3)", option)
    assert (code, err.count("\n")) == (2, 1)
    assert "No such option" in err


@pytest.mark.parametrize("command", ["analyse", "compare", "tolerance", "ranges", "int8", "emit"])
def test_forms_that_have_no_error_are_not_offered(run: Run, command: str) -> None:
    code, _, err = run(command, "F(4x4,3x3)", "--form", "linear")
    assert code == 2
    assert "known are correlation, weight-gradient" in err
