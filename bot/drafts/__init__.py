"""What conversations share: drafts that are filled before anything is saved, forms, cards. Pure."""
