"""Child side of the worker: the only code that imports Keras or the user's code.

- __main__: what the runner starts
- session: reads requests, writes replies
- targets: from `package.module:attribute` to a Keras model
- weightless: builds models without allocating their weights
- extract: from a Keras model to a ModelGraph
- facts: the few facts about a layer that pictures show
- reads: from what was imported and opened to a Manifest
- places: which files and modules are the user's own
- state: what one target may not leave behind for the next
- failures: from exceptions to messages for people
"""
