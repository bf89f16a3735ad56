"""Keeps the feedback of every targeting dimension registered, whatever door the dimension came through."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver

from campaigns.models import TargetingDimension
from orchestration.feedback.registration import register_feedback, unregister_feedback


@receiver(post_save, sender=TargetingDimension, dispatch_uid="orchestration.register_feedback")
def register_on_save(instance: TargetingDimension, *, raw: bool = False, **_kwargs: Any) -> None:
    if not raw:
        register_feedback(instance)


@receiver(pre_delete, sender=TargetingDimension, dispatch_uid="orchestration.unregister_feedback")
def unregister_on_delete(instance: TargetingDimension, **_kwargs: Any) -> None:
    unregister_feedback(instance)
