"""All that a document is checked against, read from the database as it is now."""

from __future__ import annotations

from campaigns.activity_types import World
from campaigns.catalogue import load_catalogue, load_dimensions
from campaigns.document import Document
from campaigns.file_lines import with_file_lines
from campaigns.files.store import uploaded_files
from campaigns.models import ChannelConfiguration


def load_world(document: Document) -> World:
    """The catalogue, the dimensions, the channels that may be used, and the document's variables."""
    enabled = ChannelConfiguration.objects.filter(enabled=True)
    return with_file_lines(
        World(
            catalogue=load_catalogue(),
            dimensions=load_dimensions(),
            channels=dict(enabled.values_list("slug", "channel")),
            variables={name: variable.type for name, variable in document.variables.items()},
            files=uploaded_files(),
            campaign=document.campaign.slug,
        )
    )
