"""Every text the bot says."""
