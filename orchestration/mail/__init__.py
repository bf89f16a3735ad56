"""From a content and a person to the bytes of a message, and from bytes to a mail server. No database, no
Django models.
"""
