"""People and software who receive messages, for demonstrations and tests: they fetch what is in them, by real HTTP.

`letters` finds the addresses in a message, `habits` decides who fetches what and when, `visits` does it and
writes down who it was. Nothing here reads the database: what the product makes of its visitors is its own
affair.
"""
