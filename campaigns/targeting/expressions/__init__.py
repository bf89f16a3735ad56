"""The expression language: values computed from attributes, as `docs/expressions.md` describes it."""
