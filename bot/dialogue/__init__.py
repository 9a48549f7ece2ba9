"""The conversation core: a message and what is known go in, replies and events come out. Pure."""
