"""What a director fills in for a pairing need (PN; S0-4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.errors import Invalid
from portal.domain.needs import AFFECTION, HELPERS, KINDS, RHYTHMS, SEX_RULES
from portal.domain.pool import DAYS, LANGUAGES

#: The rhythm of the mentor's kind (S0-4.5b, S1-2.3.3a): nothing less may be asked for.
MENTOR_RHYTHM = "monthly_quarterly"


@dataclass(frozen=True, slots=True)
class NeedInput:
    """The fields of a need; empty means any. Codes are those of domain.needs and domain.pool."""

    kind: str
    rhythm: str
    assessed_on: date | None = None
    days: tuple[str, ...] = ()
    language: str = ""
    helper: str = ""
    sex_rule: str = ""
    heard_on: date | None = None
    child_words: str = ""
    remark: str = ""

    def check(self, today: date) -> None:
        """Raise Invalid naming each field that is in no list, or a day to come."""
        problems = {
            name: "请从列表中选择"
            for name, fits in (
                ("kind", self.kind in KINDS),
                ("rhythm", self.rhythm in RHYTHMS),
                ("days", set(self.days) <= set(DAYS)),
                ("language", not self.language or self.language in LANGUAGES),
                ("helper", not self.helper or self.helper in HELPERS),
                ("sex_rule", self.sex_rule in SEX_RULES),
            )
            if not fits
        }
        for name, day in (("assessed_on", self.assessed_on), ("heard_on", self.heard_on)):
            if day is not None and day > today:
                problems[name] = "日期不能晚于今天"
        if "kind" not in problems and self.kind == AFFECTION and self.rhythm != MENTOR_RHYTHM:
            problems["rhythm"] = "亲情陪伴要每月谈心、每季入户"
        if problems:
            why = "；".join(dict.fromkeys(problems.values()))
            raise Invalid("请修改后再保存：{why}", problems, why=why)
