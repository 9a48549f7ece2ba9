"""Voice notes become words: decoded and recognised in processes of their own."""
