"""Where letters go: SMTP in production, files on one machine, memory in tests."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from flask_mail import Connection, Message

from portal.config import Settings
from portal.extensions import mail
from portal.notices.render import Letter

Send = Callable[[Letter], None]

#: What the memory transport kept, oldest first.
sent: list[Letter] = []


@contextmanager
def open_transport() -> Iterator[Send]:
    """Open the transport that the settings choose, once for several letters.

    Raises OSError when the server cannot be reached or does not answer in time; sending may raise
    OSError or smtplib.SMTPException.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if settings.mail_backend == "smtp":
        # smtplib without a timeout waits for ever for a silent server; only the worker comes here.
        socket.setdefaulttimeout(settings.mail_timeout)
        with mail.connect() as connection:
            yield lambda letter: _send(connection, letter)
    elif settings.mail_backend == "file":
        yield lambda letter: _write(settings.mail_dir, letter)
    else:
        yield sent.append


def message(letter: Letter) -> Message:
    """Return the letter as a mail."""
    mail_message = Message(
        subject=letter.subject, recipients=[letter.recipient], body=letter.text, html=letter.html
    )
    mail_message.msgId = letter.message_id
    mail_message.date = letter.date
    mail_message.extra_headers = {"Auto-Submitted": "auto-generated"}
    return mail_message


def _send(connection: Connection, letter: Letter) -> None:
    connection.send(message(letter))


def _write(folder: Path, letter: Letter) -> None:
    """Write the mail whole or not at all; a mail sent twice is one file."""
    folder.mkdir(parents=True, exist_ok=True)
    name = letter.message_id.strip("<>").partition("@")[0]
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
        part.write(message(letter).as_bytes())
        part.flush()
        os.fsync(part.fileno())
    Path(part.name).replace(folder / f"{name}.eml")
