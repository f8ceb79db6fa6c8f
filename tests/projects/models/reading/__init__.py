"""A package whose builders read files."""
