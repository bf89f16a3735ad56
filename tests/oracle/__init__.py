"""An independent reading of docs/rules.md: small, slow, obvious; it shares no code with what it judges."""
