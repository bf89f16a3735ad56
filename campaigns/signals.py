"""What the authoring side tells the rest of the house, always within the transaction of the act."""

from django.dispatch import Signal

campaign_published = Signal()
"""A version was published. Sent with `version`; what a receiver writes stands or falls with the
publication.
"""

draft_deleting = Signal()
"""A draft is about to be deleted. Sent with `campaign`, in the transaction of the deletion.

A receiver removes what refers to the draft and answers what that was, as plain data for the audit log; or it
raises ProblemsError to refuse.
"""

deletion_foreseen = Signal()
"""Somebody is about to delete a draft. Sent with `campaign`; a receiver answers sentences on what goes with it."""

campaign_moving = Signal()
"""A person takes a campaign to another state. Sent with `campaign`, the wanted `state` and `by`, before it
moves.

A receiver ends what must not go on, or raises ProblemsError to refuse the move.
"""
