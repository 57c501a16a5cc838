"""Opening what is masked as a browser does, and reading what the log says about it."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from portal.core import unit_of_work
from portal.extensions import db
from portal.models.records import Fact, Message
from portal.models.sight import AccessRow, SightOutlier, SightRequest
from tests.factories import people, wishes
from tests.factories.applicants import send

PHONE, SCHOOL, ADDRESS = "12059861234", "明溪县雪峰镇实验小学", "雪峰镇下坊路12号"


class Office:
    """One child's file in 城西村, and everybody's browser."""

    def __init__(self, app: Flask, client_as) -> None:
        self.app, self._client_as = app, client_as
        with app.app_context():
            self.child: SimpleNamespace = wishes.child(10, name="林安宁")
        self.page = f"/children/{self.child.id}"
        self._known: dict[tuple[str, str | None], FlaskClient] = {}

    def desk(self, role: str, unit: str | None = None) -> FlaskClient:
        """The browser of somebody in a role; the same person each time."""
        if (role, unit) not in self._known:
            self._known[role, unit] = self._client_as(role, unit)
        return self._known[role, unit]

    def another(self, role: str, unit: str | None = None) -> FlaskClient:
        """The browser of a further person in that role."""
        return self._client_as(role, unit)

    def post(self, client: FlaskClient, path: str, act: str = "", thing: object = "", **data):
        """Send a form, with a fresh proof where the act asks for one."""
        if act:
            people.prove(client, act, thing)
        return send(client, path, data, page="/desk")

    def open(self, client: FlaskClient, field: str, reason: str = "visit", words: str = ""):
        """Open a field of the child by one's post."""
        return self.post(
            client, f"{self.page}/open", "child.reveal", self.child.id,
            field=field, reason=reason, words=words,
        )  # fmt: skip

    def ask(self, client: FlaskClient, *fields: str, reason: str = "report", words: str = ""):
        """Ask for leave to see fields; return the address of the request."""
        answer = self.post(
            client, f"{self.page}/ask", fields=list(fields), reason=reason, words=words
        )
        assert answer.status_code == 303, answer.text
        return answer.location

    def break_glass(self, client: FlaskClient, *fields: str, words: str = "孩子走失，派出所要核实"):
        """Ask for an emergency opening; return the answer."""
        return self.post(
            client, "/desk/sights/emergency", "child.break_glass", "",
            child=self.page, fields=list(fields), reason="emergency", words=words,
        )  # fmt: skip

    def decide(self, client: FlaskClient, request: str, move: str, reason: str = ""):
        """Answer a request as it stands."""
        found = UUID(request.rsplit("/", 1)[-1])
        with self.app.app_context(), unit_of_work.reading(people.everything()):
            version = db.session.get_one(SightRequest, found).version
        return self.post(client, request, transition=move, reason=reason, version=version)

    def open_granted(self, client: FlaskClient, request: str):
        """Open what was granted."""
        thing = request.rsplit("/", 1)[-1]
        return self.post(client, f"{request}/open", "child.reveal", thing)

    def run(self, work):
        """Run a periodic work as the worker does."""
        scope = unit_of_work.system_scope("periodic work of a test")
        with self.app.app_context(), unit_of_work.transaction(scope):
            return work()

    def rows(self, *fields: str) -> list[AccessRow]:
        """Return the log of the child's file, oldest first; without fields, the openings."""
        with self.app.app_context(), unit_of_work.reading(people.everything()) as session:
            query = select(AccessRow).order_by(AccessRow.id)
            query = query.where(AccessRow.subject_id == self.child.id)
            found = session.scalars(query).all()
            session.expunge_all()
        wanted = [row for row in found if row.field in fields]
        return wanted if fields else [row for row in found if row.field != "file"]

    def facts(self, kind: str) -> list[Fact]:
        """Return the facts of a kind, oldest first."""
        with self.app.app_context(), unit_of_work.reading(people.everything()) as session:
            found = session.scalars(select(Fact).where(Fact.kind == kind).order_by(Fact.id)).all()
            session.expunge_all()
        return list(found)

    def mails(self, template: str) -> set:
        """Return who is owed a mail of a template."""
        with self.app.app_context(), unit_of_work.reading(people.everything()) as session:
            return set(session.scalars(select(Message.user_id).where(Message.template == template)))

    def requests(self) -> list[str]:
        """Return the states of the leaves, oldest first."""
        with self.app.app_context(), unit_of_work.reading(people.everything()) as session:
            query = select(SightRequest.status).order_by(SightRequest.created_at, SightRequest.id)
            return list(session.scalars(query))

    def outliers(self) -> list[SightOutlier]:
        """Return the unusual days, oldest first."""
        with self.app.app_context(), unit_of_work.reading(people.everything()) as session:
            found = session.scalars(select(SightOutlier).order_by(SightOutlier.day)).all()
            session.expunge_all()
        return list(found)


class LogBroken:
    """While it lasts, the database takes no row of the log."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self.engine = db.engine

    def __enter__(self) -> None:
        event.listen(self.engine, "before_cursor_execute", self._refuse)

    def __exit__(self, *_error: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._refuse)

    @staticmethod
    def _refuse(_connection, _cursor, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT INTO access_rows"):
            raise OperationalError(statement, None, Exception("the disk is full"))
