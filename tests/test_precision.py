"""Policies: names, notation, what is refused, and what is warned of."""

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.errors import FormatError
from wincook.formats import EXACT, FLOAT16, FLOAT32, FLOAT64, FORMATS, INT8, INT32, TF32, Format
from wincook.precision import PRESETS, Precision
from wincook.stages import STAGES

formats = st.sampled_from(sorted(FORMATS.values(), key=str))
BITS = {name: fmt.precision for name, fmt in FORMATS.items()} | {"exact": 10**9}


def stages_of(policy: Precision) -> dict[str, str]:
    return {stage: str(getattr(policy, stage)) for stage in STAGES}


@pytest.mark.parametrize("fmt", FORMATS.values(), ids=str)
def test_a_format_is_a_policy(fmt: Format) -> None:
    policy = Precision.of(fmt)
    assert set(stages_of(policy).values()) == {fmt.name}
    assert policy == Precision.of(fmt.name) == Precision.of(policy) == Precision.uniform(fmt)
    assert str(policy) == fmt.name
    assert policy.fused


def test_the_presets_are_what_their_names_say() -> None:
    wide = dict.fromkeys(STAGES, "float32")
    mixed = {name: stages_of(policy) for name, policy in PRESETS.items() if name not in FORMATS}
    assert mixed == {
        "tf32-dot": wide | {"U": "tf32", "V": "tf32"},
        "bfloat16-dot": wide | {"U": "bfloat16", "V": "bfloat16"},
        "float16-winograd-domain": wide | {"U": "float16", "V": "float16"},
        "float16-accumulate-float32": dict.fromkeys(STAGES, "float16")
        | {"product": "float32", "accumulate": "float32"},
        "float8_e5m2-winograd-domain": wide | dict.fromkeys("UV", "float8_e5m2-saturating"),
        "float8_e4m3fn-winograd-domain": wide | dict.fromkeys("UV", "float8_e4m3fn-saturating"),
        "int8-winograd-domain": wide | {"U": "int8", "V": "int8", "product": "int32", "accumulate": "int32"},
    }
    assert [str(policy) for policy in PRESETS.values()] == list(PRESETS)


@pytest.mark.parametrize("name", [name for name in PRESETS if name not in FORMATS])
def test_mixed_presets_are_wise(name: str) -> None:
    assert PRESETS[name].warnings == ()
    assert PRESETS[name].fused


@given(st.tuples(*[formats] * len(STAGES)))
def test_every_policy_prints_as_it_is_read_or_is_refused(chosen: tuple[Format, ...]) -> None:
    """A stage is refused if it has fewer bits than what it takes, or holds integers and takes fractions."""
    stages = dict(zip(STAGES, chosen, strict=True))
    integers = {stage for stage, fmt in stages.items() if fmt.name.startswith("int")}
    chain = [("product", "U"), ("product", "V"), ("accumulate", "product")]
    narrowing = any(BITS[stages[stage].name] < BITS[stages[taken].name] for stage, taken in chain)
    quantising = any(stage in integers and taken not in integers for stage, taken in [*chain, ("output", "accumulate")])
    if narrowing or quantising:
        with pytest.raises(FormatError, match=r"(widen|choose a float format for) "):
            Precision(**stages)
        return
    policy = Precision(**stages)
    assert Precision.of(str(policy)) == policy
    assert hash(Precision.of(str(policy))) == hash(policy)
    assert all(warning.endswith(".") and "\n" not in warning for warning in policy.warnings)


def test_stages_may_stand_in_any_order_and_with_blanks() -> None:
    written = "filter=float32,input=float16,product=float32,accumulate=float32,output=float32"
    policy = Precision.of(written)
    assert stages_of(policy) == dict.fromkeys(STAGES, "float32") | {"input": "float16", "V": "float16"}
    assert Precision.of(" , ".join(reversed(written.replace("=", " = ").split(",")))) == policy
    assert (
        str(policy)
        == "filter=float32,U=float32,input=float16,V=float16,product=float32,accumulate=float32,output=float32"
    )


def test_what_is_stored_takes_the_narrower_of_the_formats_around_it() -> None:
    policy = Precision.of("filter=exact, input=float16, product=float32, accumulate=float64, output=float64")
    assert (policy.U, policy.V, policy.fused) == (FLOAT32, FLOAT16, False)


def test_a_name_may_be_followed_by_what_differs() -> None:
    assert Precision.of("float32, accumulate=float64") == replace(Precision.uniform(FLOAT32), accumulate=FLOAT64)
    assert Precision.of("int8-winograd-domain,filter=exact").filter == EXACT
    assert str(Precision.of("float32, V=tf32, U=tf32")) == "tf32-dot"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("float24", r"'float24'.*float64.*int8-winograd-domain"),
        ("", "''"),
        ("float32,", r"''.*'float32,'"),
        ("float32, sum=float64", "'sum=float64'"),
        ("float32, float16", "'float16'"),
        ("float32, U=float16, U=tf32", None),
        ("float32, U=quarter", r"'quarter'.*float64.*float32.*tf32"),
        ("U=float16", None),
        (
            "float32, accumulate=float16",
            r"accumulate=float16.*11.*product=float32.*24",
        ),
        ("float16, product=exact", r"accumulate=float16.*11.*product=exact"),
        ("float32, product=bfloat16, accumulate=float32", r"product=bfloat16.*8.*U=float32"),
        (
            "float16, accumulate=int32",
            r"accumulate=int32.*product=float16",
        ),
        ("float32, output=int8", r"output=int8.*accumulate=float32"),
        ("exact, product=int32, accumulate=int32", r"product=int32.*U=exact"),
    ],
)
def test_bad_policies_are_named(text: str, message: str | None, golden: Golden) -> None:
    with golden.raises(FormatError, match=message):
        Precision.of(text)


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        ("float32", []),
        ("exact", []),
        ("float16", []),
        ("bfloat16", ["accumulate=bfloat16 stops growing at 256 equal terms."]),
        ("float16,U=bfloat16", ["product=float16 holds up to 65504, U=bfloat16 up to 3.38953e+38."]),
        ("float16,V=float32,product=float32,accumulate=float32", ["V=float32 stores what input=float16 computed: "]),
        ("float32,V=float8_e4m3fn", ["V=float8_e4m3fn turns values beyond 448 into NaN, and with them whole tiles; "]),
        (
            "int8-winograd-domain,filter=int16",
            ["filter=int16 takes data scaled to integers, and a matrix G of integers."],
        ),
        ("int8-winograd-domain,product=int8", ["product=int8 saturates: a product of int8 and int8 may be 16129."]),
        ("int8-winograd-domain,V=int16", ["accumulate=int32 may saturate if there are more than 516 channels."]),
    ],
)
def test_what_is_unwise_is_warned_of(text: str, warnings: list[str]) -> None:
    found = Precision.of(text).warnings
    assert len(found) == len(warnings)
    assert all(warning.startswith(start) for warning, start in zip(found, warnings, strict=True))


def test_the_channel_limit_is_that_of_the_largest_products() -> None:
    policy = Precision.of("int8-winograd-domain, V=int16")
    assert 516 * 127 * 32767 <= INT32.largest < 517 * 127 * 32767
    assert policy.V.largest * policy.U.largest == 127 * 32767


def test_a_policy_is_a_value() -> None:
    policy = Precision.of("tf32-dot")
    assert {policy: 1}[replace(Precision.uniform(FLOAT32), U=TF32, V=TF32)] == 1
    with pytest.raises(FrozenInstanceError):
        policy.U = INT8  # type: ignore[misc]
    assert not hasattr(policy, "__dict__")


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("fp32, U=FP16, V=half", "float16-winograd-domain"),
        ("FP16-accumulate-fp32", "float16-accumulate-float32"),
        ("bf16-dot", "bfloat16-dot"),
        ("Float8_E5M2-Winograd-Domain", "float8_e5m2-winograd-domain"),
    ],
)
def test_policies_take_the_names_of_other_programs(text: str, policy: str) -> None:
    assert str(Precision.of(text)) == policy


def test_a_policy_with_a_slip_of_the_pen_gets_a_hint(golden: Golden) -> None:
    with golden.raises(FormatError, match=r"'float16-winograd-domian'.*float16-winograd-domain"):
        Precision.of("float16-winograd-domian")
