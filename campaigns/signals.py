"""What the authoring side tells the rest of the house, always within the transaction of the act."""

from django.dispatch import Signal

campaign_published = Signal()
"""A version was published. Sent with `version`; what a receiver writes stands or falls with the
publication.
"""

campaign_moving = Signal()
"""A person takes a campaign to another state. Sent with `campaign`, the wanted `state` and `by`, before it
moves.

A receiver ends what must not go on, or raises ProblemsError to refuse the move.
"""
