"""The honours roll (S1-2.3.3c): why somebody is honoured, and how their name may stand there."""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain.masking import mask_name

#: The text somebody agrees to before their name is public; a change of it is a new version.
PUBLICITY_VERSION = "publicity-2026-1"
REASONS: Mapping[str, str] = {
    "long_companion": "长期陪伴",
    "many_hours": "志愿服务时间突出",
    "wish_giver": "热心点亮微心愿",
    "study_help": "助学支教",
    "resources": "提供资源和场地",
    "festival_care": "节日探访关爱",
    "professional": "专业志愿服务",
}
#: What becomes of a name without consent; a setting of the authority.
MASKED, HIDDEN = "masked", "hidden"
SENTENCE_LENGTH = 60
#: An organisation without consent is called by what it is.
_UNNAMED: Mapping[str, str] = {"enterprise": "一家爱心企业", "charity": "一家慈善组织"}


def shown_name(kind: str, name: str, *, consented: bool, without_consent: str) -> str | None:
    """Return the name as the public may read it; None when the honour must not be shown."""
    if consented:
        return name
    if without_consent == HIDDEN:
        return None
    return _UNNAMED.get(kind) or mask_name(name)
