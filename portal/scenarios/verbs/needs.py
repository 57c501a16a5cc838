"""Needs for a lasting relationship, applications and offers of a story."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.queries import need_stories
from portal.services import need_applications, need_publication, needs, pairing_offers

VERBS: Mapping[str, Callable[..., Any]] = {
    "child.assess": needs.record_assessment,
    "need.draft": needs.draft,
    "need.submit": needs.submit,
    "need.approve": needs.approve,
    "need.hold": needs.hold,
    "need.send_back": needs.send_back,
    "need.withdraw": needs.withdraw,
    "need.close": needs.close,
    "need.release": need_publication.release,
    "need.apply": need_applications.apply,
    "need.withdraw_application": need_applications.withdraw,
    "need.decline_application": need_applications.decline,
    "need.offer": pairing_offers.offer,
    "need.withdraw_offer": pairing_offers.withdraw,
}
SIGHTS: Mapping[str, Callable[..., Any]] = {
    "need.state": need_stories.state,
    "need.number": need_stories.number,
    "need.card": need_stories.card,
    "needs.states": need_stories.states,
    "need_cards.size": need_stories.cards,
}
