"""The models that the pictures in this documentation show."""
