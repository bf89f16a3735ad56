from __future__ import annotations

from pathlib import Path

import pytest

from config.translatable import Message, find_messages

IMPORT = "from django.utils.translation import gettext as _now, gettext_lazy as _, ngettext, pgettext\n"


def module(app: Path, source: str) -> set[Message]:
    (app / "module.py").write_text(IMPORT + source, encoding="utf-8")
    return find_messages(app)


def template(app: Path, source: str) -> set[Message]:
    (app / "page.html").write_text("{% load i18n %}" + source, encoding="utf-8")
    return find_messages(app)


def test_an_f_string_is_refused_at_its_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"module\.py:2: an f-string cannot be translated"):
        module(tmp_path, "text = _(f'{name} is gone')")


def test_a_variable_is_left_to_where_its_text_is_written(tmp_path: Path) -> None:
    assert module(tmp_path, "text = _now(label)") == set()


def test_a_function_of_another_module_is_no_translation(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text(
        "from shop import _\nfrom gettext import gettext\n_('a'), gettext('b')"
    )
    assert find_messages(tmp_path) == set()


def test_plain_text_of_a_template_is_no_message(tmp_path: Path) -> None:
    assert template(tmp_path, "<p>Plain _('text') of {{ name }}</p>{# _('remark') #}") == set()


def test_finds_functions_by_the_names_a_module_gives_them(tmp_path: Path) -> None:
    found = module(tmp_path, "a = _('Lazy')\nb = _now('Now' ' and here')")
    assert found == {Message("Lazy"), Message("Now and here")}


def test_finds_a_plural_and_a_context(tmp_path: Path) -> None:
    found = module(tmp_path, "ngettext('a day', '%(n)d days', n)\npgettext('campaign', 'Close')")
    assert found == {Message("a day", "%(n)d days"), Message("Close", context="campaign")}


def test_finds_functions_behind_the_name_of_their_module(tmp_path: Path) -> None:
    found = module(tmp_path, "from django.utils import translation\ntranslation.gettext('Behind')")
    assert found == {Message("Behind")}


def test_finds_the_tags_of_templates(tmp_path: Path) -> None:
    found = template(
        tmp_path, """{% trans "It's here" %}{{ name|default:_("nobody") }}{% trans 'Go' as go %}"""
    )
    assert found == {Message("It's here"), Message("nobody"), Message("Go")}


def test_finds_a_template_block_with_its_variables_and_plural(tmp_path: Path) -> None:
    found = template(
        tmp_path,
        "{% blocktrans count n=rows|length %}{{ n }} row{% plural %}{{ n }} rows{% endblocktrans %}"
        "{% blocktrans trimmed with who=user.name %}\n  All of\n  {{ who }}\n{% endblocktrans %}",
    )
    assert found == {Message("%(n)s row", "%(n)s rows"), Message("All of %(who)s")}


def test_finds_the_context_of_a_template_tag(tmp_path: Path) -> None:
    assert template(tmp_path, '{% trans "May" context "month" %}') == {Message("May", context="month")}
