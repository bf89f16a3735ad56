"""The admin put together: the campaign's page from the tabs of every app, and pages that belong to none."""

from config.admin import accounts, beat, campaigns, home, mailboxes, site

__all__ = ["accounts", "beat", "campaigns", "home", "mailboxes", "site"]
