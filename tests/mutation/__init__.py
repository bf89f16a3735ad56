"""The mutation score of `campaigns.targeting`: `python -m tests.mutation` changes the compiler a little, again and again,
and counts how often its tests notice.
"""
