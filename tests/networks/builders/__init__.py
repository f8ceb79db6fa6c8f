"""Networks after their papers and the examples of keras.io; those of `hub` need keras-hub."""
