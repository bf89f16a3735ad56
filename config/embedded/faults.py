"""The one error of this package; its text says what is wrong and what to do."""

from __future__ import annotations


class ServicesUnavailableError(RuntimeError):
    pass
