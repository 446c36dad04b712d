"""Listens to publishing and keeps the index true."""
