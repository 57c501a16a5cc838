"""The hidden field by which a form says which version of a row was on the screen."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField

from portal.domain import versions


class VersionedForm(FlaskForm):
    """What a form about a row sends along: the version that was on the screen."""

    #: The name of the step in the page and in its address.
    step: str = ""
    version = HiddenField()

    @property
    def seen(self) -> int:
        """Return the version that was shown; one that no row has when the form names none."""
        return versions.shown(self.version.data)
