"""What the programme counts and knows, without any I/O."""
