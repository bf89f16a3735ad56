"""When a campaign launches: its schedule as a document, and pure functions of schedule, zone and time.

Nothing in here reads a clock, a database or a setting; the engine passes the present time in and stores what
comes out.
"""
