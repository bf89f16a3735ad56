"""Forms for whatever has a JSON Schema: drawn as a tree of elements, read back as the data the schema means.

No type of activity is known here by its name; what a form shows follows from the schema and its widget hints.
"""
