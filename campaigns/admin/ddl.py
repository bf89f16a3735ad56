"""CREATE TABLE text into managed tables: first what it means, then one button that creates them."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.admin.site_pages import site_page
from campaigns.audit import record
from campaigns.ddl.creation import create_tables
from campaigns.ddl.planning import DdlPlan, plan_tables
from campaigns.ddl.reading import DIALECTS, MOST_BYTES, decoded_ddl
from campaigns.models import Table
from campaigns.problems import Problem, ProblemsError


def create_from_text(request: HttpRequest) -> HttpResponse:
    """Shows the text's meaning or its faults, each with its line; creates the tables when told to."""
    text, dialect = "", request.POST.get("dialect", "postgres")
    plan: DdlPlan | None = None
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            text = _sent(request)
            plan = plan_tables(text, dialect)
            if "create" in request.POST:
                return _created(request, plan)
        except ProblemsError as error:
            problems = error.problems
    context = {
        "text": text,
        "dialect": dialect,
        "dialects": DIALECTS.items(),
        "plan": plan,
        "problems": problems,
        "opts": Table._meta,
    }
    return site_page(
        request, "campaigns/admin/create_tables.html", context, title=_("Create tables from SQL text")
    )


def _sent(request: HttpRequest) -> str:
    """A file counts before the text beside it."""
    file = request.FILES.get("file")
    if file:
        return decoded_ddl(file.read(MOST_BYTES + 1))
    return request.POST.get("text", "").replace("\r\n", "\n")


def _created(request: HttpRequest, plan: DdlPlan) -> HttpResponse:
    made = create_tables(plan)
    record("catalogue.create_tables", f"table {made[0].slug}", by=cast(User, request.user), number=len(made))
    messages.success(request, _("%(count)d tables were created.") % {"count": len(made)})
    return HttpResponseRedirect(reverse("admin:campaigns_table_changelist"))
