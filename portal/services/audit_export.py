"""Taking facts out of the house: with the chain's values, so that they can be proved elsewhere."""

from __future__ import annotations

from portal.core import facts
from portal.domain.actor import Actor
from portal.domain.errors import Invalid
from portal.queries import fact_export
from portal.queries import facts as reading
from portal.queries.fact_export import FactExport
from portal.queries.facts import FactFilter

#: As many facts as leave in one file; a longer search is narrowed first.
MOST = 20_000


def export(actor: Actor, wanted: FactFilter, reason: str) -> FactExport:
    """Return what a search finds, with its proofs; who took it and why is recorded first.

    A person's words beside a fact stay inside: they can be erased, a file cannot. Raises Invalid
    without a reason or when more than MOST would leave.
    """
    if not reason.strip():
        raise Invalid("请写明用途", {"reason": "请写明用途"})
    found = reading.found_ids(wanted, MOST)
    if len(found) > MOST:
        words = "超过两万条，请缩小时间或范围再导出"
        raise Invalid(words, {"reason": words})
    facts.publish(
        "audit.export",
        actor=actor,
        unit_path=actor.paths()[0],
        note=reason.strip()[:200],
        count=len(found),
    )
    return fact_export.gather(found)
