"""casework 办件: declared procedures, and the one engine that opens, moves and closes their cases."""
