"""What became of messages, as ordinary linked tables that rules may ask like any other.

Each targeting dimension gets two views in schema `feedback` (`views`), registered in the catalogue as
system tables with links both ways (`registration`). The built-in filter on a campaign's feedback is a rule
over them (`filters`).
"""
