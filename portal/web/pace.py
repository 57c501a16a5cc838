"""Answers that take as long for a known account as for an unknown one.

Hashing and writing are made alike where they happen (``unit_of_work.in_vain``); what remains
differs by less than a millisecond, and this floor covers it.
"""

from __future__ import annotations

import time
from functools import wraps
from typing import Any

from flask import current_app
from flask.typing import ResponseReturnValue

from portal.extensions import db
from portal.web.gate import View


def alike(view: View) -> View:
    """Answer after a whole number of ANSWER_FLOOR_SECONDS; stands outside the gate, commit too.

    Zero is no floor: the answer leaves when it is ready.

    Whole numbers, for on a busy machine one floor is passed, and what is beyond it would tell. The
    rows are let go before the wait: more of them take longer to forget, and no connection waits.
    """

    @wraps(view)
    def paced(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        began = time.monotonic()
        try:
            return view(*args, **kwargs)
        finally:
            db.session.remove()
            floor: float = current_app.config["ANSWER_FLOOR_SECONDS"]
            if floor > 0:
                time.sleep(floor - (time.monotonic() - began) % floor)

    return paced
