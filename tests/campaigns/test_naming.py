import pytest

from campaigns.naming import label_of, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Full Name", "full_name"),
        ("order-ID", "order_id"),
        ("2nd line", "field_2nd_line"),
        ("이름", "field"),
        ("__", "field"),
        ("x" * 90, "x" * 63),
    ],
)
def test_a_slug_is_plain_whatever_the_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_a_taken_slug_gets_the_next_free_number() -> None:
    assert slug_of("Sky", taken={"sky", "sky_2"}) == "sky_3"


def test_a_numbered_slug_stays_within_the_length() -> None:
    assert slug_of("x" * 80, taken={"x" * 63}) == "x" * 61 + "_2"


def test_a_label_reads_as_words() -> None:
    assert label_of("household_id") == "Household id"
