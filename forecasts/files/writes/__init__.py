"""Take files into the record, block by block."""
