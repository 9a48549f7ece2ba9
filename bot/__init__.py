"""The conversation and everything that carries it."""
