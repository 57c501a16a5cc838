"""What stands on the public card of a need, all of it (security.md 2, A4; ADR 0009).

Place and band come from the K rule over the register. The rest must not tell what the face hides:
behind 陪伴 and 生活 stand ordinary needs beside counselling, rehabilitation and legal help. So
under these two faces a card says neither days, language nor helper, and every card of the face
keeps the rhythms of its ordinary kinds. The other faces hide nothing and may say more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.domain.anonymity import Disclosure
from portal.domain.bands import STAGE_OF, STAGES
from portal.domain.needs import FACES, KINDS, RHYTHMS

#: Kinds that by themselves tell a diagnosis or a family's trouble.
TELLING = frozenset({"counselling", "rehabilitation", "law"})
#: Faces behind which such a kind may stand.
MIXED = frozenset(KINDS[kind].face for kind in TELLING)
#: Rhythms a card may show, and how a visitor reads them.
PUBLIC_RHYTHMS: Mapping[str, str] = {
    "monthly_quarterly": "每月谈心，每季入户",
    "festivals": "节日",
    "flexible": "每月几次，时间可商量",
    **{code: one.label for code, one in RHYTHMS.items() if code != "on_demand"},
}
#: The rhythm of a mixed face, and the ones of its ordinary kinds that may stand beside it.
_USUAL: Mapping[str, str] = {"company": "monthly_quarterly", "daily": "flexible"}
_BESIDE: Mapping[str, frozenset[str]] = {"company": frozenset({"festivals"}), "daily": frozenset()}
#: Preferred helpers a card may name: a mother or a father says something about the child, an
#: office or a profession about the family.
PUBLIC_HELPERS = frozenset(
    {"citizen", "teacher", "student", "entrepreneur", "association", "charity", "volunteers"}
    | {"veteran"}
)


@dataclass(frozen=True, slots=True)
class NeedFields:
    """The public fields of a need's card; the names are those of its table."""

    region_code: str
    region_name: str
    city_code: str
    stage: str
    band: str
    need: str
    rhythm: str
    days: list[str]
    language: str
    helper: str
    illustration: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a need asks for, as far as a card may use it."""

    kind: str
    rhythm: str
    days: tuple[str, ...] = ()
    language: str = ""
    helper: str = ""


def need_fields(
    asked: Asked,
    shown: Disclosure,
    names: Mapping[str, str],
    levels: Mapping[str, str],
    path: tuple[str, ...],
    common: Iterable[str] = (),
) -> NeedFields:
    """Write the card. ``common`` are the languages that at least K live needs ask for."""
    face = KINDS[asked.kind].face
    mixed = face in MIXED
    place = shown.face.place
    band = shown.face.band
    return NeedFields(
        region_code=place,
        region_name=names.get(place, place),
        city_code=next(
            (code for code in path[path.index(place) :] if levels.get(code) == "city"), ""
        ),
        stage=(band if band in STAGES else STAGE_OF[band]).value,
        band=band.value,
        need=face,
        rhythm=public_rhythm(asked.kind, asked.rhythm),
        days=[] if mixed else sorted(asked.days),
        language="" if mixed or asked.language not in frozenset(common) else asked.language,
        helper="" if mixed or asked.helper not in PUBLIC_HELPERS else asked.helper,
        illustration=illustration(face),
    )


def public_rhythm(kind: str, rhythm: str) -> str:
    """Return the rhythm a card shows: under a mixed face, one that ordinary needs have too."""
    face = KINDS[kind].face
    if face not in MIXED:
        return rhythm if rhythm in PUBLIC_RHYTHMS else "flexible"
    if kind not in TELLING and rhythm in _BESIDE[face]:
        return rhythm
    return _USUAL[face]


def illustration(face: str) -> str:
    """Return the picture of a face: one for all its kinds, or the picture would tell them apart."""
    return next(kind.illustration for kind in KINDS.values() if kind.face == face)


def face_label(face: str) -> str:
    """Return the word of a face; an unknown one is said as it is."""
    return FACES.get(face, face)


#: What a visitor may type for a face: its own words and those of every kind behind it.
_SPOKEN: Mapping[str, tuple[str, ...]] = {
    "company": ("陪伴", "谈心", "聊天", "亲情", "关爱", "过节"),
    "study": ("学习", "功课", "作业", "数学", "英语", "语文", "看书"),
    "interest": ("兴趣", "画画", "音乐", "篮球", "跑步", "手工"),
    "future": ("升学", "职业", "志愿", "打工", "工作"),
    "daily": ("生活", "照料", "做饭", "放学"),
}


def faces_of(words: str) -> tuple[str, ...]:
    """Return the faces that what a visitor typed may mean; vocabulary only, no free text."""
    asked = words.strip()
    if not asked:
        return ()
    spoken = {
        face: (label, *_SPOKEN[face], *(one.label for one in KINDS.values() if one.face == face))
        for face, label in FACES.items()
    }
    return tuple(
        face
        for face, known in spoken.items()
        if any(asked in word or word in asked for word in known)
    )
