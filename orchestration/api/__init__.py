"""The endpoints of the engine: test runs, runs and the acts on them, deliveries, launches."""
