"""What falls due by the clock: a job row per slot, so that two workers tick once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.core import jobs, scope, unit_of_work
from portal.domain import clock
from portal.domain.actor import SYSTEM
from portal.domain.errors import Conflict

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Periodic:
    """A kind of job, how often, and for daily ones at what time in Shanghai."""

    kind: str
    every: timedelta
    at: timedelta = timedelta()

    def slot(self, moment: datetime) -> str:
        """Name the slot that holds an instant: a missed one is caught up, never two."""
        wall = clock.local(moment)
        midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
        passed = (wall - midnight - self.at) // self.every
        start = midnight + self.at + passed * self.every
        return f"{self.kind}@{start:%Y-%m-%dT%H:%M}"


PERIODIC: tuple[Periodic, ...] = (
    Periodic("wall_count", timedelta(minutes=1)),
    Periodic("honours_show", timedelta(minutes=1)),
    Periodic("resources_expire", _DAY, timedelta(minutes=15)),
    Periodic("audit_seal", timedelta(minutes=1)),
    Periodic("claims_lapse", timedelta(minutes=5)),
    Periodic("concerns_escalate", timedelta(minutes=5)),
    Periodic("absences_tell", timedelta(minutes=5)),
    Periodic("sessions_lock", timedelta(minutes=5)),
    Periodic("sights_close", timedelta(minutes=5)),
    Periodic("places_lapse", timedelta(minutes=5)),
    Periodic("places_settle", _DAY, timedelta(minutes=6)),
    Periodic("duties_finish", _DAY, timedelta(minutes=30)),
    Periodic("enrolments_end", _DAY, timedelta(minutes=35)),
    Periodic("windows_close", _DAY, timedelta(minutes=5)),
    Periodic("supporters_expire", _DAY, timedelta(minutes=10)),
    Periodic("programmes_move_on", _DAY, timedelta(minutes=18)),
    Periodic("pairings_age_out", _DAY, timedelta(minutes=12)),
    Periodic("contacts_replace", _DAY, timedelta(minutes=14)),
    Periodic("pairings_pause", _DAY, timedelta(minutes=20)),
    Periodic("audit_check", _DAY, timedelta(hours=4, minutes=30)),
    Periodic("codes_forget", _DAY, timedelta(hours=3, minutes=10)),
    Periodic("wechat_forget", _DAY, timedelta(hours=3, minutes=15)),
    Periodic("tombstones_write", timedelta(minutes=5)),
    Periodic("factors_reset", timedelta(minutes=5)),
    Periodic("units_settle", timedelta(minutes=5)),
    Periodic("forget_old", _DAY, timedelta(hours=3)),
    Periodic("sights_outliers", _DAY, timedelta(hours=7)),
    Periodic("cadence_digest", _DAY, timedelta(hours=8)),
    Periodic("cadence_remind", _DAY, timedelta(hours=8, minutes=20)),
    Periodic("claims_remind", _DAY, timedelta(hours=8, minutes=30)),
    Periodic("meetings_remind", _DAY, timedelta(hours=8, minutes=25)),
    Periodic("video_calls_remind", _DAY, timedelta(hours=8, minutes=28)),
    Periodic("pairings_anniversary", _DAY, timedelta(hours=8, minutes=20)),
    Periodic("ages_remind", _DAY, timedelta(hours=8, minutes=30)),
    Periodic("interviews_remind", _DAY, timedelta(hours=8, minutes=35)),
    Periodic("transfers_remind", _DAY, timedelta(hours=8, minutes=35)),
    Periodic("supporters_remind", _DAY, timedelta(hours=8, minutes=40)),
)

_seen: dict[str, str] = {}


def tick() -> int:
    """Owe the job of every slot that has begun and is not owed yet; return how many."""
    owed = 0
    for periodic in PERIODIC:
        slot = periodic.slot(clock.now())
        if _seen.get(periodic.kind) == slot:
            continue
        owed += _owe(periodic.kind, slot)
        _seen[periodic.kind] = slot
    return owed


def _owe(kind: str, slot: str) -> bool:
    with unit_of_work.reading(scope.NOTHING):
        if jobs.is_owed(slot):
            return False
    try:
        with unit_of_work.transaction(scope.NOTHING):
            jobs.owe(kind, actor=SYSTEM, slot=slot)
    except Conflict:
        # The other worker's tick came first; the slot is unique.
        return False
    return True
