"""The admin of what people author: the tabs of a campaign's page, the catalogue, channels and people."""

from campaigns.admin import access, audiences, catalogue, files, filters, imports, people

__all__ = ["access", "audiences", "catalogue", "files", "filters", "imports", "people"]
