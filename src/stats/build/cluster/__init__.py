"""The plan on dask workers instead of processes of this machine. Makes and publishes no document itself."""
