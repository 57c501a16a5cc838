"""Several ticks from a list, as a field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext
from wtforms import SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget


class TicksField(SelectMultipleField):
    """Choices that are ticked one by one; a form without any is an empty list."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def translated(words: Mapping[str, str]) -> list[SelectChoice]:
    """Return codes and their words as choices."""
    return [SelectChoice(code, gettext(word)) for code, word in words.items()]


def named(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return pairs (value, name) as choices."""
    return [SelectChoice(value, name) for value, name in pairs]
