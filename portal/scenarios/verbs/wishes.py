"""Windows, wishes, batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.queries import stories
from portal.services import publication, windows, wish_review, wishes

VERBS: Mapping[str, Callable[..., Any]] = {
    "window.open_year": windows.open_year,
    "window.plan": windows.plan,
    "consent.record": wishes.record_consent,
    "consent.withdraw": wish_review.withdraw_consent,
    "wish.draft": wishes.draft,
    "wish.edit": wishes.edit,
    "wish.submit": wish_review.submit,
    "wish.screen": wish_review.screen,
    "wish.approve": wish_review.approve,
    "wish.send_back": wish_review.send_back,
    "wish.withdraw": wish_review.withdraw,
    "batch.release": publication.release,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "wish.status": stories.wish_status,
    "wish.window": stories.wish_window,
    "windows.named": stories.window,
    "wishes.states": stories.wish_states,
    "cards.codes": stories.card_codes,
    "wall.size": stories.wall_size,
    "archive.count": stories.archive_count,
    "archive.value": stories.archive_value,
}
