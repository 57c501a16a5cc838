"""Mails about the days of programmes and video calls: a time and a place to look, never a child."""

from __future__ import annotations

from collections.abc import Mapping

from portal.notices import audiences
from portal.notices.rule import INSIDE, Rule

_CALLS = "/desk/video-calls"

RULES: Mapping[str, tuple[Rule, ...]] = {
    "video_call.near": (Rule("video_call_near", audiences.director, _CALLS, INSIDE),),
    "video_call.cancel": (Rule("video_call_cancelled", audiences.director, _CALLS, INSIDE),),
    "video_call.move": (Rule("video_call_moved", audiences.director, _CALLS, INSIDE),),
}
