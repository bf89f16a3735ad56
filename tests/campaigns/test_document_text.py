import pytest
import yaml
from hypothesis import assume, given, settings

from campaigns.document import parse_document
from campaigns.document_text import Form, read_document, write_document
from campaigns.problems import ProblemsError
from tests.campaigns.documents import documents, example


@pytest.mark.parametrize("form", Form)
@settings(max_examples=400, deadline=None)
@given(data=documents())
def test_export_import_export_is_identical(form, data):
    try:
        document = parse_document(data)
    except ProblemsError as error:
        assume({problem.code for problem in error.problems} != {"data.same_key"})
        raise
    first = write_document(document, form)
    again = read_document(first.encode(), form).document
    assert write_document(again, form) == first


@settings(max_examples=300, deadline=None)
@given(data=documents())
def test_both_forms_say_the_same(data):
    try:
        document = parse_document(data)
    except ProblemsError:
        assume(False)
    there = read_document(write_document(document, Form.YAML).encode(), Form.YAML).document
    assert write_document(there, Form.JSON) == write_document(document, Form.JSON)


def test_another_reader_of_yaml_reads_the_same_words():
    data = example(
        campaign={"slug": "a", "name": "yes", "description": "2018-01-01", "tags": ["on", "0x1f", "1_000"]}
    )
    text = write_document(parse_document(data), Form.YAML)
    header = yaml.safe_load(text)["campaign"]
    assert header == {
        "slug": "a",
        "name": "yes",
        "description": "2018-01-01",
        "tags": ["0x1f", "1_000", "on"],
    }


def test_text_of_several_lines_is_a_block():
    body = "<p>\n  Hello {{ name }}\n</p>\n"
    data = example(activities=[{"id": "mail", "type": "email", "config": {"html": body}}], transitions=[])
    text = write_document(parse_document(data), Form.YAML)
    assert "      html: |\n        <p>\n          Hello {{ name }}\n        </p>\n" in text


@pytest.mark.parametrize("form", list(Form))
def test_names_are_nfc_and_values_come_back_as_they_went(form):
    value = {"value": "Zoe\u0308", "path": ["\u1112\u1161\u11ab"]}
    mail = {"id": "mail", "type": "email", "config": value}
    data = example(campaign={"slug": "a", "name": "Cafe\u0301"}, activities=[mail], transitions=[])
    text = write_document(parse_document(data), form)
    assert "Café" in text
    assert read_document(text.encode(), form).document.activity("mail").config == value


def test_comments_are_dropped_and_said_to_be():
    text = write_document(parse_document(example()), Form.YAML)
    assert not read_document(text.encode(), Form.YAML).dropped_comments
    assert read_document(f"# mine\n{text}".encode(), Form.YAML).dropped_comments


def test_a_hash_within_text_is_no_comment():
    data = example(campaign={"slug": "a", "name": "# 1", "description": "one\n# two\n"})
    text = write_document(parse_document(data), Form.YAML)
    assert not read_document(text.encode(), Form.YAML).dropped_comments


@pytest.mark.parametrize("form", Form)
def test_a_refused_part_is_shown_at_its_line(form):
    text = write_document(parse_document(example()), form)
    broken = text.replace("win-back", "Win Back!")
    with pytest.raises(ProblemsError) as raised:
        read_document(broken.encode(), form)
    (problem,) = raised.value.problems
    assert problem.path == "/campaign/slug"
    assert "Win Back!" in broken.splitlines()[problem.line - 1]
