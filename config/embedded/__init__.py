"""PostgreSQL and a broker from wheels, for a machine that has neither; real servers need none of this.

Nothing here knows Django. `launcher` is the way in; `places` says where the files lie.
"""
