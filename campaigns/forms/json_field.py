"""A field of JSON as text that takes nothing but plain data: Django's own fails on what is nested too deep."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput

from campaigns.plain_data import normal
from campaigns.problems import ProblemsError


class PlainJsonField(forms.JSONField):
    """JSON that a document could hold: no number of thousands of digits, no bottomless nesting, no NUL."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed is shown again as it was typed."""
        return super().bound_data(data, initial) if self.disabled or data is None else InvalidJSONInput(data)

    def to_python(self, value: Any) -> Any:
        try:
            return normal(super().to_python(value))
        except ProblemsError as error:
            raise ValidationError([f"{each.message} {each.remedy}" for each in error.problems]) from None
        except (RecursionError, ValueError) as error:
            message = self.error_messages["invalid"]
            raise ValidationError(message, code="invalid", params={"value": value}) from error
