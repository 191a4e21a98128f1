"""The plan on the workers of a dask cluster instead of processes of this machine. Makes no document differently."""
