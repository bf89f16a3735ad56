"""From a content and a person to the text that a gateway gets. No database, no Django models."""
