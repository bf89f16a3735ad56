"""What reporting does when something happens elsewhere: it notes what has to be counted anew."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from orchestration.models import Delivery
from orchestration.signals import messages_settled
from reporting.models import CountedDelivery


@receiver(messages_settled, dispatch_uid="reporting.count_anew")
def count_anew(delivery: Delivery, **_kwargs: Any) -> None:
    """No event tells the roll-up of this. A delivery that was never counted is found by it anyway."""
    CountedDelivery.objects.filter(delivery=delivery).update(due=True)
