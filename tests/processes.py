"""The portal as an operator runs it: gunicorn and a worker as processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def flask(environment: dict[str, str], *arguments: str) -> str:
    """Run a flask command to its end; raises with its output when it fails."""
    done = subprocess.run(
        [str(BIN / "flask"), "--app", "wsgi", *arguments],
        check=False, cwd=ROOT, env={**os.environ, **environment}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode:
        message = f"flask {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}"
        raise RuntimeError(message)
    return done.stdout


@dataclass
class Portal:
    """A running portal: start, stop, and the means to kill its parts."""

    environment: dict[str, str]
    logs: Path
    workers: int = 1
    threads: int = 8
    port: int = field(default_factory=free_port)
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, worker: bool = True) -> Portal:
        """Start web server and worker; return when /readyz answers."""
        self.start_web()
        if worker:
            self.start_worker()
        return self

    def start_web(self) -> None:
        self._spawn(
            "web", "gunicorn", "wsgi:app", "--worker-class", "gthread",
            "--workers", str(self.workers), "--threads", str(self.threads),
            "--bind", f"127.0.0.1:{self.port}", "--no-control-socket", "--preload",
            "--graceful-timeout", "5", "--log-level", "warning",
        )  # fmt: skip
        self.wait_until_ready()

    def start_worker(self) -> None:
        self._spawn("worker", "flask", "--app", "wsgi", "worker")

    def _spawn(self, name: str, program: str, *arguments: str) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                [str(BIN / program), *arguments],
                cwd=ROOT, env={**os.environ, **self.environment}, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def wait_until_ready(self, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.children["web"].poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        message = f"the portal did not become ready:\n{self.log('web')}"
        raise RuntimeError(message)

    def log(self, name: str) -> str:
        """Return what a part has printed so far."""
        path = self.logs / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def kill(self, name: str) -> None:
        """End a part and all its processes at once, as a power cut would."""
        child = self.children.pop(name)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def stop(self) -> None:
        """End everything: politely first."""
        for child in self.children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for name in list(self.children):
            try:
                self.children[name].wait(timeout=8)
                del self.children[name]
            except subprocess.TimeoutExpired:
                self.kill(name)
