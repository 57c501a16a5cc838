"""One zip for one person: a page to read, the same as JSON, and the papers they handed in."""

from __future__ import annotations

import io
import json
import zipfile

from flask import current_app

from portal.core.storage import storage
from portal.domain import clock
from portal.domain.errors import NotFound
from portal.queries.subject_sections import SubjectData

#: A fixed moment inside the archive: the download's time is in its content.
_ZIP_DATE = (2026, 1, 1, 0, 0, 0)


def archive(data: SubjectData) -> bytes:
    """Return the zip; a paper whose bytes are gone is named in a note, not left out silently."""
    out = io.BytesIO()
    missing = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for paper in data.attachments:
            try:
                _put(file, f"papers/{paper.name}", storage().open(paper.key))
            except NotFound:
                missing.append(paper.name)
        _put(file, "data.html", _html(data, missing).encode())
        _put(file, "data.json", as_json(data).encode())
    return out.getvalue()


def as_json(data: SubjectData) -> str:
    """Return the machine's copy: one object per row, keyed by the column's name."""
    told = {
        "title": data.title,
        "authority": data.authority,
        "made_at": data.made_at.isoformat(),
        "sections": [
            {
                "name": part.name,
                "title": part.title,
                "rows": [dict(zip(part.columns, row, strict=True)) for row in part.rows],
            }
            for part in data.sections
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _html(data: SubjectData, missing: list[str]) -> str:
    template = current_app.jinja_env.get_template("print/subject_data.html")
    made = clock.local(data.made_at).strftime("%Y-%m-%d %H:%M")
    return template.render(data=data, made=made, missing=missing)


def _put(file: zipfile.ZipFile, name: str, content: bytes) -> None:
    file.writestr(zipfile.ZipInfo(name, _ZIP_DATE), content, zipfile.ZIP_DEFLATED)
