"""确权登记: rural land and houses surveyed, registered and certified; the register itself."""
