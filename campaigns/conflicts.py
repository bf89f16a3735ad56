"""How an act on a campaign is refused: by problems at their places, or because somebody else was first."""

from __future__ import annotations

from typing import NoReturn

from django.utils.translation import gettext as _

from campaigns.merging import PartConflict, is_mergeable
from campaigns.problems import Problem, ProblemsError


class DraftConflict(Exception):  # noqa: N818 - names what happened, as HTTP's 412 does
    """The draft is no longer the one the change was made for; nothing was written.

    `yours` is the hash the change began with, `current` the one there is, `parts` what each side changed.
    """

    def __init__(self, *, yours: str, current: str, parts: tuple[PartConflict, ...] = ()) -> None:
        self.yours, self.current, self.parts = yours, current, parts
        super().__init__(_("Somebody else has changed this draft since you opened it. Nothing was saved."))

    @property
    def mergeable(self) -> bool:
        return is_mergeable(self.parts)

    @property
    def remedy(self) -> str:
        return _("Read the draft again, make your changes to it, and save with its new hash.")


def refuse(code: str, path: str, message: str, remedy: str) -> NoReturn:
    raise ProblemsError([Problem(code, path, message, remedy)])
