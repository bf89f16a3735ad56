import pytest

from campaigns.json_patch import Operation, UnfitPatch, patched

DATA = {"a": [1, {"b/c": True}], "~": "tilde", "1": "one"}


@pytest.mark.parametrize(
    "operation",
    [
        Operation("remove", "/x"),
        Operation("remove", ""),
        Operation("replace", "/x", 1),
        Operation("replace", "/a/2", 1),
        Operation("add", "/a/3", 1),
        Operation("add", "/a/01", 1),
        Operation("add", "/a/-1", 1),
        Operation("add", "/a/٣", 1),
        Operation("add", "/x/y", 1),
        Operation("add", "/~0/y", 1),
        Operation("add", f"/a/{'1' * 5000}", 1),
        Operation("remove", "/a/-"),
        Operation("test", "/a/0", True),
        Operation("test", "/a/0", "1"),
        Operation("test", "/nowhere", None),
        Operation("test", "/a/1/b~1c", 1),
    ],
)
def test_what_does_not_fit_is_refused(operation):
    with pytest.raises(UnfitPatch):
        patched(DATA, [operation])


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (Operation("add", "/a/0", 0), {**DATA, "a": [0, 1, {"b/c": True}]}),
        (Operation("add", "/a/-", 0), {**DATA, "a": [1, {"b/c": True}, 0]}),
        (Operation("add", "/a/2", 0), {**DATA, "a": [1, {"b/c": True}, 0]}),
        (Operation("add", "/a/1/b~1c", None), {**DATA, "a": [1, {"b/c": None}]}),
        (Operation("add", "/new", {}), {**DATA, "new": {}}),
        (Operation("add", "", []), []),
        (Operation("remove", "/~0"), {"a": DATA["a"], "1": "one"}),
        (Operation("remove", "/a/0"), {**DATA, "a": [{"b/c": True}]}),
        (Operation("replace", "/1", "uno"), {**DATA, "1": "uno"}),
        (Operation("test", "/a/1", {"b/c": True}), DATA),
    ],
)
def test_each_operation_does_what_the_standard_says(operation, expected):
    assert patched(DATA, [operation]) == expected


def test_what_is_given_stays_as_it_is():
    patched(DATA, [Operation("remove", "/a/1/b~1c"), Operation("add", "/a/0", 5), Operation("remove", "/~0")])
    assert DATA == {"a": [1, {"b/c": True}], "~": "tilde", "1": "one"}


def test_operations_as_data_have_a_value_unless_they_remove():
    assert Operation("remove", "/a").as_dict() == {"op": "remove", "path": "/a"}
    assert Operation("add", "/a").as_dict() == {"op": "add", "path": "/a", "value": None}
