"""How large files may be. Without Django: the server asks before any application is loaded."""

MB = 2**20
#: The largest file that the platform takes.
LIMIT = 100 * MB
