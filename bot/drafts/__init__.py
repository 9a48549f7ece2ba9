"""What conversations fill before anything is saved: drafts of sales and listings, their forms and cards. Pure."""
