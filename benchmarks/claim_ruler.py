"""The portal with two more doors: a signed-in POST that commits one row, and one that does not."""

from __future__ import annotations

from flask import redirect

from portal import create_app
from portal.domain import clock
from portal.extensions import db
from portal.models.accounts import Attempt
from portal.web.gate import command

app = create_app()


@command()
def one_row():
    db.session.add(Attempt(key="benchmark", at=clock.now()))
    return redirect("/me", 303)


app.add_url_rule("/benchmark/row", "benchmark.row", one_row, methods=["POST"])


@command()
def who_asks():
    return redirect("/me", 303)


app.add_url_rule("/benchmark/who", "benchmark.who", who_asks, methods=["POST"])
