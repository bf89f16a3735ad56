"""The texts of the editors that run in the browser, translated here and handed over as data."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from campaigns.models.catalogue import FIELD_TYPES


def editor_words() -> Mapping[str, str]:
    """By the names the scripts know them under, in the reader's language."""
    types = {f"type_{value}": str(label) for value, label in FIELD_TYPES}
    return _general() | _conditions() | _values() | _figures() | _composing() | types


def _general() -> dict[str, str]:
    return {
        "as_conditions": _("As conditions"),
        "as_text": _("As text"),
        "choose_dimension": _("Choose the dimension first: a rule is about its people."),
        "count": _("Count people"),
        "everybody": _("No condition: everybody is meant."),
        "found": _("found"),
        "from_the_flow": _("Made in the flow"),
        "line": _("Line"),
        "insert": _("Insert a field…"),
        "next_person": _("Another person"),
        "no_answer": _("The server did not answer. Try again in a moment."),
        "nothing_found": _("Nothing has this name."),
        "nothing_known": _("Nothing to choose from yet."),
        "own": _("Of the person"),
        "one": _("one"),
        "preview": _("Preview"),
        "remove": _("Remove"),
        "search": _("Type to search…"),
        "show_some": _("Show some"),
        "text_help": _("The rule as text, as it stands in the document."),
        "unsubscribe": _("Unsubscribe link"),
        "too_deep": _("This rule has parts that the list of conditions cannot show. Edit it as text."),
    }


def _conditions() -> dict[str, str]:
    return {
        "audience": _("Audience"),
        "any_such": _("whatever they hold"),
        "attribute": _("Attribute"),
        "choose_attribute": _("Choose an attribute"),
        "collection": _("Collection"),
        "condition": _("Condition"),
        "exists": _("There is"),
        "exists_not": _("There is no"),
        "figure": _("Figure over linked rows"),
        "group": _("Group"),
        "group_all": _("All of these hold"),
        "group_any": _("At least one of these holds"),
        "group_except": _("The first holds, and none of the others"),
        "is_member": _("Is in the audience"),
        "is_no_member": _("Is not in the audience"),
        "member": _("In an audience"),
        "linked": _("Linked rows exist"),
        "of": _("of"),
        "operator": _("Operator"),
        "such_as": _("for which"),
    }


def _values() -> dict[str, str]:
    return {
        "a_value": _("value"),
        "a_variable": _("variable"),
        "an_attribute": _("attribute"),
        "anchor": _("Counted from"),
        "any_case": _("upper and lower case alike"),
        "between_days": _("between"),
        "compare_with": _("Compare with"),
        "counted_from": _("counted from"),
        "counted_from_run": _("counted from the run"),
        "days_from_today": _("days from today"),
        "from_today": _("from today"),
        "how_many": _("How many"),
        "no": _("no"),
        "one_a_line": _("One value a line"),
        "period": _("Period"),
        "period_last": _("the last"),
        "period_later_than": _("later than"),
        "period_next": _("the next"),
        "period_older_than": _("older than"),
        "period_this": _("this"),
        "relative_day": _("day from today"),
        "unit": _("Unit"),
        "unit_day": _("days"),
        "unit_hour": _("hours"),
        "unit_minute": _("minutes"),
        "unit_month": _("months"),
        "unit_quarter": _("quarters"),
        "unit_week": _("weeks"),
        "unit_year": _("years"),
        "yes": _("yes"),
    }


def _figures() -> dict[str, str]:
    return {
        "function_avg": _("Average"),
        "function_count": _("Number of"),
        "function_count_distinct": _("Number of different"),
        "function_max": _("Greatest"),
        "function_min": _("Least"),
        "function_sum": _("Total"),
    }


def _composing() -> dict[str, str]:
    return {
        "close": _("Close"),
        "copy_filter": _("Copy its conditions"),
        "count_part": _("Count the rows this part holds for"),
        "count_parts": _("Count every part"),
        "empty": _("empty"),
        "filter_label": _("Name of the filter"),
        "filter_saved": _("Saved as a private filter of yours."),
        "incomplete": _("Not all parts could be counted in time."),
        "more_values": _("There are more values. Search for the one you want."),
        "name_it": _("Give it a name first."),
        "needs_a_run": _("It uses columns that are made in the flow. Run a test to see its numbers."),
        "no_filters": _("No filter is saved for this table yet."),
        "cannot_be_told": _("Only a run can tell"),
        "edit_difference": _("Who would enter and leave, against the saved rule"),
        "explain": _("Explain"),
        "fails": _("does not hold"),
        "holds": _("holds"),
        "is_in": _("The rule holds for this person"),
        "is_out": _("The rule does not hold for this person"),
        "key_or_address": _("Key or e-mail address"),
        "no_such_row": _("The table has nobody with this key."),
        "now": _("now"),
        "people_enter": _("enter"),
        "people_leave": _("leave"),
        "people_stay": _("stay"),
        "plan": _("How the database goes about it"),
        "private": _("private"),
        "private_help": _("Only a shared filter can be referred to. Share it, or copy its conditions."),
        "save": _("Save"),
        "save_filter": _("Save as a filter"),
        "why_person": _("Why is this person in or out?"),
        "saved_filter": _("Saved filter"),
        "search_values": _("Search among the values…"),
        "stop": _("Stop"),
        "use_filter": _("Refer to it"),
        "use_value": _("Use this value"),
        "values": _("Values of this attribute"),
    }
