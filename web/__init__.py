"""Pages, webhooks and the API."""
