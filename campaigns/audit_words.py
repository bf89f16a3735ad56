"""What people read of an entry of the audit log, whose acts and doors are kept as codes."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import AuditEntry

ACTS: Mapping[str, str | Promise] = {
    "audience.archive": _("Audience archived"),
    "audience.compose": _("Audience composed"),
    "audience.delete": _("Audience deleted"),
    "audience.describe": _("Description of an audience changed"),
    "audience.import": _("Members imported into an audience"),
    "audience.put_back": _("Earlier members of an audience put back"),
    "audience.remove": _("Members removed from an audience"),
    "audience.restore": _("Audience taken out of the archive"),
    "campaign.archive": _("Campaign archived"),
    "campaign.back_to_draft": _("Campaign taken back to draft"),
    "campaign.close": _("Campaign closed"),
    "campaign.create": _("Campaign created"),
    "campaign.delete": _("Draft deleted"),
    "campaign.move": _("Campaign put into another folder"),
    "campaign.proof": _("Proof attempted"),
    "campaign.proof_outcome": _("Proof answered"),
    "campaign.publish": _("Version published"),
    "campaign.save": _("Draft saved"),
    "campaign.stop": _("Campaign stopped"),
    "catalogue.add_link": _("Tables linked"),
    "catalogue.create_tables": _("Tables created from CREATE TABLE text"),
    "catalogue.refresh_table": _("Columns read again"),
    "catalogue.register_dimension": _("Targeting dimension made"),
    "catalogue.register_table": _("Table registered"),
    "channel.save": _("Channel configuration saved"),
    "consent.state": _("Statement on consent recorded"),
    "delivery.settle_unknown": _("Unknown messages settled"),
    "feed.delete": _("Rows deleted by a program"),
    "feed.insert": _("Rows inserted by a program"),
    "feed.upsert": _("Rows inserted or updated by a program"),
    "filter.create": _("Filter saved for the first time"),
    "filter.delete": _("Filter deleted"),
    "filter.save": _("Filter changed"),
    "folder.create": _("Folder created"),
    "folder.delete": _("Folder deleted"),
    "folder.move": _("Folder moved"),
    "folder.rename": _("Folder renamed"),
    "file.delete": _("File deleted"),
    "file.download": _("File downloaded"),
    "file.upload": _("File uploaded for campaigns"),
    "import.apply": _("Import started"),
    "import.cancel": _("Import cancelled"),
    "import.download_rejects": _("Refused lines downloaded"),
    "import.upload": _("File uploaded"),
    "marker.set": _("Marker set"),
    "report.export_events": _("Events exported"),
    "report.export_ledger": _("Ledger exported"),
    "template.delete": _("Campaign template deleted"),
    "template.save": _("Campaign template saved"),
    "token.issue": _("API token issued"),
    "token.revoke": _("API token revoked"),
}
ON_FORMS: Mapping[str, str | Promise] = {
    "add": _("%(thing)s added"),
    "change": _("%(thing)s changed"),
    "delete": _("%(thing)s deleted"),
}
DOORS: Mapping[str, str | Promise] = {
    "admin": _("Admin"),
    "api": _("API"),
    "command": _("Command line"),
}
DETAILS: Mapping[str, str | Promise] = {
    "activity": _("activity"),
    "address": _("address"),
    "after": pgettext_lazy("state", "after"),
    "as": pgettext_lazy("settled", "as"),
    "attempt": _("attempt"),
    "before": pgettext_lazy("state", "before"),
    "delivery": _("delivery"),
    "fields": _("fields"),
    "file": _("file"),
    "forgotten": _("returned people forgotten"),
    "link": _("link"),
    "message": _("message"),
    "messages": _("messages"),
    "name": _("name"),
    "note": _("note"),
    "number": _("number"),
    "personal": _("with personal data"),
    "provider": _("provider"),
    "reason": _("reason"),
    "recipient": _("recipient"),
    "reply": _("reply"),
    "rows": _("rows"),
    "scopes": _("scopes"),
    "shared": _("shared"),
    "settled": _("settled"),
    "state": _("state"),
    "tables": _("working tables"),
    "test_runs": _("test runs"),
    "version": _("version"),
}
UNSHOWN = ("hash",)
"""Of use to programs only."""


def act_words(entry: AuditEntry) -> str:
    """“Draft saved”; for a form of the admin “Table changed”. An act nobody has named is shown as its code."""
    noun, _dot, verb = entry.action.partition(".")
    if entry.action in ACTS or verb not in ON_FORMS:
        return str(ACTS.get(entry.action, entry.action))
    return str(ON_FORMS[verb]) % {"thing": capfirst(_thing(noun))}


def _thing(noun: str) -> str:
    names = (str(model._meta.verbose_name) for model in apps.get_models() if model._meta.model_name == noun)
    return next(names, noun)


def door_words(entry: AuditEntry) -> str:
    return str(DOORS.get(entry.door, entry.door))


def detail_words(entry: AuditEntry) -> list[tuple[str, str]]:
    """Names and values, without what only programs use."""
    shown = {name: value for name, value in entry.detail.items() if name not in UNSHOWN}
    return [(str(DETAILS.get(name, name)), _value(value)) for name, value in shown.items()]


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
