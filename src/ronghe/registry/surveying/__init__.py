"""Reading and checking of surveyed parcels: which column is which field, what each line says, how parcels lie."""
