"""The admin of what happens: runs, deliveries, messages. They are looked at and acted on, never added or
deleted.
"""

from orchestration.admin import channels, lists

__all__ = ["channels", "lists"]
