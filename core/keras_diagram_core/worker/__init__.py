"""Child side of the worker: the only code that imports Keras or the user's code.

- __main__: what the runner starts
- session: reads requests, writes replies
- live: reads a model of the user's own process
- targets: from `package.module:attribute` to a Keras model
- weightless: builds models without allocating their weights
- extract: from a Keras model or layer to a ModelGraph
- given: what a model is called with that does not say so itself
- walk: the way through the calls of a model, and into what is opened
- nodes: the nodes, edges and notes that result
- inside: which operations are opened, and what is inside them
- records: the calls inside a functional model, as Keras has recorded them
- trace: the calls inside anything else, recovered from its `call`
- symbolic: running a `call` on symbolic tensors
- sizes: the same where the `call` computes with sizes that are unknown
- arguments: what an operation was called with
- facts: the few facts about a layer that pictures show
- remarks: what a graph cannot show, in sentences
- reads: from what was imported and opened to a Manifest
- places: which files and modules are the user's own
- state: what one target may not leave behind for the next
- failures: from exceptions to messages for people
"""
