"""What `lensan` can be told to do: one file holds the commands that belong together."""
