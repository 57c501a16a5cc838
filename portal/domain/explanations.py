"""The disclosure decision in words for staff: what is shown, what was rolled up, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.domain.anonymity import BAND_LABELS, Disclosure, Face, Held, HeldReason, Rung


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message id with its parameters; the web translates first and formats then."""

    template: str
    params: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.params)


_HELD: dict[HeldReason, str] = {
    HeldReason.TOO_FEW: (
        "放宽到{face}也只有 {fitting} 名在册儿童合得上，不足 {k} 名：先不公开，由工作人员线下对接"
    ),
    HeldReason.NO_BAND: "孩子不满 3 岁或已满 18 岁，没有可以公开的年龄段：由工作人员线下对接",
    HeldReason.AGE_MISFIT: "这件物品不是给这个年龄的孩子用的，公开后会很显眼：请换一件物品",
}


def face_label(face: Face, names: Mapping[str, str]) -> str:
    """Write a face as people read it: 明溪县·小学."""
    return f"{names.get(face.place, face.place)}·{BAND_LABELS[face.band]}"


def explain(result: Disclosure | Held, names: Mapping[str, str]) -> list[Sentence]:
    """Say in Chinese what a card discloses and why; ``names`` maps place codes to names."""
    if isinstance(result, Held):
        face = face_label(result.widest, names) if result.widest else ""
        params = {"face": face, "fitting": result.fitting, "k": result.k}
        return [Sentence(_HELD[result.reason], params)]
    said: list[Sentence] = []
    if result.wanted is not None and result.wanted != result.face:
        said.append(_rolled(result, result.wanted, names))
    said.append(
        Sentence(
            "{face} 共 {fitting} 名在册儿童，可以公开",
            {"face": face_label(result.face, names), "fitting": result.fitting},
        )
    )
    if Rung.SEX in result.dropped:
        said.append(Sentence("性别不公开：写出来合得上的孩子会不足 {k} 名", {"k": result.k}))
    if Rung.SIZE in result.dropped:
        said.append(Sentence("尺码不公开：认领确认后再告诉爱心人士", {}))
    return said


def _rolled(result: Disclosure, wanted: Face, names: Mapping[str, str]) -> Sentence:
    params: dict[str, object] = {
        "wanted": face_label(wanted, names),
        "n": result.wanted_fitting,
        "k": result.k,
        "face": face_label(result.face, names),
    }
    if result.wanted_fitting < result.k:
        return Sentence("{wanted} 只有 {n} 名在册儿童，不足 {k} 名，放宽为 {face}", params)
    return Sentence(
        "{wanted} 有 {n} 名在册儿童，但相邻的一组不足 {k} 名；为防止被排除法认出，"
        "一并显示为 {face}",
        params,
    )
