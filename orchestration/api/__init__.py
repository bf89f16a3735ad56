"""The orchestrating part of the API."""
