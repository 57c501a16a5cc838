"""A document to upload that need not be chosen again when its form comes back."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import FileField
from wtforms.validators import StopValidation


class DocumentField(FileField):
    """A file field with what was kept of it: ``kept`` is a signed name, ``refusal`` why not."""

    def __init__(
        self,
        label: Any = None,
        *,
        needed: bool = True,
        has_older: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.type = "FileField"
        self.needed = needed
        #: A document of this kind was handed in before: a new one is welcome, not asked for.
        self.has_older = has_older
        self.kept = ""
        self.refusal = ""
        if needed:
            self.flags.required = True

    @property
    def kept_name(self) -> str:
        """Return the name of the hidden field that carries ``kept``."""
        return f"{self.name}-kept"

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Leave the bytes to web.uploads; nothing of the file's name is trusted."""
        self.data = None

    def pre_validate(self, form: FlaskForm) -> None:
        """Say what was wrong with the upload, or that it is missing."""
        if self.refusal:
            raise StopValidation(self.refusal)
        if self.needed and not self.kept and not self.has_older:
            raise StopValidation(gettext("请上传这份材料"))
