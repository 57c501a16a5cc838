"""gunicorn for one web process of the portal; start two, on two ports, behind the proxy."""

import os
import shutil
from pathlib import Path

from prometheus_client import multiprocess

bind = os.environ.get("BIND", "127.0.0.1:8001")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
#: Loaded once and forked: a worker that dies is replaced at once. An upgrade needs USR2, not HUP.
preload_app = True
#: A worker that hangs is ended after this; no page may take so long.
timeout = 60
#: TERM and HUP let requests in flight finish.
graceful_timeout = 20
keepalive = 5
#: Without it, whoever runs as this user may stop or reload the server through a socket.
control_socket_disable = True
#: Fresh memory now and then, not for all workers at once.
max_requests = 20_000
max_requests_jitter = 2_000
#: The portal writes a line per request itself, without addresses or bodies.
accesslog = None
#: Written at each start: lets a monitoring system add up the workers of this process.
_figures = Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR", "/run/weiguang/figures")) / bind.replace(
    ":", "-"
)
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.web.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []}},
}


def on_starting(server):
    """Begin with empty figures, in a folder of this process's own."""
    shutil.rmtree(_figures, ignore_errors=True)
    _figures.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_figures)


def child_exit(server, worker):
    """Forget the gauges of a worker that ended."""
    multiprocess.mark_process_dead(worker.pid)
