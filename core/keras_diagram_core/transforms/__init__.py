"""From graph to graph: how much of a model is drawn, and where its parts begin and end.

Pure functions; layouts draw what they give.
"""
