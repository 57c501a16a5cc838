"""What a mail may say of an enrolment or a duty: a programme's title and number, never a child."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain import masking
from portal.extensions import db
from portal.models.enrolments import Enrolment
from portal.models.programmes import Programme
from portal.models.rota import DutySwap, ProgrammeStaff
from portal.models.supporters import Supporter
from portal.notices.news import News


def _enrolments(ids: list[UUID]) -> dict[UUID, News]:
    rows = db.session.execute(
        select(
            Enrolment.id, Enrolment.unit_path, Enrolment.applied_by, Programme.code,
            Programme.title,
        )
        .join(Programme, Programme.id == Enrolment.programme_id)
        .where(Enrolment.id.in_(ids))
    )  # fmt: skip
    return {
        row.id: News(
            unit_path=row.unit_path,
            drafted_by=row.applied_by,
            item={"file_no": row.code, "title": row.title},
        )
        for row in rows
    }


def _of_rota(model: Any) -> Callable[[list[UUID]], dict[UUID, News]]:
    def read(ids: list[UUID]) -> dict[UUID, News]:
        rows = db.session.execute(
            select(model.id, model.supporter_id, Programme, Supporter.name)
            .join(Programme, Programme.id == model.programme_id)
            .join(Supporter, Supporter.id == model.supporter_id)
            .where(model.id.in_(ids))
        )
        return {
            row.id: News(
                unit_path=row.Programme.unit_path,
                supporter_id=row.supporter_id,
                owner=row.Programme.organiser_id,
                item={
                    "file_no": row.Programme.code,
                    "title": row.Programme.title,
                    "by": masking.mask_name(row.name),
                },
            )
            for row in rows
        }

    return read


READERS: Mapping[str, Callable[[list[UUID]], dict[UUID, News]]] = {
    "Enrolment": _enrolments,
    "ProgrammeStaff": _of_rota(ProgrammeStaff),
    "DutySwap": _of_rota(DutySwap),
}
