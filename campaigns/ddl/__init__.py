"""CREATE TABLE text into managed tables: parsed, never executed; what is created is made from the parsed model."""
