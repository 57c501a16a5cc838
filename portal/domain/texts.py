"""The texts people read and accept: which there are, and the versions the portal comes with.

An authority may publish versions of its own (services.texts); until then these hold. A changed
text gets a new version and supporters are asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from portal.domain.plain_text import Reading, read

#: The versions that came with the portal.
PLEDGE_VERSION = "2026-01"
PRIVACY_VERSION = "2026-01"
CHILDREN_PRIVACY_VERSION = "2026-01"
BUILTIN_VERSION = "2026-01"
#: Every kind of text, and its name.
KINDS: Mapping[str, str] = {
    "privacy": "隐私告知",
    "children_privacy": "儿童个人信息规则",
    "pledge": "守护承诺",
    "consent": "监护人同意书",
    "cookies": "网页存储说明",
    "complaint": "投诉与建议怎么处理",
}
#: What a supporter accepts, and the column of the supporter that keeps the version.
ACCEPTED: Mapping[str, str] = {"pledge": "pledge_version", "privacy": "privacy_version"}
#: The versions that are accepted where an authority has published none of its own.
BUILTIN_ACCEPTED: Mapping[str, str] = {"pledge": PLEDGE_VERSION, "privacy": PRIVACY_VERSION}
_FOLDER = Path(__file__).parent / "builtin_texts"


@cache
def builtin(kind: str) -> str:
    """Return the body that came with the portal; KeyError for an unknown kind."""
    if kind not in KINDS:
        raise KeyError(kind)
    return (_FOLDER / f"{kind}.md").read_text(encoding="utf-8")


@cache
def pledge_sentences() -> tuple[str, ...]:
    """Return the numbered sentences of the pledge that came with the portal."""
    text: Reading = read(builtin("pledge"))
    return next(
        block.lines for chapter in text.chapters for block in chapter.blocks if block.kind == "ol"
    )
