"""Precision policies: which format each stage of y = AT [Σ_c (G g) ⊙ (BT d)] computes in.

`filter`, `input` and `output` compute G g, BT d and AT M, on data that are rounded to them first; `U` and `V` are what
the transformed filters and inputs are stored in, in the Winograd domain. A product is rounded to `product`, then added
in `accumulate`, unless both are the same format: then it is added by an fma, and not rounded before. Narrow
operands and wide sums are what tensor cores offer (Blanchard, Higham, Lopez, Mary and Pranesh, *Mixed precision block
fused multiply-add*, SIAM J. Sci. Comput. 42 (2020), C124).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from wincook.arguments import did_you_mean, words
from wincook.errors import FormatError, quoted
from wincook.formats import (
    ALIASES,
    BFLOAT16,
    FLOAT8_E4M3FN,
    FLOAT8_E5M2,
    FLOAT16,
    FLOAT32,
    FORMATS,
    INT8,
    INT32,
    TF32,
    Format,
    official_name,
)
from wincook.shown import brief
from wincook.stages import STAGES, PerStage

_FEW_TERMS = 2**8  # a float that stops counting here is too narrow for a sum over channels
_MANY_CHANNELS = 2**10
_EXAMPLE = "write a known name, stages, or both: float32, U=float16, V=float16"


@dataclass(frozen=True, slots=True)
class Precision(PerStage[Format]):
    """The format of each stage.

    >>> policy = Precision.of("float32, U=float16, V=float16")
    >>> print(policy)
    float16-winograd-domain
    >>> policy.V, policy.fused
    (Format(name='float16', ...), True)

    Raises:
        FormatError: a stage that cannot hold what it takes: fewer bits, or only integers.
    """

    __repr__ = brief

    def __post_init__(self) -> None:
        for stage in STAGES:
            object.__setattr__(self, stage, Format.of(getattr(self, stage)))
        for stage, source in (("product", "U"), ("product", "V"), ("accumulate", "product"), ("output", "accumulate")):
            fmt, taken = getattr(self, stage), getattr(self, source)
            if fmt.is_integer and not taken.is_integer:
                raise FormatError(
                    f"{stage}={fmt} holds integers and takes {source}={taken}, which holds fractions; only U and V "
                    f"quantise: choose a float format for {stage}"
                )
            if stage != "output" and _bits(fmt) < _bits(taken):
                raise FormatError(
                    f"{stage}={fmt} has {_bits(fmt)} bits and takes {source}={taken}, which has {_bits(taken)}; "
                    f"widen {stage}, or narrow {source}"
                )

    @classmethod
    def of(cls, policy: Precision | Format | str) -> Precision:
        """The policy itself, a format for all stages, or the policy that a text denotes.

        Raises:
            FormatError: something else, or as `parse`.
        """
        if isinstance(policy, Precision):
            return policy
        return cls.parse(policy) if isinstance(policy, str) else cls.uniform(Format.of(policy))

    @classmethod
    def parse(cls, text: str) -> Precision:
        """Read the name of a policy or format, then stages that differ: `float32, accumulate=float64`.

        Without a name all stages must be given, but for U and V: these take the narrower of the formats around them.

        Raises:
            FormatError: an unknown name, stage or format, a stage given twice or not at all, or an impossible policy.
        """
        chosen: dict[str, Format] = {}
        text = words("precision", text, "float32, U=float16, V=float16", FormatError)
        first, *rest = (item.strip() for item in text.split(","))
        official = str(official_name(first))
        if "=" in first:
            rest.insert(0, first)
        elif official in PRESETS:
            chosen = dict(PRESETS[official].items())
        else:
            hint = did_you_mean(first, (*PRESETS, *ALIASES))
            raise FormatError(f"unknown precision {quoted(first)}; known are {', '.join(PRESETS)}; {_EXAMPLE}{hint}")
        given: dict[str, Format] = {}
        for item in rest:
            stage, equals, name = (part.strip() for part in item.partition("="))
            if not equals or stage not in STAGES:
                raise FormatError(
                    f"unknown stage {quoted(item)} in precision {quoted(text)}; stages are {', '.join(STAGES)}"
                )
            if stage in given:
                raise FormatError(f"stage {stage} stands twice in precision {quoted(text)}; give it once")
            given[stage] = Format.of(name)
        chosen |= given
        missing = [stage for stage in STAGES if stage not in {*chosen, "U", "V"}]
        if missing:
            raise FormatError(f"precision {quoted(text)} gives no format for {', '.join(missing)}; {_EXAMPLE}")
        for stored, computed in (("U", "filter"), ("V", "input")):
            chosen.setdefault(stored, min(chosen["product"], chosen[computed], key=_bits))
        return cls(**chosen)

    @property
    def fused(self) -> bool:
        """Whether products are added by an fma, with one rounding."""
        return self.product == self.accumulate

    @property
    def in_pairs(self) -> bool:
        """Whether products are added as processors add those of pairs of bfloat16: `wincook.program.bfloat16`.

        >>> Precision.of("bfloat16-dot").in_pairs, Precision.of("bfloat16").in_pairs
        (True, False)
        """
        return self.U == self.V == BFLOAT16 and self.fused and self.accumulate == FLOAT32

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed but seldom meant, in one sentence each.

        >>> Precision.of("bfloat16").warnings
        ('accumulate=bfloat16 stops growing at 256 equal terms.',)
        """
        return (*self._about_transforms(), *self._about_sums())

    def _about_transforms(self) -> Iterator[str]:
        for stage, matrix in (("filter", "G"), ("input", "BT"), ("output", "AT")):
            fmt = getattr(self, stage)
            if fmt.is_integer:
                yield f"{stage}={fmt} takes data scaled to integers, and a matrix {matrix} of integers."
        for stored, computed in (("U", "filter"), ("V", "input")):
            fmt, before = getattr(self, stored), getattr(self, computed)
            if _bits(fmt) > _bits(before):
                yield f"{stored}={fmt} stores what {computed}={before} computed: its further bits stay empty."
            if fmt.overflow == "nan":
                yield (
                    f"{stored}={fmt} turns values beyond {float(fmt.largest):g} into NaN, and with them whole tiles; "
                    f"{fmt.saturating} does not."
                )

    def _about_sums(self) -> Iterator[str]:
        fmt, product = self.accumulate, self.product
        if fmt.is_exact:
            return
        if fmt.is_integer:
            needed = self.U.largest * self.V.largest
            if product.largest < needed:
                yield f"product={product} saturates: a product of {self.U} and {self.V} may be {needed}."
            elif fmt.largest < _MANY_CHANNELS * needed:
                yield f"accumulate={fmt} may saturate if there are more than {fmt.largest // needed} channels."
            return
        if 2**fmt.precision <= _FEW_TERMS:
            yield f"accumulate={fmt} stops growing at {2**fmt.precision} equal terms."
        for stage, source in (("product", "U"), ("product", "V"), ("accumulate", "product")):
            narrow, wide = getattr(self, stage), getattr(self, source)
            if narrow.largest < wide.largest:
                limits = f"{float(narrow.largest):g}, {source}={wide} up to {float(wide.largest):g}"
                yield f"{stage}={narrow} holds up to {limits}."

    def __str__(self) -> str:
        for name, policy in PRESETS.items():
            if policy == self:
                return name
        return ",".join(f"{stage}={fmt}" for stage, fmt in self.items())


def _bits(fmt: Format) -> float:
    return inf if fmt.is_exact else fmt.precision


def _stored_in(fmt: Format) -> Precision:
    """Wide transforms and sums, narrow U and V."""
    return Precision.uniform(FLOAT32).replace(U=fmt, V=fmt)


PRESETS = {name: Precision.uniform(fmt) for name, fmt in FORMATS.items()} | {
    "tf32-dot": _stored_in(TF32),
    "bfloat16-dot": _stored_in(BFLOAT16),
    "float16-accumulate-float32": Precision.uniform(FLOAT16).replace(product=FLOAT32, accumulate=FLOAT32),
    "float16-winograd-domain": _stored_in(FLOAT16),
    "float8_e5m2-winograd-domain": _stored_in(FLOAT8_E5M2.saturating),
    "float8_e4m3fn-winograd-domain": _stored_in(FLOAT8_E4M3FN.saturating),
    "int8-winograd-domain": _stored_in(INT8).replace(product=INT32, accumulate=INT32),
}
