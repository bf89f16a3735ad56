from campaigns.code_table import code_rows, markdown
from config.environment import ROOT


def test_every_code_has_words_and_a_remedy():
    rows = list(code_rows())
    assert len(rows) >= 30
    assert all(
        row.message.strip() and row.remedy.strip() and "%(" not in row.message + row.remedy for row in rows
    )


def test_the_page_lists_every_code():
    """Written again by `manage.py shell -c 'from campaigns.code_table import markdown; print(markdown())'`."""
    assert markdown() in (ROOT / "docs" / "campaign-file.md").read_text(encoding="utf-8")
