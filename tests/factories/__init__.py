"""Rows for tests, written with the models alone; nothing here decides anything."""
