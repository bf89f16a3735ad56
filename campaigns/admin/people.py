"""Who may be written to: consents with their evidence, and addresses that must not be used."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.site_pages import HIDDEN, AuditedAdmin, ReadOnlyAdmin, needing, site_page
from campaigns.admin.state_labels import state_label
from campaigns.audit import record
from campaigns.consents import Statement, record_consent
from campaigns.models import Channel, Consent, ConsentRecord, ConsentState, Suppression, TargetingDimension
from campaigns.models.consent import canonical_address
from campaigns.personal_data import PERMISSION as PERSONAL
from campaigns.phone_numbers import e164


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """What each person's last statement is. It changes by a new statement only."""

    list_display = ("recipient_key", "dimension", "channel", "shown_state", "changed_at")
    list_filter = ("state", "channel", "dimension")
    search_fields = ("=recipient_key",)
    search_help_text = gettext_lazy("The whole key of a person")
    list_select_related = ("dimension",)
    list_before_template = "campaigns/admin/consents_intro.html"

    def get_urls(self) -> list[URLPattern]:
        view = needing("campaigns.add_consentrecord", state_consent)
        return [path("state/", view, name="consent_state"), *super().get_urls()]

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, consent: Consent) -> SafeString:
        return state_label(consent.state, consent.get_state_display())


@admin.register(ConsentRecord)
class ConsentRecordAdmin(ReadOnlyAdmin):
    """Every statement with its evidence, as it was recorded."""

    list_display = ("recorded_at", "recipient_key", "dimension", "channel", "state", "source", "text_version")
    list_filter = ("state", "channel", "source")
    search_fields = ("=recipient_key",)
    search_help_text = gettext_lazy("The whole key of a person")
    list_select_related = ("dimension",)


def state_consent(request: HttpRequest) -> HttpResponse:
    """A statement that reached somebody here by another way: a letter, a call."""
    dimensions = TargetingDimension.objects.all()
    if request.method == "POST":
        sent = request.POST
        dimension = dimensions.filter(slug=sent.get("dimension", "")).first()
        key, source = sent.get("recipient_key", "").strip(), sent.get("source", "").strip()
        if dimension and key and source and _is_known(sent.get("channel"), sent.get("state")):
            statement = Statement(
                dimension_id=dimension.pk,
                recipient_key=key,
                channel=Channel(sent["channel"]),
                state=ConsentState(sent["state"]),
                source=source[:80],
                text_version=sent.get("text_version", "")[:40],
            )
            record_consent(statement)
            record("consent.state", f"dimension {dimension.slug}", by=request.user, state=sent["state"])
            messages.success(request, _("The statement is recorded."))
            return HttpResponseRedirect(reverse("admin:campaigns_consent_changelist"))
        messages.error(
            request, _("Give the person's key, the channel, the statement and how it reached you.")
        )
    context = {
        "dimensions": dimensions,
        "channels": Channel.choices,
        "states": ConsentState.choices,
        "sent": request.POST,
        "opts": Consent._meta,
    }
    return site_page(request, "campaigns/admin/state_consent.html", context, title=_("Record a statement"))


def _is_known(channel: Any, state: Any) -> bool:
    return channel in Channel.values and state in ConsentState.values


class SuppressionForm(forms.ModelForm):  # type: ignore[type-arg]
    """An address is the same in upper and in lower case, a number the same however it is written."""

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        channel, address = str(found.get("channel", "")), str(found.get("address", ""))
        if channel == Channel.SMS and address and e164(address) is None:
            message = _("Enter a telephone number with its country, as in +82 10-1234-5678.")
            self.add_error("address", message)
        return {**found, "address": canonical_address(channel, address)}


@admin.register(Suppression)
class SuppressionAdmin(AuditedAdmin):
    """Addresses nothing is sent to, whoever they belong to."""

    form = SuppressionForm
    list_display = ("shown_address", "channel", "reason", "note", "created_at")
    list_filter = ("reason", "channel", ("created_at", admin.DateFieldListFilter))
    search_fields = ("=address",)
    search_help_text = gettext_lazy("The whole address")
    show_full_result_count = False
    fields = ("channel", "address", "note")

    def get_list_display(self, request: HttpRequest) -> Any:
        names = super().get_list_display(request)
        return names if request.user.has_perm(PERSONAL) else ["hidden_address", *names[1:]]

    @admin.display(description=gettext_lazy("address"), ordering="address")
    def shown_address(self, suppression: Suppression) -> str:
        return suppression.address

    @admin.display(description=gettext_lazy("address"))
    def hidden_address(self, suppression: Suppression) -> str:
        return str(HIDDEN)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One row shows the address in full."""
        may = super().has_view_permission(request, obj)
        return may and (obj is None or request.user.has_perm(PERSONAL))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.reason = Suppression.Reason.MANUAL
        super().save_model(request, obj, form, change)
