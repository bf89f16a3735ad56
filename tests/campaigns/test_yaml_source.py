import time

import pytest

from campaigns.problems import ProblemsError
from campaigns.yaml_source import read_yaml

REFUSED = {
    "text.alias": ["a: 1\nb: &x 2", "a: 1\nb: *x", "a: 1\n&b c: 1"],
    "text.tag": ["a: 1\nb: !!python/object:os.system x", "a: 1\nb: !x {}", "a: 1\nb: !!int 1"],
    "text.repeated_key": ["a: 1\na: 2", "a: 1\n'a': 2"],
    "text.second_document": ["a: 1\n---\nb: 2"],
    "text.not_yaml": ["a: 1\nb: [", "a: 1\n\tb: 2", "a: 1\nb: \x01"],
    "text.odd_key": ["a: 1\n[1]: 2", "a: 1\n{b: 1}: 2"],
}


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in REFUSED.items() for text in texts]
)
def test_it_is_refused_at_its_line(code, text):
    with pytest.raises(ProblemsError) as raised:
        read_yaml(text)
    (problem,) = raised.value.problems
    assert (problem.code, problem.remedy != "") == (code, True)
    assert problem.line in ({1, 2, 3} if code == "text.not_yaml" else {2})


def test_levels_beyond_the_limit_are_refused_at_once():
    began = time.monotonic()
    with pytest.raises(ProblemsError, match="200 levels"):
        read_yaml("[" * 100_000)
    assert time.monotonic() - began < 5


def test_a_bomb_of_aliases_is_refused_before_it_grows():
    lines = ["a: &a [x, x, x, x]"] + [
        f"{n}: &{n} [*{p}, *{p}, *{p}]" for p, n in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    with pytest.raises(ProblemsError, match="alias"):
        read_yaml("\n".join(lines))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2018-01-01", "2018-01-01"),
        ("yes", "yes"),
        ("on", "on"),
        ("007", "007"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("12:30", "12:30"),
        ("'1'", "1"),
        ("True", "True"),
        ("<<", "<<"),
        ("1", 1),
        ("-1.5e3", -1500.0),
        ("true", True),
        ("null", None),
        ("", None),
    ],
)
def test_only_what_json_would_read_is_no_text(written, read):
    assert read_yaml(f"a: {written}").data == {"a": read}


def test_names_are_always_text():
    assert read_yaml("1: a\ntrue: b\n").data == {"1": "a", "true": "b"}


def test_every_part_has_its_line():
    source = read_yaml("a:\n  - 1\n  - b: 2\n    c: |\n      x\n      y\nd: 3\n")
    assert source.data == {"a": [1, {"b": 2, "c": "x\ny\n"}], "d": 3}
    assert {path: source.lines[path] for path in ("/a", "/a/0", "/a/1/b", "/a/1/c", "/d")} == {
        "/a": 1,
        "/a/0": 2,
        "/a/1/b": 3,
        "/a/1/c": 4,
        "/d": 7,
    }
