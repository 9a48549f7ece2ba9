"""Where events and roll-ups are kept."""
