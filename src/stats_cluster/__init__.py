"""The plan on the workers of a dask cluster instead of processes of this machine. Makes no document differently."""

import distributed as distributed  # without it nothing here works, and whoever looks for the package learns it at once
