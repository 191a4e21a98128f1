"""Every unit's document: planned, run through papermill, checked, published, recorded. Computes no figure."""
