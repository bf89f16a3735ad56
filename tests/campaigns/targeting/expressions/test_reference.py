from __future__ import annotations

import pytest
from django.utils.translation import override

from campaigns.targeting.expressions.functions import Family
from campaigns.targeting.expressions.reference import expressions_page
from campaigns.targeting.expressions.registry import FUNCTIONS, REFUSALS
from config.environment import ROOT

# The names of the reference's list, written out once more.
LISTED = """
    Avg Count CountAll Countdistinct Max Min StdDev StringAgg Sum AddDays AddHours AddMinutes AddMonths AddSeconds AddYears
    ConvertNTZ DateCmp DateOnly Day DayOfYear DaysAgo DaysAgoInt DaysDiff DaysOld GetDate Hour HoursDiff Minute MinutesDiff
    Month MonthsAgo MonthsDiff MonthsOld Oldest Second SecondsDiff SubDays SubHours SubMinutes SubMonths SubSeconds
    SubYears ToDate ToDateTime ToTimestamp ToTimeZone TruncDate TruncDateTZ TruncQuarter TruncTime TruncWeek TruncYear
    WeekDay Year YearAndMonth YearsAgo YearsDiff YearsOld Distance Abs Ceil Floor Greatest Least Mod Percent Random Round
    Sign ToDouble ToInt64 ToInteger Trunc AESEncrypt ClearBit Coalesce Decode GetEmailDomain GetMirrorURL Iif
    IsBitSet IsEmptyString NewUUID NoNull RowId SetBit ToBoolean AllNonNull2 AllNonNull3 Ascii Char Charindex dataLength
    GetLine IfEquals IsMemoNull JuxtWords JuxtWords3 Left Length Line Lower LPad Ltrim Md5Digest MemoContains NodeValue
    Replace Right RPad Rtrim Sha256Digest Sha512Digest Smart Substring ToString Upper VirtualLink VirtualLinkStr _Over_ Desc
    OrderBy PartitionBy RowNum
"""


def test_the_page_in_docs_is_the_one_the_registry_makes() -> None:
    with override("en"):
        made = expressions_page()
    stored = (ROOT / "docs" / "expressions.md").read_text(encoding="utf-8")
    assert stored == made, "docs/expressions.md is stale: run python manage.py document_expressions"


def test_every_name_of_the_list_is_supported_or_refused() -> None:
    names = {name.lower() for name in LISTED.split()}
    assert names - FUNCTIONS.keys() - REFUSALS.keys() == set()
    assert FUNCTIONS.keys() & REFUSALS.keys() == set()


@pytest.mark.parametrize("family", [each for each in Family if each is not Family.WINDOW])
def test_every_function_shows_how_it_is_written(family: Family) -> None:
    page = expressions_page()
    for function in (each for each in FUNCTIONS.values() if each.family is family):
        assert function.signature.replace("|", "\\|") in page
        assert function.example.lower().startswith((function.name.lower(), "case"))
