"""The worker process: huey's consumer, with a sweeper where huey keeps its scheduler."""

from __future__ import annotations

import time
from typing import Any

import structlog
from flask import Flask
from huey.consumer import BaseProcess

from portal.core import jobs, outbox, queue, scope, unit_of_work
from portal.jobs import certificates, periodic, runner

#: How often the sweeper looks for what is due, in seconds.
PAUSE = 2.0
_log = structlog.get_logger(__name__)


def serve(app: Flask, threads: int) -> None:
    """Run until TERM (running work may finish) or INT."""
    wake = app.extensions["queue"]
    with app.app_context():
        certificates.begin()

    def perform(call: str) -> None:
        with app.app_context():
            runner.perform(call)

    class Sweeper(BaseProcess):
        """Finds what a dead worker or a lost call left, and ticks the clock's jobs."""

        process_name = "Sweeper"

        def __init__(self, huey: Any, stop_flag: Any, **_: object) -> None:
            super().__init__(huey, stop_flag)
            self.sweep = Sweep(wake)

        def loop(self, now: object = None) -> None:
            with app.app_context():
                self.sweep.once()
            self.stop_flag.wait(PAUSE)

    wake.consumer(perform, Sweeper, threads).run()


class Sweep:
    """One worker's look around; remembers what it called out, to say it once per lease."""

    def __init__(self, wake: queue.Queue) -> None:
        self._queue = wake
        self._called: dict[str, float] = {}

    def once(self) -> None:
        """Show life, tick, call out what is due; a failure is logged and tried again."""
        for step in (runner.show_life, periodic.tick, self._call_out):
            try:
                step()
            except Exception as error:  # noqa: BLE001 - the sweeper outlives every outage
                _log.warning("sweep failed", step=step.__name__, error=type(error).__name__)

    def _call_out(self) -> None:
        with unit_of_work.reading(scope.NOTHING):
            due = [queue.for_job(job_id) for job_id in jobs.due()]
            due += [queue.MAIL] if outbox.is_due() else []
        now = time.monotonic()
        again = now - jobs.lease_span().total_seconds()
        self._called = {call: at for call, at in self._called.items() if at > again}
        fresh = [call for call in due if call == queue.MAIL or call not in self._called]
        if fresh:
            self._queue.wake(fresh)
            self._called |= dict.fromkeys(fresh, now)
