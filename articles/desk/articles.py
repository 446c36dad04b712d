"""The article form in the admin."""
