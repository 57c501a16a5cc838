"""Verbs and sights, described from the functions themselves: names, arguments, sentences."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, get_type_hints

from portal.scenarios import values


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a verb as the function declares it."""

    name: str
    kind: Any
    required: bool
    default: Any = None


Function = TypeVar("Function", bound=Callable[..., Any])
_OUTSIDE = "__outside_transaction__"


def outside(function: Function) -> Function:
    """Mark a verb that keeps its own transaction, as an upload does before its form."""
    setattr(function, _OUTSIDE, True)
    return function


@dataclass(frozen=True)
class Verb:
    """Something a story may do or see; ``call`` takes the actor first where it asks for one."""

    name: str
    call: Callable[..., Any]

    @cached_property
    def wants_actor(self) -> bool:
        """Tell whether the function takes the acting person."""
        return "actor" in inspect.signature(self.call).parameters

    @property
    def is_outside(self) -> bool:
        """Tell whether the function keeps its own transaction."""
        return getattr(self.call, _OUTSIDE, False)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Return the arguments a line may give, in the order of the function."""
        hints = get_type_hints(self.call)
        return tuple(
            Parameter(name, hints.get(name, Any), given.default is given.empty, given.default)
            for name, given in inspect.signature(self.call).parameters.items()
            if name != "actor" and given.kind not in {given.VAR_KEYWORD, given.VAR_POSITIONAL}
        )

    @property
    def sentence(self) -> str:
        """Return the first paragraph of the function's docstring."""
        return " ".join((inspect.getdoc(self.call) or "").split("\n\n", 1)[0].split())

    def problem(self, given: Mapping[str, Any]) -> str:
        """Say what is wrong with a line's arguments, or return an empty text."""
        known = {parameter.name for parameter in self.parameters}
        if unknown := sorted(set(given) - known):
            return f"{self.name} does not know {', '.join(unknown)}; it takes {self.signature()}"
        missing = [p.name for p in self.parameters if p.required and p.name not in given]
        return f"{self.name} also needs {', '.join(missing)}" if missing else ""

    def signature(self) -> str:
        """Return the arguments in one line, optional ones in brackets."""
        return (
            ", ".join(p.name if p.required else f"[{p.name}]" for p in self.parameters) or "nothing"
        )

    def arguments(self, given: Mapping[str, Any], place: values.Place) -> dict[str, Any]:
        """Turn a line's arguments into what the function declares; ValueError when it cannot."""
        return {
            p.name: values.convert(given[p.name], p.kind, place)
            for p in self.parameters
            if p.name in given
        }

    def perform(self, actor: Any, arguments: Mapping[str, Any]) -> Any:
        """Call the function, with the actor where it asks for one."""
        if self.wants_actor:
            return self.call(actor=actor, **arguments)
        return self.call(**arguments)


def table(functions: Mapping[str, Callable[..., Any]]) -> dict[str, Verb]:
    """Return verbs by name, alphabetical."""
    return {name: Verb(name, functions[name]) for name in sorted(functions)}
