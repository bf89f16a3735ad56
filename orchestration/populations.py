"""The columns of a population as the JSON kept beside it: in the form that audiences keep theirs in too."""

from __future__ import annotations

from campaigns.column_data import column_from_data, column_to_data

__all__ = ["column_from_data", "column_to_data"]
