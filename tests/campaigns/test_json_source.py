import pytest

from campaigns.json_source import read_json
from campaigns.problems import ProblemsError


@pytest.mark.parametrize(
    ("code", "line", "text"),
    [
        ("text.not_json", 2, '{"a": 1,\n}'),
        ("text.not_json", 1, ""),
        ("text.not_json", 1, '{"a": NaN}'),
        ("text.not_json", 1, "{} {}"),
        ("text.repeated_key", 3, '{"a": 1,\n"b": [],\n"a": 2}'),
        ("text.repeated_key", 2, '[{"a": {},\n"\\u0061": {}}]'),
        ("text.long_number", 1, "9" * 5000),
        ("text.too_deep", 1, "[" * 201 + "]" * 201),
        ("data.too_deep", 0, '{"a":' * 100_000),
    ],
)
def test_it_is_refused_at_its_line(code, line, text):
    with pytest.raises(ProblemsError) as raised:
        read_json(text)
    (problem,) = raised.value.problems
    assert (problem.code, problem.line) == (code, line)


def test_every_part_has_its_line():
    source = read_json('{"a": [1,\n 2, {"b":\n "}],:"}],\n"c": {}}')
    assert source.data == {"a": [1, 2, {"b": "}],:"}], "c": {}}
    assert source.lines == {"": 1, "/a": 1, "/a/0": 1, "/a/1": 2, "/a/2": 2, "/a/2/b": 2, "/c": 4}


def test_equal_keys_of_different_objects_are_fine():
    assert read_json('[{"a": 1}, {"a": {"a": 2}}]').data == [{"a": 1}, {"a": {"a": 2}}]
