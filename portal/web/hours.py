"""What the pages of hours share: a form filled from a record, the version that was shown."""

from __future__ import annotations

from portal.domain import clock
from portal.forms.hours import CorrectServiceForm
from portal.queries.service_records import RecordRow


def filled(record: RecordRow) -> CorrectServiceForm:
    """Return the form of a record that came back, holding what the record says."""
    timed = record.started_at is not None and record.ended_at is not None
    return CorrectServiceForm(
        formdata=None,
        version=record.version,
        kind=record.kind,
        title=record.title,
        place=record.place,
        served_on=record.served_on,
        starts=clock.local(record.started_at).time() if record.started_at else None,
        ends=clock.local(record.ended_at).time() if record.ended_at else None,
        minutes=None if timed else record.minutes,
    )
