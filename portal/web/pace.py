"""Answers that take as long for a known account as for an unknown one.

Hashing is made alike where it happens; what remains (rows, mails, the commit) differs by
milliseconds, and this floor covers it.
"""

from __future__ import annotations

import time
from functools import wraps
from typing import Any

from flask import current_app
from flask.typing import ResponseReturnValue

from portal.web.gate import View


def alike(view: View) -> View:
    """Answer no sooner than ANSWER_FLOOR_SECONDS; stands outside the gate, commit included."""

    @wraps(view)
    def paced(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        began = time.monotonic()
        try:
            return view(*args, **kwargs)
        finally:
            floor: float = current_app.config["ANSWER_FLOOR_SECONDS"]
            time.sleep(max(0.0, floor - (time.monotonic() - began)))

    return paced
