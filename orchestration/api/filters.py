"""How the lists of runs and deliveries are narrowed."""

from __future__ import annotations

from django import forms
from django_filters import rest_framework as filters

from campaigns.api.filters import InstantFilter
from orchestration.models import CampaignRun, Delivery, RunKind
from orchestration.states import DELIVERY, RUN

LARGEST_KEY = 2**63 - 1


class KeyFilter(filters.NumberFilter):  # type: ignore[misc]  # the library is untyped
    """A primary key, which PostgreSQL holds in eight bytes."""

    field_class = forms.IntegerField


class RunFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """Several states are any of them."""

    campaign = filters.CharFilter(field_name="campaign__slug")
    kind = filters.ChoiceFilter(choices=RunKind.choices)
    state = filters.MultipleChoiceFilter(choices=RUN.choices)
    started_after = InstantFilter(field_name="started_at", lookup_expr="gte")
    started_before = InstantFilter(field_name="started_at", lookup_expr="lt")

    class Meta:
        model = CampaignRun
        fields: tuple[str, ...] = ()


class DeliveryFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """Several states are any of them."""

    campaign = filters.CharFilter(field_name="campaign__slug")
    run = KeyFilter(field_name="activity_run__run", min_value=1, max_value=LARGEST_KEY)
    state = filters.MultipleChoiceFilter(choices=DELIVERY.choices)

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = ()
