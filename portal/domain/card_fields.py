"""What stands on a public card, all of it, derived from the disclosure and catalogue words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain import catalogue
from portal.domain.anonymity import Disclosure
from portal.domain.bands import STAGE_OF, STAGES, Band
from portal.domain.catalogue import Specification

_FEN = 100
#: Upper end in 元 → code of the cost band; a service of 0 元 has none.
_COST_BANDS: tuple[tuple[int, str], ...] = ((100, "0-100"), (200, "100-200"), (300, "200-300"))
_ABOVE = "300+"
COST_BAND_LABELS: dict[str, str] = {
    "": "不用花钱",
    "0-100": "100元以内",
    "100-200": "100–200元",
    "200-300": "200–300元",
    "300+": "300元以上",
}


@dataclass(frozen=True, slots=True)
class CardFields:
    """The public fields of a card; the names are those of its table."""

    region_code: str
    region_name: str
    city_code: str
    stage: str
    band: str
    sex: str | None
    need: str
    item_code: str
    title: str
    spec: str
    quantity: int
    note: str
    illustration: str
    is_service: bool
    cost_band: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a wish asks for, as far as a card may use it. Cost in 分."""

    item_code: str
    spec: Specification
    quantity: int
    cost_fen: int
    note: str = ""


def card_fields(
    wanted: Wanted,
    shown: Disclosure,
    names: Mapping[str, str],
    levels: Mapping[str, str],
    path: tuple[str, ...],
) -> CardFields:
    """Write the card: places and band from the disclosure, words from the catalogue."""
    face = catalogue.face_of(wanted.item_code)
    text = catalogue.card_text(
        wanted.item_code, wanted.spec, wanted.quantity, shows_size=shown.shows_size
    )
    place = shown.face.place
    above = path[path.index(place) :]
    return CardFields(
        region_code=place,
        region_name=names.get(place, place),
        city_code=next((code for code in above if levels.get(code) == "city"), ""),
        stage=_stage(shown.face.band),
        band=shown.face.band.value,
        sex=shown.sex,
        need=face.need,
        item_code=face.code,
        title=text.title,
        spec=text.detail,
        quantity=wanted.quantity,
        note=wanted.note,
        illustration=face.illustration,
        is_service=face.is_service,
        cost_band=cost_band(wanted.cost_fen),
    )


def _stage(band: Band) -> str:
    return (band if band in STAGES else STAGE_OF[band]).value


def cost_band(cost_fen: int) -> str:
    """Return the band of a cost in 分; nothing for a service that costs nothing."""
    if cost_fen == 0:
        return ""
    return next((code for top, code in _COST_BANDS if cost_fen <= top * _FEN), _ABOVE)


def keeps_back(item_code: str, spec: str) -> bool:
    """Tell whether the card keeps a size or a choice back until the claim is confirmed."""
    face = catalogue.face_of(item_code)
    return (face.size_kind is not None and "码" not in spec) or (
        bool(face.choices) and not face.spec_public
    )
