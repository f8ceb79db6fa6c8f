"""The blocks view: stages and blocks as containers, units inside, skips as tidy lanes."""
