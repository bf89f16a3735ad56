"""Channel configurations: who sends, and through which provider. The providers' own settings draw the form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.admin.site_pages import AuditedAdmin, needing, site_page
from campaigns.audit import record
from campaigns.forms.drawing import draw_form
from campaigns.forms.reading import read_form
from campaigns.models import ChannelConfiguration
from campaigns.problems import Problem
from orchestration.channels import check_settings, registered
from orchestration.models import Delivery

PLACE = "channel"
PLAIN = (
    "slug", "name", "sender_address", "sender_name", "reply_to", "message_domain", "postal_address",
    "default_region", "opt_out_text", "messages_per_second", "enabled",
)  # fmt: skip
FIXED = ("slug", "message_domain")
"""Documents and messages that have left name a channel by these."""


@admin.register(ChannelConfiguration)
class ChannelConfigurationAdmin(AuditedAdmin):
    """A sender and its provider. No secret is held: only the name of the variable that has it."""

    list_display = ("name", "slug", "channel", "provider", "sender_address", "enabled")
    list_filter = ("channel", "provider", "enabled")
    search_fields = ("slug", "name", "sender_address")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        page: HttpResponse = needing("campaigns.add_channelconfiguration", edit)(request)
        return page

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        page: HttpResponse = needing("campaigns.view_channelconfiguration", edit)(request, object_id)
        return page

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts and deliveries name it; it is switched off instead."""
        return False


def edit(request: HttpRequest, pk: str | None = None) -> HttpResponse:
    channel = get_object_or_404(ChannelConfiguration, pk=pk) if pk else ChannelConfiguration()
    may_change = request.user.has_perm(f"campaigns.{'change' if pk else 'add'}_channelconfiguration")
    if request.method != "POST" or not may_change:
        return _show(request, channel, _as_form(channel), may_change=may_change)
    data = read_form(schema(channel), request.POST, place=PLACE).data
    problems = _apply(channel, data)
    if problems:
        return _show(request, channel, data, problems, may_change=may_change)
    channel.save()
    record("channel.save", f"channel {channel.slug}", by=request.user, provider=channel.provider)
    messages.success(request, _("The channel configuration is saved."))
    return HttpResponseRedirect(reverse("admin:campaigns_channelconfiguration_changelist"))


def _show(
    request: HttpRequest,
    channel: ChannelConfiguration,
    data: Mapping[str, Any],
    problems: Iterable[Problem] = (),
    *,
    may_change: bool,
) -> HttpResponse:
    found = list(problems)
    context = {
        "channel": channel,
        "fields": draw_form(schema(channel), data, place=PLACE, problems=found),
        "may_change": may_change,
        "opts": ChannelConfiguration._meta,
    }
    title = channel.name or _("Add a channel configuration")
    status = 422 if found else 200
    return site_page(request, "orchestration/admin/channel.html", context, title=title, status=status)


def _as_form(channel: ChannelConfiguration) -> dict[str, Any]:
    plain = {name: getattr(channel, name) for name in PLAIN}
    return plain | {"via": {"provider": channel.provider, **channel.provider_config}}


def _apply(channel: ChannelConfiguration, data: Mapping[str, Any]) -> list[Problem]:
    """Put what was sent into the row; what is wrong with it, at its place in the form."""
    via = dict(data.get("via", {}))
    channel.provider = str(via.pop("provider", ""))
    channel.provider_config = _numbers(via, channel.provider)
    if channel.provider in registered():
        channel.channel = registered()[channel.provider].channel
    fixed = FIXED if channel.pk and _has_sent(channel) else ()
    for name in PLAIN:
        if name not in fixed:
            setattr(channel, name, data.get(name, None if name == "messages_per_second" else ""))
    found = [
        each.under(f"/{PLACE}/via") for each in check_settings(channel.provider, channel.provider_config)
    ]
    try:
        channel.full_clean()
    except ValidationError as error:
        found += [
            Problem("channel.invalid", f"/{PLACE}/{name}", " ".join(texts), "")
            for name, texts in error.message_dict.items()
        ]
    return found


def _numbers(via: Mapping[str, Any], provider: str) -> dict[str, Any]:
    """Settings in the form their schema holds them, where they are valid."""
    known = registered().get(provider)
    if known is None or check_settings(provider, via):
        return dict(via)
    found: dict[str, Any] = known.Settings.model_validate(via).model_dump(mode="json", exclude_defaults=True)
    return found


def _has_sent(channel: ChannelConfiguration) -> bool:
    return Delivery.objects.filter(configuration=channel.slug).exists()


def schema(channel: ChannelConfiguration) -> dict[str, Any]:
    """The form: the row's own fields, and the settings of whichever provider is chosen."""
    fields: dict[str, Any] = {name: ChannelConfiguration._meta.get_field(name) for name in PLAIN}
    plain = {name: _field_schema(field) for name, field in fields.items()}
    providers = {name: _provider_schema(name) for name in registered()}
    shared = {key: node for drawn in providers.values() for key, node in drawn.pop("$defs", {}).items()}
    return {
        "type": "object",
        "required": [name for name, field in fields.items() if not field.blank and name != "enabled"],
        "properties": {
            **plain,
            "via": {
                "title": _("Provider"),
                "discriminator": {
                    "propertyName": "provider",
                    "mapping": {name: f"#/$defs/{name}" for name in providers},
                },
                "oneOf": [{"$ref": f"#/$defs/{name}"} for name in providers],
            },
        },
        "$defs": {**shared, **providers},
    }


def _field_schema(field: Any) -> dict[str, Any]:
    kinds = {"BooleanField": "boolean", "PositiveIntegerField": "integer"}
    drawn: dict[str, Any] = {
        "type": kinds.get(field.get_internal_type(), "string"),
        "title": str(field.verbose_name).capitalize(),
    }
    if field.help_text:
        drawn["description"] = str(field.help_text)
    return drawn | ({"default": True} if drawn["type"] == "boolean" else {})


def _provider_schema(name: str) -> dict[str, Any]:
    provider = registered()[name]
    drawn = provider.Settings.model_json_schema()
    chosen = {"const": name, "title": str(provider.label), "type": "string"}
    return {**drawn, "properties": {"provider": chosen, **drawn.get("properties", {})}}
