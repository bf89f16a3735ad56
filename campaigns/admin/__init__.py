"""The admin of what people author: the tabs of a campaign's page, the catalogue, channels and people."""
