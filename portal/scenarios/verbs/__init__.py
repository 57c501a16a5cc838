"""The words of stories, one module per noun: a table from names to services.

Where a form does something before it calls its service, a short function here does the same.
"""
