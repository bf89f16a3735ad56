"""Texts of django-unfold and django-celery-beat that come without a translation, listed so that the catalogues hold them.

Only what a person meets in this installation; a text that its own package translates needs no entry.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

BORROWED = (
    _("Add new item"),
    _("Add row"),
    _("After you've created a user, you’ll be able to edit more user options."),
    _("All applications"),
    _("Apply Filters"),
    _("Choose file to upload"),
    _("Click to cancel"),
    _("Collapse"),
    _("Dark"),
    _("Dataset not found. No action performed."),
    _("Date from"),
    _("Date to"),
    _("Date"),
    _("Default"),
    _("Edit"),
    _("Expand row"),
    _("False"),
    _("Filters"),
    _("Forgotten your password or username?"),
    _("General"),
    _("Go back"),
    _("Light"),
    _("Loading more results..."),
    _("More actions"),
    _("No data"),
    _("No recent searches"),
    _("No results found"),
    _("No results matching your query"),
    _("Not enough data."),
    _("periodic tasks"),
    _("Previous"),
    _(
        "Raw passwords are not stored, so there is no way to see this user’s password, but you can change the "
        'password using <a href="{}" class="text-primary-600 dark:text-primary-500">this form</a>.'
    ),
    _("Recent searches"),
    _("Record picture"),
    _("Reset filters"),
    _("Return to site"),
    _("Search apps and models..."),
    _("Select action to run"),
    _("Select action"),
    _("Select all rows"),
    _("Select record"),
    _("Select value"),
    _("Submit"),
    _("System"),
    _("This item will be deleted."),
    _("This page yielded into no results. Create a new item or reset your filters."),
    _("Toggle password visibility"),
    _("True"),
    _("Type to search"),
    _("Welcome back to"),
    _("Welcome"),
    _("You have been successfully logged out from the administration"),
)
