"""The world a document is checked against and runs in: the catalogue, the dimensions, the channels, its variables."""

from __future__ import annotations

from campaigns.activity_types import World
from campaigns.catalogue import load_catalogue, load_dimensions
from campaigns.document import Document
from campaigns.models import ChannelConfiguration


def load_world(document: Document) -> World:
    """As the present transaction sees it."""
    channels = ChannelConfiguration.objects.filter(enabled=True).values_list("slug", "channel")
    return World(
        catalogue=load_catalogue(),
        dimensions=load_dimensions(),
        channels=dict(channels),
        variables={name: variable.type for name, variable in document.variables.items()},
    )
