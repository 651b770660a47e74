"""How large a file may be; known before Django is."""

MB = 2**20
#: The largest file that the platform takes.
LIMIT = 100 * MB
