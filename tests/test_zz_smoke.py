def test_x():
    exec(open("/tmp/smoke.py").read(), {})
