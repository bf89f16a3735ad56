"""`manage.py tell_demo`: the story of the demo, in an installation that runs."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.demo.story import Story, address, table

NAME = "demo"


class Command(BaseCommand):
    help = gettext_lazy(  # type: ignore[assignment]
        "Take an example campaign on the demo data from draft to retargeting, with real workers."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        user, _created = get_user_model()._default_manager.get_or_create(
            username=NAME, defaults={"is_staff": True, "is_superuser": True}
        )
        password = secrets.token_urlsafe(12)
        user.set_password(password)
        user.save()
        story = Story(self._say, user)
        story.tell()
        self._say("\n" + _("What happened") + "\n" + table(story.lines))
        self._say("\n" + _("Look at it: %(address)s") % {"address": address()})
        self._say(_("  user %(name)s, password %(password)s") % {"name": NAME, "password": password})

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
