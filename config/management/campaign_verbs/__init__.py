"""The verbs of `manage.py campaign`, one function each; the command itself only parses and prints."""
