"""What goes out of the register and comes in, and how it is written and read; the commands stand in ``services``."""
