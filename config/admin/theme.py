"""What the theme asks of this project: its stylesheet and the sidebar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from campaigns.admin.page import Text

Item = dict[str, Any]


def stylesheet(request: HttpRequest) -> str:
    return static("campaigns/admin.css")


def icon(request: HttpRequest) -> str:
    return static("campaigns/icon.svg")


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Every page a person may see, by what they want to do."""
    return [
        {"title": "", "items": [_item(_("Home"), "home", "index", "")]},
        {"title": _("Campaigns"), "separator": True, "items": _campaigns()},
        {"title": _("Messages"), "separator": True, "items": _messages()},
        {"title": _("Data"), "separator": True, "items": _data()},
        {"title": _("Set-up"), "separator": True, "collapsible": True, "items": _set_up()},
    ]


def _campaigns() -> list[Item]:
    return [
        _item(
            _("Campaigns"),
            "campaign",
            "campaigns_campaign_changelist",
            "campaigns.view_campaign",
            beside="campaign_calendar",
        ),
        _item(_("Calendar"), "calendar_month", "campaign_calendar", "campaigns.view_campaign"),
        _item(
            _("Runs"), "play_circle", "orchestration_campaignrun_changelist", "orchestration.view_campaignrun"
        ),
        _item(
            _("Planned launches"),
            "event",
            "orchestration_occurrence_changelist",
            "orchestration.view_occurrence",
        ),
    ]


def _messages() -> list[Item]:
    return [
        _item(_("Deliveries"), "send", "orchestration_delivery_changelist", "orchestration.view_delivery"),
        _item(_("Ledger"), "receipt_long", "ledger", "orchestration.view_message"),
        _item(_("Mailbox"), "inbox", "mailbox", "campaigns.view_personal_data"),
        _item(_("Consents"), "verified_user", "campaigns_consent_changelist", "campaigns.view_consent"),
        _item(_("Suppressions"), "block", "campaigns_suppression_changelist", "campaigns.view_suppression"),
    ]


def _data() -> list[Item]:
    return [
        _item(_("Tables"), "table", "campaigns_table_changelist", "campaigns.view_table"),
        _item(_("Links"), "link", "campaigns_link_changelist", "campaigns.view_link"),
        _item(
            _("Targeting dimensions"),
            "group_search",
            "campaigns_targetingdimension_changelist",
            "campaigns.view_targetingdimension",
        ),
        _item(
            _("Saved filters"),
            "filter_alt",
            "campaigns_predefinedfilter_changelist",
            "campaigns.view_campaign",
        ),
        _item(_("Audiences"), "bookmarks", "campaigns_audience_changelist", "campaigns.view_audience"),
        _item(_("Imports"), "upload_file", "campaigns_importjob_changelist", "campaigns.view_importjob"),
        _item(_("Files"), "draft", "campaigns_storedfile_changelist", "campaigns.view_storedfile"),
    ]


def _set_up() -> list[Item]:
    return [
        _item(
            _("Channels"),
            "outgoing_mail",
            "campaigns_channelconfiguration_changelist",
            "campaigns.view_channelconfiguration",
        ),
        _item(_("API tokens"), "key", "campaigns_apitoken_changelist", "campaigns.view_apitoken"),
        _item(_("Audit log"), "policy", "campaigns_auditentry_changelist", "campaigns.view_auditentry"),
        _item(_("Users"), "person", "auth_user_changelist", "auth.view_user"),
        _item(_("Groups"), "groups", "auth_group_changelist", "auth.view_group"),
        _item(
            _("Clockwork"),
            "schedule",
            "django_celery_beat_periodictask_changelist",
            "django_celery_beat.view_periodictask",
        ),
    ]


def _item(title: Text, icon: str, name: str, permission: str, *, beside: str = "") -> Item:
    """`beside` is a place below it that has an item of its own."""
    link = reverse_lazy(f"admin:{name}")
    item = {"title": title, "icon": icon, "link": link, "permission": _having(permission)}
    return {**item, "active": _within(link, reverse_lazy(f"admin:{beside}"))} if beside else item


def _within(link: Text, beside: Text) -> Callable[[HttpRequest], bool]:
    def is_within(request: HttpRequest) -> bool:
        return request.path.startswith(str(link)) and not request.path.startswith(str(beside))

    return is_within


def _having(permission: str) -> Callable[[HttpRequest], bool]:
    def may(request: HttpRequest) -> bool:
        return not permission or bool(request.user.has_perm(permission))

    return may
