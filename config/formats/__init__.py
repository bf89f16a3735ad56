"""How dates are written, by language; Django reads a module for each. Every time is shown with its zone."""
