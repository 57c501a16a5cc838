"""What a director fills in: a wish, and a guardian's consent to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

#: How a guardian may agree (a code and its word).
CONSENT_METHODS = {
    "written": "书面签字",
    "witnessed": "口头同意，两人见证",
    "phone": "电话确认并记下时间",
}


@dataclass(frozen=True, slots=True)
class WishInput:
    """What a director fills in. Cost in 分; ``public_note`` is the one optional free sentence."""

    item_code: str
    own_words: str
    quantity: int = 1
    size: int | None = None
    choice: str | None = None
    est_cost_fen: int = 0
    cap_reason: str = ""
    public_note: str = ""


@dataclass(frozen=True, slots=True)
class ConsentInput:
    """Who agreed, how and when; a guardian on file or somebody named."""

    method: str
    given_on: date
    guardian_id: UUID | None = None
    given_by: str = ""
    relation: str = ""
