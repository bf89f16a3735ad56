"""The queues of Celery. A task names its queue; which worker serves which is said by `config.children`."""

from __future__ import annotations

from typing import Final

ENGINE: Final = "engine"
EMAIL: Final = "email"
DEFAULT: Final = "default"
ALL: Final = (ENGINE, EMAIL, DEFAULT)
