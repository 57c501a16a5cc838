"""The ruler: a bare Flask route that answers a constant page of as many bytes as the real one."""

from __future__ import annotations

import os

from flask import Flask

app = Flask(__name__)
PAGE = ("微" * 100_000).encode()[: int(os.environ.get("HELLO_BYTES", "20000"))]


@app.get("/")
def hello() -> bytes:
    return PAGE
