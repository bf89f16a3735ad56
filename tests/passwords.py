"""Passwords of tests are hashed as everywhere, in one round: tests sign in often, and nobody attacks their database."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickPasswordHasher(PBKDF2PasswordHasher):
    """Of the algorithm of PBKDF2PasswordHasher, so that an installation that a test starts knows its passwords."""

    iterations = 1
