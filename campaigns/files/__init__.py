"""Files as campaigns read and write them: where they are kept, how their text is read, what their columns mean."""
