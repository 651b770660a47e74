"""The kernel: people, places, time, paper, maps and the record of acts. It knows no policy."""
