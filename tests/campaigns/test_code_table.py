import re

from campaigns.code_table import code_rows, markdown
from config.environment import ROOT

PAGE = ROOT / "docs" / "campaign-file.md"


def test_every_code_has_words_and_a_remedy():
    rows = list(code_rows())
    assert len(rows) >= 30
    assert all(
        row.message.strip() and row.remedy.strip() and "%(" not in row.message + row.remedy for row in rows
    )


OWN = [
    "conflicts",
    "document",
    "drafts",
    "json_source",
    "lifecycle",
    "plain_data",
    "publishing",
    "sources",
    "tokens",
    "yaml_source",
]


def test_the_page_names_every_other_code_that_is_refused_with():
    page = PAGE.read_text(encoding="utf-8")
    found = set()
    for module in OWN:
        code = (ROOT / "campaigns" / f"{module}.py").read_text(encoding="utf-8")
        found |= {f"text.{name}" for name in re.findall(r'refuse_line\(\s*"(\w+)"', code)}
        found |= {f"data.{name}" for name in re.findall(r'refuse\(\s*"(\w+)"', code)}
        found |= set(re.findall(r'(?:refuse|Problem)\(\s*"(\w+\.\w+)"', code))
    assert len(found) > 25
    assert sorted(name for name in found if f"`{name}`" not in page) == []


def test_the_page_lists_every_code():
    """Written again by `manage.py shell -c 'import re

    from campaigns.code_table import markdown; print(markdown())'`."""
    assert markdown() in PAGE.read_text(encoding="utf-8")
