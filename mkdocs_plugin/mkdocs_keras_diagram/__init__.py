"""Keras diagrams in Markdown: a Python-Markdown extension and an MkDocs plugin."""
