"""What keeps an audience from being changed, as problems with a place and a remedy."""

from __future__ import annotations

from typing import NoReturn

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from campaigns.problems import Problem, ProblemsError
from campaigns.validation import pointer


class AudienceChanged(Exception):  # noqa: N818 - names what happened
    """Somebody else changed the audience meanwhile; `current` is its edition now."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(_("The audience was changed meanwhile. Look at it again."))


def refuse(code: str, message: str, path: str = "", remedy: str = "") -> NoReturn:
    """Raise ProblemsError; what is refused for the state an audience is in has one remedy: to look at it again."""
    raise ProblemsError([Problem(code, path, message, remedy or _("Look at the audience again."))])


def refused_by(error: ValidationError) -> ProblemsError:
    """The complaints of a model's fields, each at its member."""
    return ProblemsError(
        Problem(
            f"audience.{_code(each, name)}",
            "" if name == NON_FIELD_ERRORS else pointer(name),
            " ".join(each.messages),
            _("Correct this value and send it again."),
        )
        for name, errors in error.error_dict.items()
        for each in errors
    )


def _code(error: ValidationError, name: str) -> str:
    return "taken" if error.code == "unique" else f"{name.strip('_')}_{error.code or 'invalid'}"
