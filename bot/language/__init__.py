"""Vietnamese farm talk -> Understanding. Pure: text, a day and what is known come in, a value goes out."""
