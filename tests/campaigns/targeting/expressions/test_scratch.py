import os, time, traceback
import pytest
from tests.campaigns.targeting.expressions.conftest import same
from tests.campaigns.targeting.expressions.generator import ExpressionGenerator

pytestmark = pytest.mark.django_db


def test_scratch(calculator):
    n = int(os.environ.get("N", "1500"))
    seed = int(os.environ.get("SEED", "1"))
    bad = 0
    ts = to = 0
    for number, (table, text, _k) in enumerate(ExpressionGenerator(seed).expressions(n)):
        p = calculator.problem(text, table)
        if p is not None:
            bad += 1
            print("REFUSED", text, "|", p.message)
            continue
        _s, (kind,) = calculator.statement([text], table)
        try:
            t = time.time()
            exp = calculator.expected(text, table, kind)
            to += time.time() - t
        except Exception as e:
            bad += 1
            print("ORACLE", text, repr(e)[:200], traceback.format_exc().splitlines()[-3:])
            continue
        t = time.time()
        try:
            (found,) = calculator.values([text], table)
        except Exception as e:
            bad += 1
            print("PG", text, repr(e)[:200])
            continue
        ts += time.time() - t
        d = {k: (found[k], v) for k, v in exp.items() if not same(found[k], v)}
        if d:
            bad += 1
            print("DIFF", kind, table, text, list(d.items())[:2], len(d))
        if bad > 40:
            break
    print("oracle", to, "pg", ts, "bad", bad)
    assert 0
