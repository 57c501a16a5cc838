"""What a pairing's journal asks: kinds of contact, how the child was, limits (PN)."""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "talk": "见面谈心",
    "home_visit": "入户看望",
    "call": "电话",
    "video": "视频",
    "letter": "书信",
}
#: Which kinds keep the monthly talk: a home visit is also a talk, a letter is none (S0-4.5b).
TALKS = frozenset({"talk", "home_visit", "call", "video"})
#: In person: minutes of these become hours of service.
IN_PERSON = frozenset({"talk", "home_visit"})
MOODS: Mapping[str, str] = {
    "bright": "开心",
    "calm": "平稳",
    "quiet": "话少",
    "low": "低落",
    "upset": "烦躁",
}
#: The first meetings in person have somebody of the village beside them (PN).
ACCOMPANIED_FIRST = 3
#: One contact takes at most so many minutes.
MINUTES_MOST = 720
#: Unverified longer than this, it stands on the supervisor's board.
VERIFY_DAYS = 5
