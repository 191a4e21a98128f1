"""What has gone out before: figures on record, and what readers of them know. Hides nothing."""

from stats.disclosure.issued.folder import PLACE, next_record, read
from stats.disclosure.issued.recalling import Issued, recalled
from stats.disclosure.issued.record import Record, damaged

__all__ = ["PLACE", "Issued", "Record", "damaged", "next_record", "read", "recalled"]
