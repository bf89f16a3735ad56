"""`make demo`: a whole campaign on real data, from draft to retargeting, told on the terminal while it happens."""
