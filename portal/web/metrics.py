"""What a monitoring system reads: requests, durations, and the work that waits.

Several gunicorn processes add up when PROMETHEUS_MULTIPROC_DIR names a folder of their own.
"""

from __future__ import annotations

import hmac
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict

from flask import Flask, Response, g, request
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from portal.config import Settings
from portal.queries import backlog

REQUESTS = Counter(
    "portal_requests_total", "Requests by endpoint.", ("method", "endpoint", "status")
)
SECONDS = Histogram(
    "portal_request_seconds",
    "Time to answer.",
    ("endpoint",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_HELP = {
    "owed_mails": "Mails that are due and have not left.",
    "parked_mails": "Mails given up after eight tries: look at them.",
    "oldest_mail_seconds": "How long the mail due longest has waited.",
    "due_jobs": "Jobs that are due or running.",
    "parked_jobs": "Jobs given up after eight tries: look at them.",
}


class _Waiting:
    """Counts the backlog when it is scraped."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, value in asdict(backlog.backlog()).items():
            yield GaugeMetricFamily(f"portal_{name}", _HELP[name], value=value)
        usage = shutil.disk_usage(".")
        yield GaugeMetricFamily(
            "portal_disk_free_ratio",
            "Free part of the disk; alarm at 0.15.",
            value=usage.free / usage.total,
        )


def text() -> bytes:
    """Return everything in the text format of Prometheus."""
    waiting = CollectorRegistry()
    waiting.register(_Waiting())
    requests = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        requests = CollectorRegistry()
        MultiProcessCollector(requests)
    return generate_latest(requests) + generate_latest(waiting)


def is_allowed(settings: Settings, bearer: str) -> bool:
    """Tell whether the token fits; without a configured token nobody may read."""
    token = settings.metrics_token.get_secret_value()
    return bool(token) and hmac.compare_digest(bearer.encode(), f"Bearer {token}".encode())


def _start() -> None:
    g.started = time.perf_counter()


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    REQUESTS.labels(request.method, endpoint, str(response.status_code)).inc()
    if "started" in g:
        SECONDS.labels(endpoint).observe(time.perf_counter() - g.started)
    return response


def init_app(app: Flask) -> None:
    """Count every request."""
    app.before_request(_start)
    app.after_request(_count)
