"""What activities ought to do, in plain Python over dicts and sets: slow, obvious, and independent of the engine.

Nothing here imports the project. Tables are lists of dict rows; a population is a dict from key to added columns.
"""
